#include "problems/chromatography/bed_rules.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "problems/chromatography/gas.hpp"

namespace kroma::chromatography {
namespace {

/// Laws in which every concentration stands beside an affinity, so that b(T) c is b(T_0) times another concentration.
constexpr std::array kThermal{Law::linear, Law::langmuir, Law::bi_langmuir, Law::dual_site_langmuir,
                              Law::sips,   Law::toth,     Law::freundlich,  Law::temkin,
                              Law::iast};

/// Laws that count salt, water or a modulator among the components.
constexpr std::array kLiquid{Law::mobile_phase_modulator,
                             Law::extended_mobile_phase_modulator,
                             Law::affinity_complex_titration,
                             Law::steric_mass_action,
                             Law::bi_steric_mass_action,
                             Law::multi_state_steric_mass_action,
                             Law::generalised_ion_exchange,
                             Law::colloidal,
                             Law::water_on_hydrophobic_surfaces,
                             Law::constant_water_activity,
                             Law::unified_hydrophobic};

double void_between_particles(Options const& o) {
  return o.column->bed_porosity ? *o.column->bed_porosity : o.column->total_porosity.value_or(0);
}

void check_ergun(Options const& o, deck::Where const& where) {
  auto const need = [&](bool given, char const* key) {
    if (!given) where.mistake(key, "missing; momentum: ergun needs it");
  };
  if (o.column->model != ColumnModel::lumped_rate) where.mistake("flow.momentum", "ergun belongs to packed beds");
  need(o.column->particle_radius.has_value(), "column.particle_radius");
  need(o.flow.viscosity.has_value(), "flow.viscosity");
  need(o.flow.molar_mass.has_value(), "flow.molar_mass");
  need(o.flow.velocity.has_value(), "flow.velocity");
  need(o.flow.outlet_pressure.has_value(), "flow.outlet_pressure");
  if (o.flow.permeability) where.mistake("flow.permeability", "belongs to momentum: darcy");
}

void check_pressures(Options const& o, deck::Where const& where) {
  auto const& f = o.flow;
  if (!f.inlet_pressure) {
    where.mistake("flow.inlet_pressure",
                  "missing; velocity and concentrations of what enters are those at this pressure");
  }
  if (!f.temperature) where.mistake("flow.temperature", "missing; the balance of all the gas needs it");
  bool const transient = f.closure == Closure::transient;
  if (transient && !f.outlet_pressure) where.mistake("flow.outlet_pressure", "missing; closure: transient needs it");
  if (f.outlet_pressure && !(*f.outlet_pressure > 0)) where.mistake("flow.outlet_pressure", "must be > 0 [Pa]");
  if (f.inlet_pressure && f.outlet_pressure && *f.outlet_pressure >= *f.inlet_pressure) {
    where.mistake("flow.outlet_pressure",
                  fmt::format("{} Pa is not below the inlet's {} Pa; {}", *f.outlet_pressure, *f.inlet_pressure,
                              transient ? "nothing flows" : "leave it out where the pressure is the same everywhere"));
  }
  if (f.velocity) return;
  bool const mobile = o.column->model == ColumnModel::capillary || f.permeability;
  if (!(f.viscosity && mobile && f.outlet_pressure)) {
    where.mistake("flow.velocity", "missing; or give outlet_pressure, viscosity and, for a bed, permeability");
  }
}

/// Concentrations of the inlet and of the start are part of all the gas, p / (R_g T).
void check_fractions(Options const& o, deck::Where const& where) {
  if (!o.flow.inlet_pressure || !o.flow.temperature) return;
  double const all = *o.flow.inlet_pressure / (kGasConstant * *o.flow.temperature), n = double(o.components.size());
  auto const sum = [&](std::vector<double> const& list) {
    return std::accumulate(list.begin(), list.end(), 0.0) * (list.size() == 1 ? n : 1);
  };
  auto const check = [&](double total, std::string const& key) {
    if (total <= all * (1 + 1e-12)) return;
    where.mistake(key, fmt::format("mole fractions add up to {:.4g}: {:.6g} mol/m^3 of components in a gas of {:.6g} "
                                   "mol/m^3 at flow.inlet_pressure and flow.temperature",
                                   total / all, total, all));
  };
  double begin = 0;
  for (std::size_t i = 0; i < o.inlet.size(); ++i) {
    auto const& s = o.inlet[i];
    Section const whole{begin, s.until, {sum(s.concentration)}, {sum(s.slope)}, {sum(s.quadratic)}, {sum(s.cubic)}};
    check(whole.largest(0), fmt::format("inlet.{}.concentration", i));
    begin = s.until;
  }
  check(sum(o.initial.concentration), "initial.concentration");
}

/// Of a component in the list that a deck gave, once for all or for each.
std::vector<double> filled(std::vector<double> const& list, std::size_t n, double otherwise) {
  if (list.empty()) return std::vector<double>(n, otherwise);
  return list.size() == n ? list : std::vector<double>(n, list.front());
}

/// Ergun (1952): -dp/dx = 150 mu (1 - e)^2 / (e^3 d^2) v + 1.75 (1 - e) / (e^3 d) rho v |v|, e between the particles; v
/// is the flow through the whole cross-section, `porosity` u with all void of the lumped model.
void set_ergun(Options const& o, double porosity, Flow& flow) {
  double const e = void_between_particles(o), d = 2 * *o.column->particle_radius, cube = e * e * e;
  flow.resistance = 150 * *o.flow.viscosity * (1 - e) * (1 - e) / (cube * d * d) * porosity;
  flow.inertia = 1.75 * (1 - e) / (cube * d) * porosity * porosity * *o.flow.molar_mass;
}

Energy make_energy(Options const& o) {
  auto const& from = *o.energy;
  auto const n = o.components.size();
  Energy e;
  e.gas_heat_capacity = from.gas_heat_capacity;
  e.solid_heat_capacity = from.solid_heat_capacity;
  e.conductivity = from.conductivity;
  e.heat_of_adsorption = filled(from.heat_of_adsorption, n, 0);
  e.adsorbed_heat_capacity = filled(from.adsorbed_heat_capacity, n, from.gas_heat_capacity);
  e.activation_energy = filled(from.activation_energy, n, 0);
  e.ambient_temperature = *o.flow.temperature;
  if (!from.wall) return e;
  auto const& w = *from.wall;
  e.inner_radius = w.inner_radius;
  e.inner_coefficient = w.inner_coefficient;
  e.outer_radius = w.outer_radius.value_or(0);
  e.outer_coefficient = w.outer_coefficient.value_or(0);
  e.wall_heat_capacity = w.heat_capacity.value_or(0);
  e.wall_conductivity = w.conductivity;
  e.ambient_temperature = w.ambient_temperature.value_or(*o.flow.temperature);
  return e;
}

}  // namespace

void check_total_balance(Options const& o, deck::Where const& where) {
  auto const model = o.column->model;
  if (o.gas) where.mistake("flow.closure", "must be compressible with gas");
  if (model != ColumnModel::lumped_rate && model != ColumnModel::capillary) {
    where.mistake("flow.closure", "with_sorption and transient belong to capillary and lumped_rate");
  }
  if (std::find(kLiquid.begin(), kLiquid.end(), o.binding.law) != kLiquid.end()) {
    where.mistake("binding.model", "is a law of liquids; with_sorption and transient are for gases");
  }
  if (o.taylor_aris) where.mistake("taylor_aris", "is for trace components; use closure constant or compressible");
  check_pressures(o, where);
  check_fractions(o, where);
  if (o.flow.momentum == Momentum::ergun) check_ergun(o, where);
}

void check_energy(Options const& o, deck::Where const& where) {
  bool const total = o.flow.closure == Closure::with_sorption || o.flow.closure == Closure::transient;
  if (!total) {
    if (o.flow.temperature) where.mistake("flow.temperature", "belongs to closure with_sorption and transient");
    if (o.flow.momentum == Momentum::ergun) {
      where.mistake("flow.momentum", "belongs to closure with_sorption and transient");
    }
  }
  for (std::size_t i = 0; i < o.inlet.size(); ++i) {
    if (o.inlet[i].temperature && !o.energy) where.mistake(fmt::format("inlet.{}.temperature", i), "needs energy");
  }
  if (!o.energy) return;
  if (!total) where.mistake("energy", "needs flow.closure with_sorption or transient");
  if (o.column->model != ColumnModel::lumped_rate) where.mistake("energy", "belongs to lumped_rate");
  if (std::find(kThermal.begin(), kThermal.end(), o.binding.law) == kThermal.end()) {
    where.mistake("energy",
                  "the sorption law has no dependence on temperature; use linear, langmuir, bi_langmuir, "
                  "dual_site_langmuir, sips, toth, freundlich, temkin or iast");
  }
  if (!o.binding.heat.empty()) {
    where.mistake("binding.heat",
                  "is for columns of one temperature; with energy affinities follow energy.heat_of_adsorption, from "
                  "those at flow.temperature");
  }
  auto const count = [&](std::vector<double> const& list, char const* key) {
    if (list.size() <= 1 || list.size() == o.components.size()) return;
    where.mistake(key, fmt::format("{} values for {} components", list.size(), o.components.size()));
  };
  count(o.energy->heat_of_adsorption, "energy.heat_of_adsorption");
  count(o.energy->adsorbed_heat_capacity, "energy.adsorbed_heat_capacity");
  count(o.energy->activation_energy, "energy.activation_energy");
}

void apply_total_balance(Options const& o, Column& c) {
  auto& f = c.flow;
  f.temperature = *o.flow.temperature;
  if (!o.flow.outlet_pressure) f.outlet_pressure = f.inlet_pressure;
  if (o.flow.momentum == Momentum::ergun) {
    set_ergun(o, 1 / (1 + c.phase_ratio), f);
  } else if (o.flow.outlet_pressure) {
    // The steady trace limit is closure compressible: u p = const, p^2 linear in x.
    double const drop = f.inlet_pressure * f.inlet_pressure - f.outlet_pressure * f.outlet_pressure;
    f.resistance = drop / (2 * f.inlet_pressure * f.velocity * c.length);
  }
  for (auto& s : c.sections) {
    if (s.temperature == 0) s.temperature = f.temperature;
  }
  if (o.energy) c.energy = make_energy(o);
}

}  // namespace kroma::chromatography
