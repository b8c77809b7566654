#include "problems/chromatography/binding.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "problems/chromatography/law_table.hpp"

namespace kroma::chromatography {
namespace {

using B = Binding;
using List = std::vector<double> B::*;
using Number = std::optional<double> B::*;
using Matrix = std::vector<std::vector<double>> B::*;

enum class Range { positive, not_negative, any };

/// A parameter of sorption laws; which take it is in the table of laws.
struct Parameter {
  char const* key;
  std::variant<List, Number, Matrix> member;
  char const* unit;
  Range range;
  char const* doc;
};

std::vector<Parameter> const& parameters() {
  constexpr auto positive = Range::positive, least_0 = Range::not_negative, any = Range::any;
  constexpr char const *loading = "mol/m^3", *inverse = "m^3/mol", *one = "1", *rate = "1/s";
  static std::vector<Parameter> const list{
      {"adsorption_rate", &B::adsorption_rate, rate, least_0, "Rate constant of adsorption"},
      {"desorption_rate", &B::desorption_rate, rate, positive, "Rate constant of desorption"},
      {"rate", &B::rate, rate, positive, "Linear driving force: dq/dt = rate * (q* - q)"},
      {"capacity", &B::capacity, loading, least_0,
       "Loading of a full surface, per stationary phase (freundlich: loading at 1 mol/m^3); 0: is not adsorbed"},
      {"affinity", &B::affinity, inverse, least_0, "Slope of the isotherm at zero / capacity, in equilibrium"},
      {"second_capacity", &B::second_capacity, loading, least_0, "Capacity of the second kind of sites"},
      {"second_affinity", &B::second_affinity, inverse, least_0,
       "Affinity of the second kind of sites (bet: of layers on the first)"},
      {"third_capacity", &B::third_capacity, loading, least_0, "Capacity of the third kind of sites"},
      {"third_affinity", &B::third_affinity, inverse, least_0, "Affinity of the third kind of sites"},
      {"sign", &B::sign, one, any, "1, or -1 for a component that makes room for others"},
      {"competes", &B::competes, one, any, "1, or 0 for a component that is linear and not modulated"},
      {"exponent", &B::exponent, one, positive,
       "Sips, Freundlich: 1/n at most 1; Toth: t at most 1; dubinin_astakhov: m at least 1"},
      {"henry", &B::henry, one, least_0, "Slope of the isotherm at zero"},
      {"interactions", &B::interactions, inverse, any, "Rows i of k_ij in c_i k_ij c_j of saska"},
      {"competition", &B::competition, one, least_0, "Rows i of a_ij of multicomponent_freundlich"},
      {"offset", &B::offset, loading, positive, "Of multicomponent_freundlich, small; 1e-10 by itself"},
      {"pair_affinity", &B::pair_affinity, "m^6/mol^2", least_0, "b_2 of the quadratic isotherm"},
      {"virial_first", &B::virial_first, inverse, any, "First coefficient of the virial isotherm"},
      {"virial_second", &B::virial_second, "m^6/mol^2", any, "Second coefficient of the virial isotherm"},
      {"saturation", &B::saturation, loading, positive, "Concentration of the saturated gas"},
      {"steepness", &B::steepness, one, positive, "Gas constant * temperature / characteristic energy"},
      {"interaction", &B::interaction, one, any, "Interaction of neighbours"},
      {"pairing", &B::pairing, inverse, least_0, "Adsorption on adsorbed molecules: it grows as 1 + pairing * c"},
      {"spreading_rate", &B::spreading_rate, "m^3/mol/s", least_0, "From the first orientation to the second"},
      {"return_rate", &B::return_rate, rate, least_0, "From the second orientation to the first"},
      {"salting", &B::salting, inverse, any, "gamma: adsorption goes as exp(gamma * c) of the first component"},
      {"elution", &B::elution, one, least_0,
       "beta: desorption goes as (c / reference)^beta of the first component; 0, or at least 1"},
      {"activation", &B::activation, "K", any, "Activation energy of adsorption / gas constant"},
      {"capacity_midpoint", &B::capacity_midpoint, one, any, "Modulator (pH, or mol/m^3) at half the capacity"},
      {"capacity_steepness", &B::capacity_steepness, one, any, "Hill's coefficient of the capacity"},
      {"affinity_midpoint", &B::affinity_midpoint, one, any, "Modulator (pH, or mol/m^3) at half the affinity"},
      {"affinity_steepness", &B::affinity_steepness, one, any, "Hill's coefficient of the affinity"},
      {"charge", &B::charge, one, least_0,
       "Characteristic charge nu, at least 1; of the salt, which comes first, it is not looked at"},
      {"charge_slope", &B::charge_slope, one, any, "Change of the charge with the second component"},
      {"charge_curvature", &B::charge_curvature, one, any, "Change with its square"},
      {"shielding", &B::shielding, one, least_0, "Steric factor sigma"},
      {"adsorption_slope", &B::adsorption_slope, one, any, "Change of ln adsorption_rate with the second component"},
      {"adsorption_curvature", &B::adsorption_curvature, one, any, "Change with its square"},
      {"adsorption_salt", &B::adsorption_salt, one, any,
       "Change of ln adsorption_rate with salt / reference (unified_hydrophobic: with salt, m^3/mol)"},
      {"adsorption_protein", &B::adsorption_protein, inverse, any, "Change with the component itself"},
      {"desorption_slope", &B::desorption_slope, one, any, "Change of ln desorption_rate with the second component"},
      {"desorption_curvature", &B::desorption_curvature, one, any, "Change with its square"},
      {"desorption_salt", &B::desorption_salt, one, any, "Change with salt / reference"},
      {"desorption_protein", &B::desorption_protein, inverse, any, "Change with the component itself"},
      {"states", &B::states, one, least_0, "Bound states of each component, 0 of the salt"},
      {"conversion_rate", &B::conversion_rate, rate, least_0,
       "Between the states of a component: a row from each, with a column to each; component after component"},
      {"site_capacity", &B::site_capacity, loading, positive, "Ionic capacity of each kind of sites"},
      {"bound_reference", &B::bound_reference, loading, positive,
       "Unit of bound salt that is raised to a power; reference_concentration by itself"},
      {"ligands", &B::ligands, one, least_0, "Number of ligands that a molecule takes, at least 1"},
      {"ligand_slope", &B::ligand_slope, one, any, "Its change with the second component"},
      {"water", &B::water, one, any, "beta_0 in beta = beta_0 exp(beta_1 c) of the first component"},
      {"water_salting", &B::water_salting, inverse, any, "beta_1"},
      {"crowding", &B::crowding, inverse, any, "eps: desorption goes as q (1 + eps q)"},
      {"salt_volume", &B::salt_volume, inverse, least_0, "rho: desorption goes as exp((rho c)^(ligands beta))"},
      {"modulator_reference", &B::modulator_reference, one, any,
       "Where the second component changes nothing; 0 by itself"},
      {"equilibrium_factor", &B::equilibrium_factor, one, any,
       "ln K = p^modulator (factor c^-power + growth exp(rate c)) of salt c and the second component p"},
      {"equilibrium_power", &B::equilibrium_power, one, any, "See equilibrium_factor"},
      {"equilibrium_growth", &B::equilibrium_growth, one, any, "See equilibrium_factor"},
      {"equilibrium_rate", &B::equilibrium_rate, inverse, any, "See equilibrium_factor"},
      {"equilibrium_modulator", &B::equilibrium_modulator, one, any, "See equilibrium_factor"},
      {"repulsion_factor", &B::repulsion_factor, one, any,
       "b = p^modulator (factor c^power + growth exp(rate c)) of salt c and the second component p"},
      {"repulsion_power", &B::repulsion_power, one, any, "See repulsion_factor"},
      {"repulsion_growth", &B::repulsion_growth, one, any, "See repulsion_factor"},
      {"repulsion_rate", &B::repulsion_rate, inverse, any, "See repulsion_factor"},
      {"repulsion_modulator", &B::repulsion_modulator, one, any, "See repulsion_factor"},
      {"molecule_radius", &B::molecule_radius, "m", positive, "Radius of a molecule"},
      {"surface", &B::surface, "1/m", positive, "Surface / volume of the stationary phase"},
      {"coordination", &B::coordination, one, positive, "Neighbours on the lattice; 6 by itself"},
      {"debye_factor", &B::debye_factor, "m", least_0, "Screening length = factor * c^power + constant of salt c"},
      {"debye_power", &B::debye_power, one, any, "See debye_factor"},
      {"debye_constant", &B::debye_constant, "m", least_0, "See debye_factor"},
      {"heat", &B::heat, "J/mol", any,
       "Heat of adsorption: affinities go as exp(heat / R (1 / temperature - 1 / reference_temperature))"},
      {"temperature", &B::temperature, "K", positive, "Temperature of a column without energy balance"},
      {"reference_temperature", &B::reference_temperature, "K", positive,
       "Temperature that affinities are for; 298.15 K by itself"}};
  return list;
}

template <class Key>
void limit(Key key, Range range) {
  if (range == Range::positive) key.above(0.0);
  if (range == Range::not_negative) key.at_least(0.0);
}

struct Declare {
  deck::Schema<B>& schema;
  Parameter const& p;

  void operator()(List list) const {
    auto key = schema.add(p.key, list, p.doc).unit(p.unit);
    limit(key, p.range);
    key.or_single();
  }
  void operator()(Number number) const { limit(schema.add(p.key, number, p.doc).unit(p.unit), p.range); }
  void operator()(Matrix matrix) const { limit(schema.add(p.key, matrix, p.doc).unit(p.unit), p.range); }
};

std::string models() {
  std::vector<std::string> lines;
  for (auto const& entry : law_table()) lines.push_back(fmt::format("{}: {}", entry.name, entry.doc));
  return fmt::format("{}", fmt::join(lines, "; "));
}

bool is_empty(B const& b, Parameter const& p) {
  return std::visit(
      [&](auto member) {
        if constexpr (std::is_same_v<decltype(member), Number>) {
          return !(b.*member).has_value();
        } else {
          return (b.*member).empty();
        }
      },
      p.member);
}

bool has(std::vector<std::string_view> const& list, std::string_view key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

void check_given(B const& b, Parameter const& p, LawEntry const& law, deck::Where const& where) {
  auto const key = fmt::format("binding.{}", p.key);
  bool const given = !is_empty(b, p);
  if (given && !law.takes(p.key)) {
    std::vector<std::string> names;
    for (auto const& other : law_table()) {
      if (other.takes(p.key)) names.emplace_back(other.name);
    }
    where.mistake(key, fmt::format("is not a parameter of {}, but of {}", law.name, fmt::join(names, ", ")));
  }
  bool const needed = has(law.needs, p.key) || (b.kinetic && has(law.kinetic, p.key));
  if (!given && needed) {
    where.mistake(key, fmt::format("missing; {} needs {}", law.name,
                                   std::holds_alternative<List>(p.member) ? "one value for each component" : "it"));
  }
}

/// Lists whose lengths are not the number of components, and are looked at by the law's own check.
bool is_free(Parameter const& p) { return has({"site_capacity", "conversion_rate"}, p.key); }

std::size_t states_of(B const& b) {
  double sum = 0;
  for (double m : b.states) sum += m;
  return static_cast<std::size_t>(sum);
}

void check_length(B const& b, Parameter const& p, LawEntry const& law, std::size_t n, deck::Where const& where) {
  auto const key = fmt::format("binding.{}", p.key);
  if (auto const* list = std::get_if<List>(&p.member)) {
    auto const count = (b.**list).size();
    bool const states = law.shape == ListShape::states && *list != &B::states;
    if (count <= 1 || is_free(p) || (!states && count == n) || (states && count == states_of(b))) return;
    if (law.shape == ListShape::sites && count % n == 0) return;
    where.mistake(key, states ? fmt::format("{} values for {} bound states", count, states_of(b))
                              : fmt::format("{} values for {} components", count, n));
  } else if (auto const* matrix = std::get_if<Matrix>(&p.member)) {
    auto const& rows = b.**matrix;
    bool const square =
        rows.size() == n && std::all_of(rows.begin(), rows.end(), [&](auto const& row) { return row.size() == n; });
    if (!rows.empty() && !square) where.mistake(key, fmt::format("must have {} rows of {} values", n, n));
  }
}

/// Lists by sites: capacities and affinities of as many kinds.
void check_kinds(B const& b, LawEntry const& law, std::size_t n, deck::Where const& where) {
  if (law.shape != ListShape::sites || b.capacity.empty()) return;
  bool const more = !b.second_capacity.empty() || !b.third_capacity.empty();
  if (more && (b.capacity.size() > n || b.affinity.size() > n)) {
    where.mistake("binding.second_capacity",
                  "given besides a capacity with values of several kinds of sites; give one of them");
  }
  if (b.second_capacity.empty() != b.second_affinity.empty() || b.third_capacity.empty() != b.third_affinity.empty() ||
      (b.second_capacity.empty() && !b.third_capacity.empty())) {
    where.mistake("binding.second_capacity", "each kind of sites needs a capacity and an affinity");
  }
  bool const two = law.law == Law::bi_langmuir || law.law == Law::spreading;
  if (two && !more && b.capacity.size() <= n) {
    where.mistake(law.law == Law::spreading ? "binding.capacity" : "binding.second_capacity",
                  fmt::format("missing; {} needs the capacities of two kinds", law.name));
  }
  if (law.law == Law::spreading && b.capacity.size() != 2 * n && b.capacity.size() > n) {
    where.mistake("binding.capacity", "needs values for two orientations");
  }
  if (b.affinity.size() > n && b.affinity.size() != b.capacity.size()) {
    where.mistake("binding.affinity",
                  fmt::format("{} values where the capacity has {}", b.affinity.size(), b.capacity.size()));
  }
}

}  // namespace

deck::Schema<Binding> binding_schema() {
  deck::Schema<Binding> s{"Sorption law, with parameters per component"};
  std::vector<std::pair<std::string, Law>> names;
  for (auto const& entry : law_table()) names.emplace_back(entry.name, entry.law);
  s.add("model", &Binding::law, models()).choices(std::move(names));
  s.add("kinetic", &Binding::kinetic, "false: the rates are so fast that q is in equilibrium with c everywhere");
  s.add("pure", &Binding::pure, "Isotherms of the components alone that iast makes its mixture of")
      .choices({{"langmuir", Pure::langmuir},
                {"sips", Pure::sips},
                {"toth", Pure::toth},
                {"freundlich", Pure::freundlich},
                {"quadratic", Pure::quadratic}});
  s.add("modulator", &Binding::modulator,
        "What the first component of affinity_complex_titration is: a negative decadic logarithm, as pH, or a "
        "concentration")
      .choices({{"logarithm", Modulator::logarithm}, {"concentration", Modulator::concentration}});
  for (auto const& p : parameters()) std::visit(Declare{s, p}, p.member);
  s.add("ionic_capacity", &Binding::ionic_capacity, "Lambda of steric mass action, per stationary phase")
      .unit("mol/m^3")
      .at_least(0.0);
  s.add("reference_concentration", &Binding::reference_concentration,
        "Unit of the concentrations that are raised to a power")
      .unit("mol/m^3")
      .above(0.0);
  return s;
}

void check_binding(Binding const& b, std::size_t components, deck::Where const& where) {
  auto const& law = entry_of(b.law);
  auto const before = where.mistakes();
  for (auto const& p : parameters()) {
    check_given(b, p, law, where);
    check_length(b, p, law, components, where);
  }
  check_kinds(b, law, components, where);
  if (components <= static_cast<std::size_t>(law.modulators)) {
    where.mistake("binding.model",
                  law.modulators == 1 ? "the first component is the salt or modulator; at least one more is needed"
                                      : "the first two components are salt and modulator; at least one more is needed");
  }
  if (!b.heat.empty() && !b.temperature) {
    where.mistake("binding.temperature", "missing; affinities change with it by their heat");
  }
  if (law.check != nullptr && where.mistakes() == before) law.check(b, components, where);
}

Binding complete(Binding b, std::size_t components) {
  auto const& law = entry_of(b.law);
  for (auto const& p : parameters()) {
    auto const* list = std::get_if<List>(&p.member);
    if (list == nullptr || is_free(p)) continue;
    bool const states = law.shape == ListShape::states && *list != &B::states;
    auto& values = b.**list;
    if (values.size() == 1) values.assign(states ? states_of(b) : components, values.front());
  }
  // kinds of sites one after the other; bet's second affinity is of something else
  for (auto const& [more, of] : {std::pair{&B::second_capacity, &B::capacity},
                                 {&B::second_affinity, &B::affinity},
                                 {&B::third_capacity, &B::capacity},
                                 {&B::third_affinity, &B::affinity}}) {
    if (law.shape != ListShape::sites) break;
    (b.*of).insert((b.*of).end(), (b.*more).begin(), (b.*more).end());
    (b.*more).clear();
  }
  return b;
}

}  // namespace kroma::chromatography
