#include "problems/chromatography/binding.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kroma::chromatography {
namespace {

using List = std::vector<double> Binding::*;

std::vector<std::pair<std::string, Law>> const kLaws{{"linear", Law::linear},
                                                     {"langmuir", Law::langmuir},
                                                     {"bi_langmuir", Law::bi_langmuir},
                                                     {"mobile_phase_modulator", Law::mobile_phase_modulator},
                                                     {"self_association", Law::self_association},
                                                     {"steric_mass_action", Law::steric_mass_action},
                                                     {"dual_site_langmuir", Law::dual_site_langmuir},
                                                     {"sips", Law::sips},
                                                     {"freundlich", Law::freundlich},
                                                     {"toth", Law::toth},
                                                     {"bet", Law::bet},
                                                     {"dubinin_astakhov", Law::dubinin_astakhov},
                                                     {"temkin", Law::temkin},
                                                     {"iast", Law::iast}};

std::vector<Law> const kKinetic{Law::langmuir, Law::bi_langmuir, Law::mobile_phase_modulator, Law::self_association};
std::vector<Law> const kDriven{Law::dual_site_langmuir, Law::sips,  Law::freundlich, Law::toth, Law::bet, Law::iast,
                               Law::dubinin_astakhov,   Law::temkin};
std::vector<Law> const kTwoSites{Law::bi_langmuir, Law::dual_site_langmuir, Law::bet, Law::iast};

std::vector<Law> operator+(std::vector<Law> a, std::vector<Law> const& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
std::vector<Law> without(std::vector<Law> laws, std::vector<Law> const& some) {
  std::erase_if(laws, [&](Law law) { return std::find(some.begin(), some.end(), law) != some.end(); });
  return laws;
}

enum class Range { positive, not_negative, unit, any };

/// A parameter per component: the laws that need it.
struct Parameter {
  char const* key;
  List list;
  char const* unit;
  Range range;
  std::vector<Law> laws;
  char const* doc;
};

std::vector<Parameter> const& parameters() {
  static std::vector<Parameter> const list{
      {"adsorption_rate",
       &Binding::adsorption_rate,
       "1/s",
       Range::not_negative,
       {Law::linear, Law::steric_mass_action},
       "Rate constant of adsorption, per component"},
      {"desorption_rate", &Binding::desorption_rate, "1/s", Range::positive,
       kKinetic + std::vector<Law>{Law::linear, Law::steric_mass_action}, "Rate constant of desorption, per component"},
      {"rate", &Binding::rate, "1/s", Range::positive, kDriven, "Linear driving force dq/dt = rate * (q* - q)"},
      {"capacity", &Binding::capacity, "mol/m^3", Range::not_negative, kKinetic + kDriven,
       "Loading of a full surface, per stationary phase (freundlich: loading at 1 mol/m^3); 0: is not adsorbed"},
      {"affinity", &Binding::affinity, "m^3/mol", Range::not_negative,
       kKinetic + without(kDriven, {Law::freundlich, Law::dubinin_astakhov}),
       "Slope of the isotherm at zero / capacity, in equilibrium"},
      {"second_capacity", &Binding::second_capacity, "mol/m^3", Range::not_negative, without(kTwoSites, {Law::bet}),
       "Capacity of the second kind of sites"},
      {"second_affinity", &Binding::second_affinity, "m^3/mol", Range::not_negative, kTwoSites,
       "Affinity of the second kind of sites (bet: of layers on the first)"},
      {"exponent",
       &Binding::exponent,
       "1",
       Range::positive,
       {Law::sips, Law::freundlich, Law::toth, Law::dubinin_astakhov},
       "sips, freundlich: 1/n at most 1; toth: t at most 1; dubinin_astakhov: m at least 1"},
      {"saturation",
       &Binding::saturation,
       "mol/m^3",
       Range::positive,
       {Law::dubinin_astakhov},
       "Concentration of the saturated gas"},
      {"steepness",
       &Binding::steepness,
       "1",
       Range::positive,
       {Law::dubinin_astakhov},
       "Gas constant * temperature / characteristic energy"},
      {"interaction", &Binding::interaction, "1", Range::any, {Law::temkin}, "Interaction of neighbours"},
      {"pairing",
       &Binding::pairing,
       "m^3/mol",
       Range::not_negative,
       {Law::self_association},
       "Adsorption on adsorbed molecules: affinity grows as 1 + pairing * c"},
      {"salting",
       &Binding::salting,
       "m^3/mol",
       Range::any,
       {Law::mobile_phase_modulator},
       "gamma: adsorption goes as exp(gamma * c) of the first component"},
      {"elution",
       &Binding::elution,
       "1",
       Range::not_negative,
       {Law::mobile_phase_modulator},
       "beta: desorption goes as (c / reference)^beta of the first component; 0, or at least 1"},
      {"charge",
       &Binding::charge,
       "1",
       Range::not_negative,
       {Law::steric_mass_action},
       "Characteristic charge nu, at least 1; of the salt, which comes first, it is not looked at"},
      {"shielding", &Binding::shielding, "1", Range::not_negative, {Law::steric_mass_action}, "Steric factor sigma"}};
  return list;
}

std::string name_of(Law law) {
  return std::find_if(kLaws.begin(), kLaws.end(), [&](auto const& row) { return row.second == law; })->first;
}

void check_range(Binding const& b, deck::Where const& where) {
  auto at_most_one = [&](double x) { return x <= 1; };
  auto at_least_one = [&](double x) { return x >= 1; };
  if (b.law == Law::dubinin_astakhov && !std::all_of(b.exponent.begin(), b.exponent.end(), at_least_one)) {
    where.mistake("binding.exponent", "must be at least 1 for dubinin_astakhov");
  }
  bool const root = b.law == Law::sips || b.law == Law::freundlich || b.law == Law::toth;
  if (root && !std::all_of(b.exponent.begin(), b.exponent.end(), at_most_one)) {
    where.mistake("binding.exponent", "must be at most 1 for " + name_of(b.law));
  }
  auto const proteins = b.charge.begin() + (b.charge.size() > 1 ? 1 : 0);
  if (b.law == Law::steric_mass_action && !std::all_of(proteins, b.charge.end(), at_least_one)) {
    where.mistake("binding.charge", "must be at least 1");
  }
  for (double beta : b.elution) {
    if (beta > 0 && beta < 1) where.mistake("binding.elution", "must be 0, or at least 1");
  }
}

}  // namespace

deck::Schema<Binding> binding_schema() {
  deck::Schema<Binding> s{"Sorption law, with parameters per component"};
  s.add("model", &Binding::law,
        "linear; Langmuir kinetics on one kind of sites, on two, modulated by the first component, with association; "
        "steric mass action with salt as the first component; and isotherms q* approached by a linear driving force: "
        "Langmuir on two kinds of sites, Sips, Freundlich, Toth, Brunauer-Emmett-Teller, Dubinin-Astakhov, Temkin, "
        "ideal adsorbed solution of dual-site Langmuir components")
      .choices(kLaws);
  s.add("kinetic", &Binding::kinetic, "false: the rates are so fast that q is in equilibrium with c everywhere");
  for (auto const& p : parameters()) {
    auto key = s.add(p.key, p.list, p.doc).unit(p.unit);
    if (p.range == Range::positive) key.above(0.0);
    if (p.range == Range::not_negative) key.at_least(0.0);
    key.or_single();
  }
  s.add("ionic_capacity", &Binding::ionic_capacity, "Lambda of steric_mass_action, per stationary phase")
      .unit("mol/m^3")
      .at_least(0.0);
  s.add("reference_concentration", &Binding::reference_concentration,
        "Unit of the concentrations that are raised to a power (steric_mass_action, mobile_phase_modulator, sips)")
      .unit("mol/m^3")
      .above(0.0);
  return s;
}

void check_binding(Binding const& b, std::size_t components, deck::Where const& where) {
  for (auto const& p : parameters()) {
    auto const& list = b.*p.list;
    auto const key = fmt::format("binding.{}", p.key);
    bool const takes = std::find(p.laws.begin(), p.laws.end(), b.law) != p.laws.end();
    if (list.empty()) {
      bool const optional = !b.kinetic && (p.list == &Binding::rate || p.list == &Binding::desorption_rate) &&
                            b.law != Law::linear && b.law != Law::steric_mass_action;
      bool const second = p.list == &Binding::second_capacity || p.list == &Binding::second_affinity;
      if (takes && !optional && !(b.law == Law::iast && second)) {
        where.mistake(key, fmt::format("missing; {} needs one value for each component", name_of(b.law)));
      }
      continue;
    }
    if (!takes) {
      std::vector<std::string> names;
      for (Law law : p.laws) names.push_back(name_of(law));
      where.mistake(key, fmt::format("is not a parameter of {}, but of {}", name_of(b.law), fmt::join(names, ", ")));
    } else if (list.size() != 1 && list.size() != components) {
      where.mistake(key, fmt::format("{} values for {} components", list.size(), components));
    }
  }
  if (b.law == Law::iast && components > 16) where.mistake("binding.model", "iast takes at most 16 components");
  bool const salt = b.law == Law::steric_mass_action || b.law == Law::mobile_phase_modulator;
  if (salt && components < 2) {
    where.mistake("binding.model", "the first component is the salt or modulator; at least one more is needed");
  }
  if (b.law == Law::steric_mass_action && !(b.ionic_capacity > 0)) {
    where.mistake("binding.ionic_capacity", "must be above 0 for steric_mass_action [mol/m^3]");
  }
  check_range(b, where);
}

Binding complete(Binding binding, std::size_t components) {
  for (auto const& p : parameters()) {
    auto& list = binding.*p.list;
    if (list.size() == 1) list.assign(components, list.front());
  }
  return binding;
}

}  // namespace kroma::chromatography
