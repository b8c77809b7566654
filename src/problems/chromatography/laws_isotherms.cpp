// Isotherms that a linear driving force approaches.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/chromatography/law_table.hpp"

namespace kroma::chromatography {
namespace {

using List = LawBuilder::List;

/// The driving force towards an isotherm in b c; with a temperature, its affinities change with that.
template <class Isotherm>
Sorption maybe_warm(LawBuilder& b, Isotherm isotherm) {
  if (!b.with_temperature()) return b.towards(isotherm);
  isotherm.components -= 1;
  VantHoff const heat{b.keep(b.energies()), isotherm.components, b.reference_temperature()};
  return b.towards(WarmIsotherm<Isotherm>{b.states(), isotherm, heat});
}

/// Capacities and affinities are (sites, bound) for these kernels, a state for each component.
struct BySite {
  int sites;
  double const *capacity, *affinity, *energy;
};
BySite by_site(LawBuilder& b) {
  auto const& p = b.binding();
  std::size_t const n = b.count(), sites = p.capacity.size() / n;
  for (std::size_t i = 0; i < n; ++i) {
    bool adsorbed = false;
    for (std::size_t s = 0; s < sites; ++s) adsorbed = adsorbed || p.capacity[s * n + i] > 0;
    if (adsorbed) b.bind(i);
  }
  auto const e = b.energies();
  double const t0 = b.reference_temperature(), t = b.with_temperature() ? t0 : p.temperature.value_or(t0);
  List capacity, affinity, energy;
  for (std::size_t s = 0; s < sites; ++s) {
    for (int component : b.sorption().component) {
      auto const i = static_cast<std::size_t>(component);
      energy.push_back(e[e.size() > n ? s * n + i : i]);
      capacity.push_back(p.capacity[s * n + i]);
      affinity.push_back(p.affinity[p.affinity.size() > n ? s * n + i : i] *
                         std::exp(energy.back() * (1 / t - 1 / t0)));
    }
  }
  return {static_cast<int>(sites), b.keep(std::move(capacity)), b.keep(std::move(affinity)), b.keep(std::move(energy))};
}

Sorption langmuir(LawBuilder& b) {
  auto const k = by_site(b);
  LangmuirIsotherm isotherm{b.states(), k.sites, k.capacity, k.affinity};
  if (b.with_temperature()) {
    isotherm.heat = {k.energy, isotherm.components - 1, b.reference_temperature()};
  }
  return b.towards(isotherm);
}

Sorption langmuir_liquid(LawBuilder& b) {
  b.bind_adsorbed(0);
  return b.with(LangmuirLiquidDrivingForce{b.states(), b.list(b.binding().rate), b.list(b.binding().capacity),
                                           b.keep(b.affinities())});
}

Sorption sips(LawBuilder& b) {
  b.bind_adsorbed(0);
  return maybe_warm(b, SipsIsotherm{b.states(), b.list(b.binding().capacity), b.keep(b.affinities()),
                                    b.list(b.binding().exponent), kPowerThreshold});
}

Sorption multicomponent_freundlich(LawBuilder& b) {
  auto const& p = b.binding();
  b.bind_adsorbed(0);
  return b.towards(CompetitiveFreundlich{b.states(), b.list(p.capacity), b.list(p.exponent), b.rows(p.competition),
                                         p.offset.value_or(1e-10)});
}

template <class Curve>
PureIsotherm<Curve> alone(LawBuilder& b, Curve curve) {
  return {b.states(), curve};
}

Sorption freundlich(LawBuilder& b) {
  b.bind_adsorbed(0);
  return b.towards(
      alone(b, FreundlichCurve{b.list(b.binding().capacity), b.list(b.binding().exponent), kPowerThreshold}));
}
Sorption toth(LawBuilder& b) {
  b.bind_adsorbed(0);
  return maybe_warm(b, alone(b, TothCurve{b.list(b.binding().capacity), b.keep(b.affinities()),
                                          b.list(b.binding().exponent), kPowerThreshold}));
}
/// b_2 is of two molecules: it changes with temperature by twice the heat.
double const* pair_affinities(LawBuilder& b) {
  auto const warm = b.warmth();
  auto pair = b.values(b.binding().pair_affinity);
  for (std::size_t k = 0; k < pair.size(); ++k) pair[k] *= warm[k] * warm[k];
  return b.keep(std::move(pair));
}
Sorption quadratic(LawBuilder& b) {
  b.bind_adsorbed(0);
  return b.towards(alone(b, QuadraticCurve{b.list(b.binding().capacity), b.keep(b.affinities()), pair_affinities(b)}));
}
Sorption bet(LawBuilder& b) {
  b.bind_adsorbed(0);
  return b.towards(
      alone(b, BetCurve{b.list(b.binding().capacity), b.keep(b.affinities()), b.list(b.binding().second_affinity)}));
}
Sorption dubinin_astakhov(LawBuilder& b) {
  auto const& p = b.binding();
  b.bind_adsorbed(0);
  return b.towards(alone(b, DubininAstakhovCurve{b.list(p.capacity), b.list(p.saturation), b.list(p.steepness),
                                                 b.list(p.exponent), kPowerThreshold}));
}
Sorption temkin(LawBuilder& b) {
  b.bind_adsorbed(0);
  return b.towards(
      alone(b, TemkinCurve{b.list(b.binding().capacity), b.keep(b.affinities()), b.list(b.binding().interaction)}));
}

Sorption virial(LawBuilder& b) {
  auto const& p = b.binding();
  for (std::size_t i = 0; i < b.count(); ++i) {
    if (p.henry[i] > 0) b.bind(i);
  }
  VirialCurve const curve{b.list(p.henry), b.list(p.virial_first, 0), b.list(p.virial_second, 0)};
  return b.with(LiquidDrivingForce<VirialCurve>{b.states(), curve, b.list(p.rate)});
}

template <class Pure>
IdealAdsorbedSolution<Pure> mixture(LawBuilder& b, Pure pure) {
  return {b.states(), pure, 1e-12};
}

Sorption iast(LawBuilder& b) {
  auto const& p = b.binding();
  if (p.pure == Pure::langmuir) {
    auto const k = by_site(b);
    return maybe_warm(b, mixture(b, LangmuirPure{k.sites, static_cast<int>(b.bound()), k.capacity, k.affinity}));
  }
  b.bind_adsorbed(0);
  auto const* capacity = b.list(p.capacity);
  auto const* exponent = b.list(p.exponent);
  switch (p.pure) {
    case Pure::sips:
      return b.towards(mixture(b, SipsPure{capacity, b.keep(b.affinities()), exponent}));
    case Pure::toth:
      return b.towards(mixture(b, TothPure{capacity, b.keep(b.affinities()), exponent}));
    case Pure::freundlich:
      return b.towards(mixture(b, FreundlichPure{capacity, exponent}));
    default:
      return b.towards(mixture(b, QuadraticPure{capacity, b.keep(b.affinities()), pair_affinities(b)}));
  }
}

void check_astakhov(Binding const& b, std::size_t, deck::Where const& where) {
  if (std::any_of(b.exponent.begin(), b.exponent.end(), [](double m) { return m < 1; })) {
    where.mistake("binding.exponent", "must be at least 1 for dubinin_astakhov");
  }
}

void check_positive(Binding::List const& list, char const* key, deck::Where const& where) {
  if (std::any_of(list.begin(), list.end(), [](double x) { return !(x > 0); })) {
    where.mistake(fmt::format("binding.{}", key), "must be above 0 for a driving force in the liquid");
  }
}
void check_liquid(Binding const& b, std::size_t, deck::Where const& where) {
  check_positive(b.affinity, "affinity", where);
}

/// The isotherms of pure components take different parameters.
void check_pure(Binding const& b, std::size_t components, deck::Where const& where) {
  bool const root = b.pure == Pure::sips || b.pure == Pure::toth || b.pure == Pure::freundlich;
  bool const quadratic = b.pure == Pure::quadratic, langmuir = b.pure == Pure::langmuir;
  auto const only = [&](Binding::List const& list, char const* key, bool takes, bool needs) {
    if (list.empty() && needs) where.mistake(fmt::format("binding.{}", key), "missing; these pure isotherms need it");
    if (!list.empty() && !takes)
      where.mistake(fmt::format("binding.{}", key), "is not a parameter of these pure isotherms");
  };
  only(b.affinity, "affinity", b.pure != Pure::freundlich, b.pure != Pure::freundlich);
  only(b.exponent, "exponent", root, root);
  only(b.pair_affinity, "pair_affinity", quadratic, quadratic);
  only(b.second_capacity, "second_capacity", langmuir, false);
  only(b.third_capacity, "third_capacity", langmuir, false);
  if (root) check_roots(b, components, where);
  if (components > 16) where.mistake("binding.model", "iast takes at most 16 components");
}

void check_competition(Binding const& b, std::size_t, deck::Where const& where) {
  check_roots(b, 0, where);
  if (b.offset && !(*b.offset > 0)) where.mistake("binding.offset", "must be above 0 [mol/m^3]");
}

}  // namespace

std::vector<LawEntry> isotherm_laws() {
  using Keys = std::vector<std::string_view>;
  Keys const rate{"rate"}, warm{"heat", "temperature", "reference_temperature"}, both{"capacity", "affinity"};
  auto const with = [](Keys a, Keys const& more) {
    a.insert(a.end(), more.begin(), more.end());
    return a;
  };
  auto const shape = ListShape::components;
  return {
      {Law::langmuir_driving_force, "langmuir_driving_force", "driving force towards Langmuir's isotherm", both,
       langmuir, warm, rate},
      {Law::langmuir_liquid_driving_force, "langmuir_liquid_driving_force",
       "the same in the liquid, rate * (c - c*(q))", both, langmuir_liquid, warm, rate, 0, shape, check_liquid},
      {Law::dual_site_langmuir, "dual_site_langmuir", "driving force towards Langmuir's isotherm on two kinds of sites",
       with(both, {"second_capacity", "second_affinity"}), langmuir, warm, rate, 0, ListShape::sites},
      {Law::triple_site_langmuir, "triple_site_langmuir", "on three kinds",
       with(both, {"second_capacity", "second_affinity", "third_capacity", "third_affinity"}), langmuir, warm, rate, 0,
       ListShape::sites},
      {Law::sips, "sips", "towards Sips's (Langmuir-Freundlich)", with(both, {"exponent"}), sips, warm, rate, 0, shape,
       check_roots},
      {Law::freundlich,
       "freundlich",
       "towards Freundlich's",
       {"capacity", "exponent"},
       freundlich,
       {},
       rate,
       0,
       shape,
       check_roots},
      {Law::multicomponent_freundlich,
       "multicomponent_freundlich",
       "towards capacity c (sum of competition c_j + offset)^(exponent - 1)",
       {"capacity", "exponent", "competition"},
       multicomponent_freundlich,
       {"offset"},
       rate,
       0,
       shape,
       check_competition},
      {Law::toth, "toth", "towards Toth's", with(both, {"exponent"}), toth, warm, rate, 0, shape, check_roots},
      {Law::quadratic, "quadratic", "towards the quadratic isotherm of Hill", with(both, {"pair_affinity"}), quadratic,
       warm, rate},
      {Law::bet, "bet", "towards that of Brunauer, Emmett and Teller", with(both, {"second_affinity"}), bet, warm,
       rate},
      {Law::dubinin_astakhov,
       "dubinin_astakhov",
       "towards that of Dubinin and Astakhov",
       {"capacity", "saturation", "steepness", "exponent"},
       dubinin_astakhov,
       {},
       rate,
       0,
       shape,
       check_astakhov},
      {Law::temkin, "temkin", "towards Temkin's", with(both, {"interaction"}), temkin, warm, rate},
      {Law::virial,
       "virial",
       "driving force in the liquid to c* = q / henry exp(virial_first q + virial_second q^2)",
       {"henry", "virial_first"},
       virial,
       {"virial_second"},
       rate},
      {Law::iast,
       "iast",
       "driving force towards the ideal adsorbed solution of components whose isotherms `pure` names",
       {"capacity"},
       iast,
       with(warm, {"affinity", "exponent", "pair_affinity", "second_capacity", "second_affinity", "third_capacity",
                   "third_affinity"}),
       rate,
       0,
       ListShape::sites,
       check_pure},
  };
}

}  // namespace kroma::chromatography
