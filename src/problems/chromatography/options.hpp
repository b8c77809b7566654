#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deck/schema.hpp"
#include "problems/chromatography/bed_options.hpp"
#include "problems/chromatography/column.hpp"
#include "problems/chromatography/fit_options.hpp"
#include "problems/chromatography/gas_options.hpp"
#include "problems/chromatography/numeric_options.hpp"
#include "problems/problem.hpp"

namespace kroma::chromatography {

enum class Method { automatic, semi_analytic, numeric };
enum class Series { outlet };
enum class Field { concentration, adsorbed, temperature, wall_temperature, pressure, velocity };

struct ColumnOptions {
  ColumnModel model = ColumnModel::capillary;
  double length = 0;
  std::optional<double> cross_section;                                    // of the empty column; networks
  std::optional<double> radius, film_thickness;                           // capillary
  std::optional<double> total_porosity, bed_porosity, particle_porosity;  // packed
  std::optional<double> particle_radius;
  Geometry particle_geometry = Geometry::sphere;
  std::vector<double> film_coefficient, pore_diffusion, surface_diffusion;
  std::vector<Particle> particles;  // several kinds, instead of the keys above
};

struct FlowOptions {
  std::optional<double> velocity;
  Closure closure = Closure::constant;
  std::optional<double> inlet_pressure, outlet_pressure, viscosity, permeability;
  std::optional<double> temperature, molar_mass;
  Momentum momentum = Momentum::darcy;
};

struct SectionOptions {
  double until = 0;
  std::vector<double> concentration, slope;
  std::vector<double> quadratic{}, cubic{};
  std::optional<double> temperature{};
};

struct InitialOptions {
  std::vector<double> concentration, adsorbed;
};

struct TankOptions {
  double volume = 0;  // m^3, at the start
};

/// A unit of a network: inlet, cstr or outlet, or else a column.
struct UnitOptions {
  std::vector<SectionOptions> inlet;
  std::optional<TankOptions> cstr;
  bool outlet = false;
  std::optional<ColumnOptions> column;  // what a column does not give is that of the whole deck
  std::vector<double> dispersion;
  std::optional<Binding> binding;
  std::optional<InitialOptions> initial;
};

struct ConnectionOptions {
  std::string from, to;
  double flow = 0;  // m^3/s
};

struct SwitchOptions {
  double until = 0;
  std::vector<ConnectionOptions> connections;
  std::vector<std::string> reversed;
};

/// The block `chromatography` of a deck.
struct Options {
  std::vector<std::string> components;
  std::optional<ColumnOptions> column;
  FlowOptions flow;
  std::vector<double> dispersion;
  bool taylor_aris = false;
  Binding binding;
  std::vector<SectionOptions> inlet;
  InitialOptions initial;
  std::map<std::string, UnitOptions> units;  // of a network, whose columns take what they do not give from above
  std::vector<SwitchOptions> sections;       // how they are connected
  Method method = Method::automatic;
  double accuracy = 1e-6;
  std::vector<std::string> sensitivities;  // keys
  std::optional<FitOptions> fit;
  std::optional<GasOptions> gas;
  std::optional<EnergyOptions> energy;
};

struct Solver : SolverOptions {
  NumericOptions numeric;
};

struct Output : OutputOptions {
  std::vector<Series> series{Series::outlet};
  std::vector<Field> fields;
  int positions = 101;               // of the fields, evenly from inlet to outlet
  std::optional<double> save_every;  // s; by itself a thousandth of the whole time
  std::vector<double> times;         // s, instead of save_every

  /// Saved times up to `end`, rising.
  std::vector<double> saved_times(double end) const;
  /// Positions of the fields; empty if there are none.
  std::vector<double> grid(double length) const;
};

deck::Schema<ColumnOptions> column_schema();
deck::Schema<SectionOptions> inlet_schema();
deck::Schema<InitialOptions> initial_schema();
deck::Schema<UnitOptions> unit_schema();
deck::Schema<SwitchOptions> switch_schema();
deck::Schema<Options> schema();
deck::Schema<Solver> solver_schema();
deck::Schema<Output> output_schema();

}  // namespace kroma::chromatography
