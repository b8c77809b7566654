#include "problems/chromatography/options.hpp"

#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/chromatography/binding.hpp"
#include "problems/chromatography/model.hpp"
#include "problems/chromatography/network.hpp"

namespace kroma::chromatography {
namespace {

std::vector<std::pair<std::string, Geometry>> const kGeometries{
    {"sphere", Geometry::sphere}, {"cylinder", Geometry::cylinder}, {"slab", Geometry::slab}};

deck::Schema<Particle> particle_schema() {
  deck::Schema<Particle> s{"One kind of particle of a packed bed"};
  s.add("geometry", &Particle::geometry, "Shape of the particles").choices(kGeometries);
  s.add("radius", &Particle::radius, "Radius (of a slab: half its thickness)").unit("m").above(0.0).required();
  s.add("porosity", &Particle::porosity, "Pore volume / particle volume").above(0.0).below(1.0).required();
  s.add("fraction", &Particle::fraction, "Share of the particles' volume; all shares add up to 1")
      .above(0.0)
      .at_most(1.0);
  s.add("film_coefficient", &Particle::film_coefficient, "Mass transfer through the film, per component")
      .unit("m/s")
      .above(0.0)
      .or_single()
      .required();
  s.add("pore_diffusion", &Particle::pore_diffusion, "Diffusivity in the pores, per component; general_rate")
      .unit("m^2/s")
      .above(0.0)
      .or_single();
  s.add("surface_diffusion", &Particle::surface_diffusion,
        "Diffusivity of what is adsorbed, per component; general_rate")
      .unit("m^2/s")
      .at_least(0.0)
      .or_single();
  return s;
}

deck::Schema<FlowOptions> flow_schema() {
  using O = FlowOptions;
  deck::Schema<O> s{"Flow of the carrier"};
  s.add("velocity", &O::velocity,
        "Interstitial velocity at the inlet; a compressible carrier with viscosity gets it from the pressures")
      .unit("m/s")
      .above(0.0);
  s.add("closure", &O::closure,
        "constant: the same velocity everywhere; compressible: expansion of a trace carrier along the pressure drop; "
        "with_sorption: also its loss by sorption; transient: total balance in time")
      .choices({{"constant", Closure::constant},
                {"compressible", Closure::compressible},
                {"with_sorption", Closure::with_sorption},
                {"transient", Closure::transient}});
  s.add("inlet_pressure", &O::inlet_pressure, "Absolute pressure at the inlet").unit("Pa").above(0.0);
  s.add("outlet_pressure", &O::outlet_pressure, "Absolute pressure at the outlet").unit("Pa").at_least(0.0);
  s.add("viscosity", &O::viscosity, "Viscosity of the carrier").unit("Pa*s").above(0.0);
  s.add("permeability", &O::permeability, "Permeability of a packed bed").unit("m^2").above(0.0);
  s.add("temperature", &O::temperature,
        "Of the gas that enters and of the bed at the start: with_sorption, transient; it stays so without energy")
      .unit("K")
      .above(0.0);
  s.add("momentum", &O::momentum,
        "Pressure drop along the bed: darcy: laminar, as for compressible; ergun: by particle_radius, bed_porosity, "
        "viscosity and molar_mass")
      .choices({{"darcy", Momentum::darcy}, {"ergun", Momentum::ergun}});
  s.add("molar_mass", &O::molar_mass, "Of the gas, for ergun").unit("kg/mol").above(0.0);
  return s;
}

}  // namespace

deck::Schema<ColumnOptions> column_schema() {
  using O = ColumnOptions;
  deck::Schema<O> s{"Geometry and transport model of the column"};
  s.add("model", &O::model,
        "capillary: open tube with a film; lumped_rate: packed bed, pores and particles lumped; "
        "lumped_rate_with_pores: film transfer into pores of uniform concentration; general_rate: diffusion inside "
        "the particles")
      .choices({{"capillary", ColumnModel::capillary},
                {"lumped_rate", ColumnModel::lumped_rate},
                {"lumped_rate_with_pores", ColumnModel::lumped_rate_with_pores},
                {"general_rate", ColumnModel::general_rate}})
      .required();
  s.add("length", &O::length, "Length").unit("m").above(0.0).required();
  s.add("cross_section", &O::cross_section,
        "Cross-section of the empty column, in a network of units, where velocities follow from flow rates")
      .unit("m^2")
      .above(0.0)
      .example("pi * 0.005^2");
  s.add("radius", &O::radius, "Inner radius of a capillary").unit("m").above(0.0);
  s.add("film_thickness", &O::film_thickness, "Thickness of the stationary film on a capillary's wall")
      .unit("m")
      .above(0.0);
  s.add("total_porosity", &O::total_porosity, "All void volume / column volume; lumped_rate").above(0.0).below(1.0);
  s.add("bed_porosity", &O::bed_porosity, "Void between the particles / column volume").above(0.0).below(1.0);
  s.add("particle_porosity", &O::particle_porosity, "Pore volume / particle volume").above(0.0).below(1.0);
  s.add("particle_radius", &O::particle_radius, "Radius of the particles").unit("m").above(0.0);
  s.add("particle_geometry", &O::particle_geometry, "Shape of the particles").choices(kGeometries);
  s.add("film_coefficient", &O::film_coefficient, "Mass transfer through the film around particles, per component")
      .unit("m/s")
      .above(0.0)
      .or_single();
  s.add("pore_diffusion", &O::pore_diffusion, "Diffusivity in the pores, per component; general_rate")
      .unit("m^2/s")
      .above(0.0)
      .or_single();
  s.add("surface_diffusion", &O::surface_diffusion, "Diffusivity of what is adsorbed, per component; general_rate")
      .unit("m^2/s")
      .at_least(0.0)
      .or_single();
  s.section("particles", &O::particles, particle_schema());
  return s;
}

deck::Schema<SectionOptions> inlet_schema() {
  using O = SectionOptions;
  deck::Schema<O> s{"What enters, section by section in time; the last section's end is the end of the run"};
  s.add("until", &O::until, "End of the section").unit("s").above(0.0).required();
  s.add("concentration", &O::concentration, "At the begin of the section, per component")
      .unit("mol/m^3")
      .at_least(0.0)
      .or_single()
      .required();
  s.add("slope", &O::slope, "Change per second, per component").unit("mol/m^3/s").or_single();
  s.add("quadratic", &O::quadratic, "Factor of the square of the time since the section's begin, per component")
      .unit("mol/m^3/s^2")
      .or_single();
  s.add("cubic", &O::cubic, "Factor of the cube of the time since the section's begin, per component")
      .unit("mol/m^3/s^3")
      .or_single();
  s.add("temperature", &O::temperature, "Of what enters, with energy; flow.temperature by itself").unit("K").above(0.0);
  return s;
}

deck::Schema<InitialOptions> initial_schema() {
  using O = InitialOptions;
  deck::Schema<O> s{"State at the start, the same everywhere; empty by itself"};
  s.add("concentration", &O::concentration, "In the fluid and in pores, per component")
      .unit("mol/m^3")
      .at_least(0.0)
      .or_single();
  s.add("adsorbed", &O::adsorbed, "In the stationary phase, per component").unit("mol/m^3").at_least(0.0).or_single();
  return s;
}

namespace {

/// Keys whose values are not those of a deck that does not give them.
std::vector<std::string> changed_keys(deck::Block const& block, Options const& options) {
  Options const plain;
  auto const now = block.write(&options), before = block.write(&plain);
  std::vector<std::string> changed;
  for (auto const& entry : now.entries()) {
    if (deck::to_flow_yaml(entry.value) != deck::to_flow_yaml(*before.find(entry.key))) changed.push_back(entry.key);
  }
  return changed;
}

}  // namespace

deck::Schema<Options> schema() {
  deck::Schema<Options> s{"Transport and sorption of components in a chromatographic column"};
  s.add("components", &Options::components, "Names").required().example("[benzene, toluene]");
  s.section("column", &Options::column, column_schema());
  s.section("flow", &Options::flow, flow_schema());
  s.add("dispersion", &Options::dispersion, "Axial dispersion at the inlet, per component; 0 by itself")
      .unit("m^2/s")
      .at_least(0.0)
      .or_single();
  s.add("taylor_aris", &Options::taylor_aris,
        "true: dispersion is molecular diffusion, to which the laminar profile in a capillary adds its own part");
  s.section("binding", &Options::binding, binding_schema());
  s.section("inlet", &Options::inlet, inlet_schema())
      .example("[{until: 4 s, concentration: [1, 1]}, {until: 700 s, concentration: [0, 0]}]");
  s.section("initial", &Options::initial, initial_schema());
  auto const places = std::make_shared<UnitPlaces>();  // a unit's rules need the whole deck, and its own place in it
  auto unit = unit_schema();
  unit.check([places](UnitOptions const& o, deck::Where const& where) {
    places->erase(&o);
    places->emplace(&o, where);
  });
  s.section("units", &Options::units, unit);
  s.section("sections", &Options::sections, switch_schema());
  s.add("method", &Options::method,
        "semi_analytic: closed form or inverse transform, for linear sorption; numeric: discretisation in space and "
        "time; auto: the first where it applies")
      .choices({{"auto", Method::automatic}, {"semi_analytic", Method::semi_analytic}, {"numeric", Method::numeric}});
  s.add("accuracy", &Options::accuracy,
        "Asked of the outlet, relative to the largest concentration of each component that enters")
      .between(1e-13, 0.1);
  s.add("sensitivities", &Options::sensitivities,
        "Keys of the block chromatography by whose values the outlet is differentiated, named as in fit.parameters: "
        "column.length, binding.charge.lysozyme, inlet.0.until")
      .or_single()
      .example("[flow.velocity, binding.desorption_rate]");
  s.section("fit", &Options::fit, fit_schema());
  s.section("gas", &Options::gas, gas_schema());
  s.section("energy", &Options::energy, energy_schema());
  std::weak_ptr<deck::Block const> const block = s.block();  // weak: the rule lives in the block
  s.check([places, block](Options const& o, deck::Where const& where) {
    o.units.empty() ? check_column(o, where) : check_network(o, where, *places, changed_keys(*block.lock(), o));
    places->clear();
  });
  return s;
}

deck::Schema<Solver> solver_schema() {
  using N = NumericOptions;
  deck::Schema<Solver> s{"Options of the numeric method, for experts: what is not given follows from the accuracy"};
  deck::Schema<N> n{"Grid and steps; with elements given they are not refined, and the error is only estimated"};
  n.add("scheme", &N::scheme,
        "discontinuous_galerkin: high order, for smooth outlets; finite_volume: limited, without oscillations of steep "
        "fronts, not for general_rate; auto: finite_volume where the velocity changes with sorption, else the first")
      .choices({{"auto", Scheme::automatic},
                {"discontinuous_galerkin", Scheme::discontinuous_galerkin},
                {"finite_volume", Scheme::finite_volume}});
  n.add("elements", &N::elements, "Elements along the column; with finite_volume, cells").between(1, 100000);
  n.add("degree", &N::degree, "Degree of the polynomials in an element").between(1, 12);
  n.add("particle_points", &N::particle_points, "Points from a particle's centre to its surface; general_rate")
      .between(1, 60);
  n.add("stages", &N::stages, "Stages of Radau IIA: 3, 5 or 7, of order 5, 9 or 13").between(3, 7);
  n.add("tolerance", &N::tolerance, "Error allowed in a step, relative to each component's scale").between(1e-14, 0.1);
  n.check([](N const& o, deck::Where const& where) {
    if (o.stages && *o.stages % 2 == 0) where.mistake("stages", "must be 3, 5 or 7");
  });
  s.section("numeric", &Solver::numeric, n);
  return s;
}

deck::Schema<Output> output_schema() {
  deck::Schema<Output> s{"What is written, and where"};
  s.add("series", &Output::series, "What is written at the saved times").choices({{"outlet", Series::outlet}});
  s.add(
       "fields", &Output::fields,
       "What is written of the inside of the column at the saved times, by method: numeric; adsorbed is per stationary "
       "phase, in particles averaged over their volume; temperatures need energy, pressure a flow with inlet_pressure")
      .choices({{"concentration", Field::concentration},
                {"adsorbed", Field::adsorbed},
                {"temperature", Field::temperature},
                {"wall_temperature", Field::wall_temperature},
                {"pressure", Field::pressure},
                {"velocity", Field::velocity}});
  s.add("positions", &Output::positions, "Positions of the fields, evenly from inlet to outlet").between(2, 100001);
  s.add("save_every", &Output::save_every, "Interval of the saved times; by itself a thousandth of the run")
      .unit("s")
      .above(0.0);
  s.add("times", &Output::times, "The saved times themselves, instead of save_every").unit("s").at_least(0.0);
  s.check([](Output const& o, deck::Where const& where) {
    if (o.save_every && !o.times.empty()) where.mistake("times", "given besides save_every; give one of them");
    for (std::size_t i = 1; i < o.times.size(); ++i) {
      if (!(o.times[i] > o.times[i - 1])) {
        return where.mistake(fmt::format("times.{}", i), "must be later than the time before it");
      }
    }
  });
  return s;
}

std::vector<double> Output::saved_times(double end) const {
  if (!times.empty()) {
    if (times.back() > end) {
      throw bad_input(fmt::format("output.times goes to {} s, but the inlet ends at {} s", times.back(), end));
    }
    return times;
  }
  double const step = save_every.value_or(end / 1000), count = std::floor(end / step * (1 + 1e-12));
  if (count > 1e8) throw bad_input(fmt::format("output.save_every: {} s makes {:.0f} saved times", step, count));
  std::vector<double> saved;
  for (std::int64_t i = 0; i <= static_cast<std::int64_t>(count); ++i) saved.push_back(static_cast<double>(i) * step);
  return saved;
}

std::vector<double> Output::grid(double length) const {
  std::vector<double> x;
  for (int k = 0; !fields.empty() && k < positions; ++k) x.push_back(length * k / (positions - 1));
  return x;
}

}  // namespace kroma::chromatography
