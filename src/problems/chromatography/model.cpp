#include "problems/chromatography/model.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "problems/chromatography/bed_rules.hpp"
#include "problems/chromatography/binding.hpp"
#include "problems/chromatography/gas_model.hpp"

namespace kroma::chromatography {
namespace {

using deck::Where;

/// One value for each component, or nothing where that is allowed; a single value stands for all of them.
void check_count(std::size_t n, std::vector<double> const& values, std::string const& key, bool needed,
                 Where const& where) {
  if (values.empty() && needed) where.mistake(key, "missing; give one value for each component");
  if (values.empty() || values.size() == n || values.size() == 1) return;
  where.mistake(key, fmt::format("{} values for {} components", values.size(), n));
}

void check_count(Options const& o, std::vector<double> const& values, std::string const& key, bool needed,
                 Where const& where) {
  check_count(o.components.size(), values, key, needed, where);
}

template <class T>
void forbid(bool allowed, std::optional<T> const& value, std::string const& key, std::string const& owner,
            Where const& where) {
  if (!allowed && value) where.mistake(key, "belongs to " + owner + " only");
}

template <class T>
void need(std::optional<T> const& value, std::string const& key, std::string const& why, Where const& where) {
  if (!value) where.mistake(key, "missing; " + why + " needs it");
}

void check_particles(Options const& o, Where const& where) {
  auto const& c = *o.column;
  bool const general = c.model == ColumnModel::general_rate;
  double sum = 0;
  for (std::size_t j = 0; j < c.particles.size(); ++j) {
    auto const key = fmt::format("column.particles.{}.", j);
    check_count(o, c.particles[j].film_coefficient, key + "film_coefficient", true, where);
    check_count(o, c.particles[j].pore_diffusion, key + "pore_diffusion", general, where);
    check_count(o, c.particles[j].surface_diffusion, key + "surface_diffusion", false, where);
    sum += c.particles[j].fraction;
  }
  if (!c.particles.empty() && std::abs(sum - 1) > 1e-9) {
    where.mistake("column.particles", fmt::format("their fractions add up to {}, not to 1", sum));
  }
}

void check_capillary(Options const& o, Where const& where) {
  auto const& c = *o.column;
  need(c.radius, "column.radius", "a capillary", where);
  need(c.film_thickness, "column.film_thickness", "a capillary", where);
  if (c.radius && c.film_thickness && *c.film_thickness >= *c.radius) {
    where.mistake("column.film_thickness", "must be below the radius");
  }
  forbid(false, c.bed_porosity, "column.bed_porosity", "packed beds", where);
  forbid(false, c.particle_porosity, "column.particle_porosity", "packed beds", where);
}

void check_lumped(Options const& o, Where const& where) {
  auto const& c = *o.column;
  bool const both = c.bed_porosity && c.particle_porosity;
  if (both == c.total_porosity.has_value()) {
    where.mistake("column.total_porosity", "lumped_rate needs total_porosity, or bed_porosity and particle_porosity");
  }
}

void check_packed(Options const& o, Where const& where) {
  auto const& c = *o.column;
  need(c.bed_porosity, "column.bed_porosity", "a packed bed", where);
  bool const several = !c.particles.empty();
  auto const exclude = [&](bool given, std::string const& key) {
    if (several && given) where.mistake("column." + key, "given besides particles; give one of them");
  };
  exclude(c.particle_porosity.has_value(), "particle_porosity");
  exclude(c.particle_radius.has_value(), "particle_radius");
  exclude(!c.film_coefficient.empty(), "film_coefficient");
  exclude(!c.pore_diffusion.empty(), "pore_diffusion");
  exclude(!c.surface_diffusion.empty(), "surface_diffusion");
  if (several) return check_particles(o, where);
  need(c.particle_porosity, "column.particle_porosity", "this model", where);
  need(c.particle_radius, "column.particle_radius", "this model", where);
  check_count(o, c.film_coefficient, "column.film_coefficient", true, where);
  check_count(o, c.pore_diffusion, "column.pore_diffusion", c.model == ColumnModel::general_rate, where);
  check_count(o, c.surface_diffusion, "column.surface_diffusion", false, where);
}

void check_geometry(Options const& o, Where const& where) {
  auto const& c = *o.column;
  bool const capillary = c.model == ColumnModel::capillary, lumped = c.model == ColumnModel::lumped_rate;
  forbid(capillary, c.radius, "column.radius", "capillary", where);
  forbid(capillary, c.film_thickness, "column.film_thickness", "capillary", where);
  forbid(lumped, c.total_porosity, "column.total_porosity", "lumped_rate", where);
  if (capillary) check_capillary(o, where);
  if (lumped) check_lumped(o, where);
  if (!capillary && !lumped) check_packed(o, where);
  if (c.model != ColumnModel::general_rate) {
    if (!c.pore_diffusion.empty()) where.mistake("column.pore_diffusion", "belongs to general_rate only");
    if (!c.surface_diffusion.empty()) where.mistake("column.surface_diffusion", "belongs to general_rate only");
  }
}

void check_flow(Options const& o, Where const& where) {
  auto const& f = o.flow;
  if (f.closure == Closure::constant) {
    need(f.velocity, "flow.velocity", "a constant velocity", where);
    forbid(false, f.inlet_pressure, "flow.inlet_pressure", "compressible carriers", where);
    forbid(false, f.outlet_pressure, "flow.outlet_pressure", "compressible carriers", where);
    return;
  }
  if (f.closure != Closure::compressible) return check_total_balance(o, where);
  if (!(o.gas && (o.gas->inlet_pressure || o.gas->flow)))
    need(f.inlet_pressure, "flow.inlet_pressure", "a compressible carrier", where);
  if (!(o.gas && o.gas->outlet_pressure)) {
    need(f.outlet_pressure, "flow.outlet_pressure", "a compressible carrier", where);
  }
  if (f.inlet_pressure && f.outlet_pressure && *f.outlet_pressure >= *f.inlet_pressure) {
    where.mistake("flow.outlet_pressure", fmt::format("{} Pa is not below the inlet's {} Pa, so that nothing flows",
                                                      *f.outlet_pressure, *f.inlet_pressure));
  }
  if (f.velocity || o.gas) return;
  need(f.viscosity, "flow.velocity", "a compressible carrier without viscosity", where);
  if (o.column->model != ColumnModel::capillary)
    need(f.permeability, "flow.permeability", "a bed without velocity", where);
}

/// Interstitial velocity at the inlet of a laminar carrier: -dp/dx = mu u / K, averaged over the expansion.
double laminar_velocity(Options const& o) {
  auto const& f = o.flow;
  double const p0 = *f.inlet_pressure, pl = *f.outlet_pressure;
  double const mobility = o.column->model == ColumnModel::capillary
                              ? *o.column->radius * *o.column->radius / (8 * *f.viscosity)
                              : *f.permeability / (o.column->bed_porosity.value_or(1) * *f.viscosity);
  return mobility * (p0 * p0 - pl * pl) / (2 * p0 * o.column->length);
}

std::vector<Particle> make_particles(Options const& o) {
  auto const& c = *o.column;
  auto particles = c.particles;
  if (particles.empty()) {
    particles.push_back({c.particle_geometry, *c.particle_radius, *c.particle_porosity, 1.0, c.film_coefficient,
                         c.pore_diffusion, c.surface_diffusion});
  }
  for (auto& p : particles) {
    for (auto* list : {&p.film_coefficient, &p.pore_diffusion, &p.surface_diffusion})
      *list = per_component(*list, o.components.size());
  }
  return particles;
}

void check_taylor_aris(Options const& o, Where const& where) {
  bool const diffuses = !o.dispersion.empty() && *std::min_element(o.dispersion.begin(), o.dispersion.end()) > 0;
  if (o.column->model != ColumnModel::capillary) where.mistake("taylor_aris", "belongs to capillaries only");
  if (!diffuses && !o.gas) where.mistake("taylor_aris", "needs dispersion, the molecular diffusivity, above 0");
  if (o.binding.law != Law::linear) where.mistake("taylor_aris", "needs the retention factors of linear sorption");
  if (o.gas) where.mistake("taylor_aris", "is in what follows from gas already");
}

/// What the parabolic velocity profile of a capillary adds to the diffusivity D of a component with retention factor k
/// (Golay 1958): (1 + 6 k + 11 k^2) / (48 (1 + k)^2) R^2 u^2 / D. Like D it goes as 1 / pressure.
double taylor_aris_dispersion(double radius, double velocity, double k, double diffusivity) {
  double const shape = (1 + 6 * k + 11 * k * k) / (48 * (1 + k) * (1 + k));
  return shape * radius * radius * velocity * velocity / diffusivity;
}

double lumped_phase_ratio(ColumnOptions const& c) {
  double const e =
      c.total_porosity ? *c.total_porosity : *c.bed_porosity + (1 - *c.bed_porosity) * *c.particle_porosity;
  return (1 - e) / e;
}

/// Bound proteins must leave some of the ionic capacity at the start: the rates are powers of what is left.
void check_initial_loading(Options const& o, Where const& where) {
  auto const& b = o.binding;
  bool const ions = b.law == Law::steric_mass_action || b.law == Law::generalised_ion_exchange;
  if (!ions || o.initial.adsorbed.empty()) return;
  auto const n = o.components.size();
  auto const q = per_component(o.initial.adsorbed, n), charge = per_component(b.charge, n),
             shielding = per_component(b.shielding, n);
  double taken = 0;
  for (std::size_t i = b.law == Law::steric_mass_action ? 1 : 2; i < n; ++i) taken += (charge[i] + shielding[i]) * q[i];
  if (taken >= b.ionic_capacity) {
    where.mistake(
        "initial.adsorbed",
        fmt::format("takes {:.6g} mol/m^3 of the ionic capacity of {:.6g}: nothing is left", taken, b.ionic_capacity));
  }
}

}  // namespace

std::vector<double> per_component(std::vector<double> const& values, std::size_t n) {
  if (values.empty()) return std::vector<double>(n, 0.0);
  return values.size() == n ? values : std::vector<double>(n, values.front());
}

void check_components(Options const& o, Where const& where) {
  if (o.components.empty()) where.mistake("components", "needs at least one name");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < o.components.size(); ++i) {
    if (!seen.insert(o.components[i]).second) where.mistake(fmt::format("components.{}", i), "given twice");
  }
}

void check_feed(std::vector<SectionOptions> const& inlet, std::size_t components, Where const& where) {
  if (inlet.empty()) return where.mistake("inlet", "missing; what enters, section by section");
  double const end = inlet.back().until;
  double begin = 0;
  for (std::size_t i = 0; i < inlet.size(); ++i) {
    auto const& s = inlet[i];
    auto const key = fmt::format("inlet.{}.", i);
    check_count(components, s.concentration, key + "concentration", true, where);
    check_count(components, s.slope, key + "slope", false, where);
    check_count(components, s.quadratic, key + "quadratic", false, where);
    check_count(components, s.cubic, key + "cubic", false, where);
    if (!(s.until > begin)) {
      where.mistake(key + "until",
                    fmt::format("{} s is not after the section before it, which ends at {} s", s.until, begin));
    } else if (s.until - begin < 1e-10 * end) {
      where.mistake(key + "until", fmt::format("a section of {} s in a run of {} s is too short to be resolved",
                                               s.until - begin, end));
    }
    begin = s.until;
  }
}

void check_initial(InitialOptions const& initial, std::size_t components, Where const& where) {
  check_count(components, initial.concentration, "initial.concentration", false, where);
  check_count(components, initial.adsorbed, "initial.adsorbed", false, where);
}

std::vector<Section> make_sections(std::vector<SectionOptions> const& inlet, std::size_t n) {
  auto curved = [&](std::vector<double> const& list) {
    bool const none = std::all_of(list.begin(), list.end(), [](double x) { return x == 0; });
    return none ? std::vector<double>{} : per_component(list, n);
  };
  std::vector<Section> sections;
  double begin = 0;
  for (auto const& s : inlet) {
    sections.push_back({begin, s.until, per_component(s.concentration, n), per_component(s.slope, n),
                        curved(s.quadratic), curved(s.cubic), s.temperature.value_or(0)});
    begin = s.until;
  }
  return sections;
}

void check_column(Options const& o, Where const& where) {
  check_components(o, where);
  auto const before = where.mistakes();
  if (!o.column) return where.mistake("column", "missing; give the column, or units that are connected");
  check_geometry(o, where);
  check_flow(o, where);
  check_count(o, o.dispersion, "dispersion", false, where);
  if (!o.gas) check_binding(o.binding, o.components.size(), where);
  if (o.taylor_aris) check_taylor_aris(o, where);
  check_feed(o.inlet, o.components.size(), where);
  check_initial(o.initial, o.components.size(), where);
  if (where.mistakes() == before) check_initial_loading(o, where);
  if (o.gas) check_gas(o, where);
  check_energy(o, where);
}

Column make_column(Options const& o) {
  auto const n = o.components.size();
  Column c;
  c.components = o.components;
  c.model = o.column->model;
  c.length = o.column->length;
  if (c.model == ColumnModel::capillary) c.phase_ratio = 2 * *o.column->film_thickness / *o.column->radius;
  if (c.model == ColumnModel::lumped_rate) c.phase_ratio = lumped_phase_ratio(*o.column);
  if (c.has_particles()) {
    c.bed_porosity = *o.column->bed_porosity;
    c.particles = make_particles(o);
  }
  c.flow.closure = o.flow.closure;
  c.flow.inlet_pressure = o.flow.inlet_pressure.value_or(0);
  c.flow.outlet_pressure = o.flow.outlet_pressure.value_or(0);
  if (!o.gas) c.flow.velocity = o.flow.velocity ? *o.flow.velocity : laminar_velocity(o);
  c.dispersion = per_component(o.dispersion, n);
  c.binding = complete(o.binding, n);
  if (o.gas) c.binding.adsorption_rate = c.binding.desorption_rate = std::vector<double>(n, 0.0);
  c.sections = make_sections(o.inlet, n);
  c.initial_concentration = per_component(o.initial.concentration, n);
  c.initial_adsorbed = per_component(o.initial.adsorbed, n);
  if (o.gas) apply_gas(o, c);
  if (c.flow.is_total_balance()) apply_total_balance(o, c);
  for (std::size_t i = 0; i < n && o.taylor_aris; ++i) {
    double const k = c.phase_ratio * c.binding.adsorption_rate[i] / c.binding.desorption_rate[i];
    c.dispersion[i] += taylor_aris_dispersion(*o.column->radius, c.flow.velocity, k, c.dispersion[i]);
  }
  return c;
}

}  // namespace kroma::chromatography
