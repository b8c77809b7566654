// Langmuir's kinetics and what has grown from it.
#include <cmath>
#include <utility>

#include "problems/chromatography/law_table.hpp"

namespace kroma::chromatography {
namespace {

using List = LawBuilder::List;

Sorption linear(LawBuilder& b) {
  b.bind_from(0);
  b.sorption().linear = true;
  return b.with(LinearKinetics{b.states(), b.list(b.binding().adsorption_rate), b.list(b.binding().desorption_rate)});
}

/// k_a of affinities: k_a = b k_d.
double const* adsorption_of(LawBuilder& b) {
  auto k = b.affinities();
  auto const desorption = b.values(b.binding().desorption_rate);
  for (std::size_t s = 0; s < k.size(); ++s) k[s] *= desorption[s];
  return b.keep(std::move(k));
}

/// On all kinds of sites that the capacities have.
Sorption langmuir(LawBuilder& b) {
  auto const& p = b.binding();
  b.bind_adsorbed(0);
  auto weight = b.inverse(p.capacity);
  auto const sign = b.values(p.sign);
  for (std::size_t s = 0; s < weight.size(); ++s) weight[s] *= sign[s];
  return b.with(LangmuirKinetics{b.states(), adsorption_of(b), b.list(p.desorption_rate), b.list(p.capacity),
                                 b.keep(std::move(weight)), b.sites()});
}

/// k_d (c_0 / c_ref)^beta as k_d' c_0^beta, weights without the states that are linear.
Sorption modulated(LawBuilder& b, List const& activation) {
  auto const& p = b.binding();
  b.bind_adsorbed(1);
  auto const competes = b.values(p.competes), heated = b.values(activation, 0);
  auto gamma = b.values(p.salting, 0), beta = b.values(p.elution), weight = b.inverse(p.capacity);
  auto adsorption = b.affinities(), desorption = b.values(p.desorption_rate);
  std::vector<int> site(b.bound(), 0);  // what is linear has one of its own
  for (std::size_t s = 0; s < b.bound(); ++s) {
    adsorption[s] *= desorption[s];
    if (heated[s] != 0) adsorption[s] *= std::exp(heated[s] / *p.temperature);
    if (competes[s] == 0) {
      weight[s] = gamma[s] = beta[s] = 0;
      site[s] = static_cast<int>(s) + 1;
    }
    desorption[s] *= std::pow(p.reference_concentration, -beta[s]);
  }
  return b.with(ModulatedKinetics{b.states(), b.keep(std::move(adsorption)), b.keep(std::move(desorption)),
                                  b.list(p.capacity), b.keep(std::move(weight)), b.keep(std::move(gamma)),
                                  b.keep(std::move(beta)), b.sorption().keep(std::move(site))});
}
Sorption mobile_phase_modulator(LawBuilder& b) { return modulated(b, {}); }
Sorption kumar(LawBuilder& b) { return modulated(b, b.binding().activation); }

Sorption self_association(LawBuilder& b) {
  auto const& p = b.binding();
  b.bind_adsorbed(0);
  auto const* adsorption = adsorption_of(b);
  auto pairing = b.values(p.pairing);
  for (std::size_t s = 0; s < pairing.size(); ++s) pairing[s] *= adsorption[s];
  return b.with(SelfAssociationKinetics{b.states(), adsorption, b.keep(std::move(pairing)), b.list(p.desorption_rate),
                                        b.list(p.capacity), b.keep(b.inverse(p.capacity)), b.sites()});
}

/// The lists' kinds of sites are the two orientations here, which stand side by side and share one surface.
Sorption spreading(LawBuilder& b) {
  auto const& p = b.binding();
  for (std::size_t i = 0; i < b.count(); ++i) {
    if (p.capacity[i] == 0) continue;
    b.bind(i, 0);
    b.bind(i, 1);
  }
  auto const forth = b.values(p.spreading_rate), back = b.values(p.return_rate);
  List turn;
  for (std::size_t s = 0; s < b.bound(); ++s) turn.push_back(s % 2 == 0 ? forth[s] : back[s]);
  int const* one_surface = b.sorption().keep(std::vector<int>(b.bound(), 0));
  return b.with(SpreadingKinetics{b.states(), adsorption_of(b), b.list(p.desorption_rate), b.list(p.capacity),
                                  b.keep(b.inverse(p.capacity)), b.keep(std::move(turn)), one_surface});
}

Sorption sips_kinetics(LawBuilder& b) {
  auto const& p = b.binding();
  b.bind_adsorbed(0);
  return b.with(SipsKinetics{b.states(), b.keep(b.product(p.adsorption_rate, p.capacity)), b.list(p.desorption_rate),
                             b.keep(b.inverse(p.capacity)), b.list(p.exponent), p.reference_concentration,
                             kPowerThreshold, b.sites()});
}

Sorption saska(LawBuilder& b) {
  b.bind_from(0);
  return b.with(
      SaskaKinetics{b.states(), b.list(b.binding().rate), b.list(b.binding().henry), b.rows(b.binding().interactions)});
}

Sorption titration(LawBuilder& b) {
  auto const& p = b.binding();
  b.bind_adsorbed(1);
  auto adsorption = b.affinities();
  auto const scale = b.product(p.desorption_rate, p.capacity);
  for (std::size_t s = 0; s < adsorption.size(); ++s) adsorption[s] *= scale[s];
  return b.with(TitrationKinetics{b.states(), b.keep(std::move(adsorption)), b.list(p.desorption_rate),
                                  b.keep(b.inverse(p.capacity)), b.list(p.capacity_steepness),
                                  b.list(p.capacity_midpoint), b.list(p.affinity_steepness),
                                  b.list(p.affinity_midpoint), b.sites(), p.modulator == Modulator::logarithm});
}

void check_sign(Binding const& b, std::size_t, deck::Where const& where) {
  for (double x : b.sign) {
    if (x != 1 && x != -1) return where.mistake("binding.sign", "must be 1 or -1");
  }
}

void check_elution(Binding const& b, std::size_t, deck::Where const& where) {
  for (double beta : b.elution) {
    if (beta > 0 && beta < 1) return where.mistake("binding.elution", "must be 0, or at least 1");
  }
  for (double x : b.competes) {
    if (x != 0 && x != 1) return where.mistake("binding.competes", "must be 0 or 1");
  }
}

void check_midpoints(Binding const& b, std::size_t, deck::Where const& where) {
  if (b.modulator == Modulator::logarithm) return;
  for (auto const* list : {&b.capacity_midpoint, &b.affinity_midpoint}) {
    for (std::size_t i = 1; i < list->size(); ++i) {
      if (!((*list)[i] > 0)) {
        auto const* key = list == &b.capacity_midpoint ? "binding.capacity_midpoint" : "binding.affinity_midpoint";
        return where.mistake(key, "must be above 0 for a modulator that is a concentration [mol/m^3]");
      }
    }
  }
}

}  // namespace

std::vector<LawEntry> langmuir_laws() {
  std::vector<std::string_view> const warm{"heat", "temperature", "reference_temperature"}, off{"desorption_rate"};
  auto const with = [&](std::vector<std::string_view> more) {
    more.insert(more.end(), warm.begin(), warm.end());
    return more;
  };
  return {
      {Law::linear, "linear", "rates linear in both phases", {"adsorption_rate", "desorption_rate"}, linear},
      {Law::langmuir, "langmuir", "Langmuir kinetics", {"capacity", "affinity"}, langmuir, warm, off},
      {Law::bi_langmuir,
       "bi_langmuir",
       "Langmuir kinetics on two kinds of sites, or on more, given by longer lists",
       {"capacity", "affinity"},
       langmuir,
       with({"second_capacity", "second_affinity"}),
       off,
       0,
       ListShape::sites},
      {Law::anti_langmuir,
       "anti_langmuir",
       "Langmuir kinetics with components that make room for others",
       {"capacity", "affinity", "sign"},
       langmuir,
       warm,
       off,
       0,
       ListShape::components,
       check_sign},
      {Law::kumar,
       "kumar",
       "Langmuir kinetics with affinity * exp(activation / temperature), eluted by the first component",
       {"capacity", "affinity", "activation", "temperature", "elution"},
       kumar,
       {"reference_concentration"},
       off,
       1,
       ListShape::components,
       check_elution},
      {Law::mobile_phase_modulator,
       "mobile_phase_modulator",
       "Langmuir kinetics modulated by the first component",
       {"capacity", "affinity", "salting", "elution"},
       mobile_phase_modulator,
       with({"reference_concentration"}),
       off,
       1,
       ListShape::components,
       check_elution},
      {Law::extended_mobile_phase_modulator,
       "extended_mobile_phase_modulator",
       "the same, with components that are linear and not modulated",
       {"capacity", "affinity", "salting", "elution", "competes"},
       mobile_phase_modulator,
       with({"reference_concentration"}),
       off,
       1,
       ListShape::components,
       check_elution},
      {Law::self_association,
       "self_association",
       "Langmuir kinetics with adsorption on adsorbed molecules",
       {"capacity", "affinity", "pairing"},
       self_association,
       warm,
       off},
      {Law::spreading,
       "spreading",
       "two orientations on one surface, which turn into one another; lists give all first orientations, then all "
       "second",
       {"capacity", "affinity", "desorption_rate", "spreading_rate", "return_rate"},
       spreading,
       warm,
       {},
       0,
       ListShape::sites},
      {Law::sips_kinetics,
       "sips_kinetics",
       "Langmuir kinetics with adsorption as (c / reference)^exponent",
       {"adsorption_rate", "capacity", "exponent", "desorption_rate"},
       sips_kinetics,
       {"reference_concentration"},
       {},
       0,
       ListShape::components,
       check_roots},
      {Law::saska,
       "saska",
       "rate * (henry c + sum of interactions c c_j - q)",
       {"henry"},
       saska,
       {"interactions"},
       {"rate"}},
      {Law::affinity_complex_titration,
       "affinity_complex_titration",
       "Langmuir kinetics with capacities and affinities titrated by the first component",
       {"capacity", "affinity", "capacity_midpoint", "capacity_steepness", "affinity_midpoint", "affinity_steepness"},
       titration,
       warm,
       off,
       1,
       ListShape::components,
       check_midpoints},
  };
}

}  // namespace kroma::chromatography
