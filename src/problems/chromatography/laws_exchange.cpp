// Ion exchange of proteins against salt, the first component.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "problems/chromatography/law_table.hpp"

namespace kroma::chromatography {
namespace {

using List = LawBuilder::List;

double bound_reference(Binding const& p) { return p.bound_reference.value_or(p.reference_concentration); }

List sum(List a, List const& b) {
  for (std::size_t k = 0; k < a.size(); ++k) a[k] += b[k];
  return a;
}

/// On the kinds of sites whose capacities are given.
Sorption steric(LawBuilder& b, List const& capacities) {
  auto const& p = b.binding();
  List capacity;
  for (std::size_t site = 0; site < capacities.size(); ++site) {
    for (std::size_t i = 1; i < b.count(); ++i) {
      b.bind(i, static_cast<int>(site));
      capacity.push_back(capacities[site]);
    }
  }
  auto const charge = b.values(p.charge);
  b.sorption().salt_exchange = charge;
  double const* pairing = p.pairing.empty() ? nullptr : b.keep(b.product(p.adsorption_rate, p.pairing));
  return b.with(StericMassAction{b.states(), b.list(p.adsorption_rate), b.list(p.desorption_rate), b.keep(charge),
                                 b.keep(sum(charge, b.values(p.shielding))), b.keep(std::move(capacity)),
                                 p.reference_concentration, bound_reference(p), b.sites(), pairing});
}
Sorption steric_mass_action(LawBuilder& b) { return steric(b, {b.binding().ionic_capacity}); }
Sorption bi_steric_mass_action(LawBuilder& b) { return steric(b, b.binding().site_capacity); }

/// Rates between states, from rows (from, to) of each component, as (bound, bound).
List turning(Binding const& p, std::size_t bound) {
  List k(bound * bound, 0.0);
  std::size_t first = 0, at = 0;
  for (double count : p.states) {
    auto const m = static_cast<std::size_t>(count);
    for (std::size_t e = 0; e < m * m; ++e, ++at) k[(first + e / m) * bound + first + e % m] = p.conversion_rate[at];
    first += m;
  }
  return k;
}

/// Lists are per state already.
Sorption multi_state(LawBuilder& b) {
  auto const& p = b.binding();
  for (std::size_t i = 1; i < b.count(); ++i) {
    for (int s = 0; s < static_cast<int>(p.states[i]); ++s) b.bind(i);
  }
  b.sorption().salt_exchange = p.charge;
  return b.with(MultiStateStericMassAction{b.states(), b.keep(p.adsorption_rate), b.keep(p.desorption_rate),
                                           b.keep(p.charge), b.keep(sum(p.charge, p.shielding)),
                                           b.keep(List(b.bound(), p.ionic_capacity)), b.keep(turning(p, b.bound())),
                                           p.reference_concentration, bound_reference(p), b.sites()});
}

Sorption generalised(LawBuilder& b) {
  auto const& p = b.binding();
  b.bind(0);
  b.bind_from(2);
  b.sorption().neutral = 0;
  auto const or_zero = [&](List const& list) { return b.list(list, 0); };
  GeneralisedIonExchange law{b.states(), {}, {}};
  law.adsorption = {b.list(p.adsorption_rate), or_zero(p.adsorption_slope), or_zero(p.adsorption_curvature),
                    or_zero(p.adsorption_salt), or_zero(p.adsorption_protein)};
  law.desorption = {b.list(p.desorption_rate), or_zero(p.desorption_slope), or_zero(p.desorption_curvature),
                    or_zero(p.desorption_salt), or_zero(p.desorption_protein)};
  law.charge = b.list(p.charge);
  law.charge_linear = or_zero(p.charge_slope);
  law.charge_quadratic = or_zero(p.charge_curvature);
  law.shielding = b.list(p.shielding);
  law.capacity = p.ionic_capacity;
  law.salt_reference = p.reference_concentration;
  law.bound_reference = bound_reference(p);
  return b.with(law);
}

Sorption colloidal(LawBuilder& b) {
  constexpr double avogadro = 6.02214076e23;
  auto const& p = b.binding();
  bool const modulated = !p.equilibrium_modulator.empty() || !p.repulsion_modulator.empty();
  b.bind_from(modulated ? 2 : 1);
  auto const or_zero = [&](List const& list) { return b.list(list, 0); };
  auto opposite = b.values(p.equilibrium_power, 0);
  for (double& x : opposite) x = -x;
  ColloidalKinetics law{b.states(),
                        b.list(p.rate),
                        b.list(p.molecule_radius),
                        {or_zero(p.equilibrium_factor), b.keep(opposite), or_zero(p.equilibrium_growth),
                         or_zero(p.equilibrium_rate), or_zero(p.equilibrium_modulator)},
                        {or_zero(p.repulsion_factor), or_zero(p.repulsion_power), or_zero(p.repulsion_growth),
                         or_zero(p.repulsion_rate), or_zero(p.repulsion_modulator)}};
  law.lattice = 2 * *p.surface / (avogadro * std::sqrt(3.0));
  law.coordination = p.coordination.value_or(6);
  law.debye_factor = p.debye_factor.value_or(0);
  law.debye_power = p.debye_power.value_or(0);
  law.debye_constant = p.debye_constant.value_or(0);
  law.modulated = modulated;
  return b.with(law);
}

void check_charges(Binding const& b, std::size_t, deck::Where const& where) {
  auto const proteins = b.charge.begin() + (b.charge.size() > 1 ? 1 : 0);
  if (std::any_of(proteins, b.charge.end(), [](double nu) { return nu < 1; })) {
    where.mistake("binding.charge", "must be at least 1");
  }
}

void check_ionic_capacity(Binding const& b, deck::Where const& where) {
  if (!(b.ionic_capacity > 0)) {
    where.mistake("binding.ionic_capacity", fmt::format("must be above 0 for {} [mol/m^3]", entry_of(b.law).name));
  }
}

void check_steric(Binding const& b, std::size_t n, deck::Where const& where) {
  check_charges(b, n, where);
  check_ionic_capacity(b, where);
}

void check_sites(Binding const& b, std::size_t n, deck::Where const& where) {
  std::size_t const kinds = b.site_capacity.size();
  if (kinds < 2) where.mistake("binding.site_capacity", "needs one value for each of several kinds of sites");
  for (auto const& [key, list] : {std::pair{"adsorption_rate", &b.adsorption_rate},
                                  {"desorption_rate", &b.desorption_rate},
                                  {"charge", &b.charge},
                                  {"shielding", &b.shielding}}) {
    if (list->size() <= n || list->size() == kinds * n) continue;
    where.mistake(fmt::format("binding.{}", key),
                  fmt::format("{} values for {} components on {} kinds of sites", list->size(), n, kinds));
  }
  for (std::size_t k = 0; b.charge.size() > 1 && k < b.charge.size(); ++k) {
    if (k % n != 0 && b.charge[k] < 1) return where.mistake("binding.charge", "must be at least 1");
  }
}

void check_states(Binding const& b, std::size_t n, deck::Where const& where) {
  check_ionic_capacity(b, where);
  double rates = 0;
  for (double m : b.states) {
    if (m != std::floor(m)) return where.mistake("binding.states", "must be whole numbers");
    rates += m * m;
  }
  if (b.states.size() == n && b.states[0] != 0)
    where.mistake("binding.states", "of the salt, which comes first, must be 0");
  if (b.states.size() == n && static_cast<double>(b.conversion_rate.size()) != rates) {
    where.mistake("binding.conversion_rate",
                  fmt::format("{} values where the states need {}: a square for each component",
                              b.conversion_rate.size(), rates));
  }
  if (std::any_of(b.charge.begin(), b.charge.end(), [](double nu) { return nu < 1; })) {
    where.mistake("binding.charge", "must be at least 1");
  }
}

void check_colloids(Binding const& b, std::size_t n, deck::Where const& where) {
  bool const modulated = !b.equilibrium_modulator.empty() || !b.repulsion_modulator.empty();
  if (n - (modulated ? 2 : 1) > ColloidalKinetics::most) {
    where.mistake("binding.model", fmt::format("colloidal takes at most {} proteins", ColloidalKinetics::most));
  }
  if (modulated && n < 3) {
    where.mistake("binding.model", "the first two components are salt and modulator; at least one more is needed");
  }
  if (!(b.debye_factor.value_or(0) > 0 || b.debye_constant.value_or(0) > 0)) {
    where.mistake("binding.debye_constant", "the screening length needs debye_factor or debye_constant above 0");
  }
}

}  // namespace

std::vector<LawEntry> exchange_laws() {
  std::vector<std::string_view> const references{"reference_concentration", "bound_reference"};
  return {
      {Law::steric_mass_action,
       "steric_mass_action",
       "ion exchange by steric mass action with salt as the first component; with pairing, of proteins that associate",
       {"adsorption_rate", "desorption_rate", "charge", "shielding", "ionic_capacity"},
       steric_mass_action,
       {"reference_concentration", "bound_reference", "pairing"},
       {},
       1,
       ListShape::components,
       check_steric},
      {Law::bi_steric_mass_action,
       "bi_steric_mass_action",
       "the same on several kinds of sites",
       {"adsorption_rate", "desorption_rate", "charge", "shielding", "site_capacity"},
       bi_steric_mass_action,
       references,
       {},
       1,
       ListShape::sites,
       check_sites},
      {Law::multi_state_steric_mass_action,
       "multi_state_steric_mass_action",
       "the same with several bound states of each protein, which turn into one another",
       {"states", "adsorption_rate", "desorption_rate", "charge", "shielding", "conversion_rate", "ionic_capacity"},
       multi_state,
       references,
       {},
       1,
       ListShape::states,
       check_states},
      {Law::generalised_ion_exchange,
       "generalised_ion_exchange",
       "steric mass action whose charges and rates follow a second modulator, such as pH, as the second component",
       {"adsorption_rate", "desorption_rate", "charge", "shielding", "ionic_capacity"},
       generalised,
       {"reference_concentration", "bound_reference", "charge_slope", "charge_curvature", "adsorption_slope",
        "adsorption_curvature", "adsorption_salt", "adsorption_protein", "desorption_slope", "desorption_curvature",
        "desorption_salt", "desorption_protein"},
       {},
       2,
       ListShape::components,
       [](Binding const& b, std::size_t, deck::Where const& where) { check_ionic_capacity(b, where); }},
      {Law::colloidal,
       "colloidal",
       "proteins as colloids on a lattice, modulated by salt, the first component, and, with exponents of a modulator, "
       "by "
       "the second",
       {"rate", "molecule_radius", "surface", "equilibrium_factor", "equilibrium_power"},
       colloidal,
       {"coordination", "debye_factor", "debye_power", "debye_constant", "equilibrium_growth", "equilibrium_rate",
        "equilibrium_modulator", "repulsion_factor", "repulsion_power", "repulsion_growth", "repulsion_rate",
        "repulsion_modulator"},
       {},
       1,
       ListShape::components,
       check_colloids},
  };
}

}  // namespace kroma::chromatography
