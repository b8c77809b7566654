#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kroma::chromatography {

enum class ColumnModel { capillary, lumped_rate, lumped_rate_with_pores, general_rate };
/// How the interstitial velocity follows from pressure and sorption: V0 to V3 of the README.
enum class Closure { constant, compressible, with_sorption, transient };
enum class Geometry { sphere, cylinder, slab };
/// Sorption laws of a deck; what each is and takes is in the table of laws (law_table.hpp).
enum class Law {
  linear,
  langmuir,
  bi_langmuir,
  anti_langmuir,
  kumar,
  mobile_phase_modulator,
  extended_mobile_phase_modulator,
  self_association,
  spreading,
  sips_kinetics,
  saska,
  affinity_complex_titration,
  steric_mass_action,
  bi_steric_mass_action,
  multi_state_steric_mass_action,
  generalised_ion_exchange,
  colloidal,
  water_on_hydrophobic_surfaces,
  constant_water_activity,
  unified_hydrophobic,
  langmuir_driving_force,
  langmuir_liquid_driving_force,
  dual_site_langmuir,
  triple_site_langmuir,
  sips,
  freundlich,
  multicomponent_freundlich,
  toth,
  quadratic,
  bet,
  dubinin_astakhov,
  temkin,
  virial,
  iast
};
/// Isotherm of a pure component, of which ideal adsorbed solutions are made.
enum class Pure { langmuir, sips, toth, freundlich, quadratic };
/// What the modulator's concentration is: a negative decadic logarithm, as pH, or a concentration.
enum class Modulator { logarithm, concentration };

/// One kind of particle of a packed bed; lists are per component.
struct Particle {
  Geometry geometry = Geometry::sphere;
  double radius = 0;                      // m
  double porosity = 0;                    // pore volume / particle volume
  double fraction = 1;                    // of the particles' volume
  std::vector<double> film_coefficient;   // m/s
  std::vector<double> pore_diffusion;     // m^2/s; general_rate only
  std::vector<double> surface_diffusion;  // m^2/s; general_rate only

  /// Surface / (volume / radius): 3, 2, 1.
  double shape_factor() const { return geometry == Geometry::sphere ? 3 : geometry == Geometry::cylinder ? 2 : 1; }
  /// F_p: stationary volume / pore volume.
  double phase_ratio() const { return (1 - porosity) / porosity; }
  bool operator==(Particle const&) const = default;
};

/// Flow of the carrier; what `closure` does not need is 0.
struct Flow {
  Closure closure = Closure::constant;
  double velocity = 0;         // m/s, interstitial, at the inlet
  double inlet_pressure = 0;   // Pa
  double outlet_pressure = 0;  // Pa
  double temperature = 0;      // K, of the gas that enters and of the bed at the start: with_sorption, transient
  /// -dp/dx = resistance u + inertia p / (R_g T) u |u|: both 0 where the pressure is the same everywhere.
  double resistance = 0;  // Pa s/m^2
  double inertia = 0;     // kg/mol/m: the molar mass times Ergun's coefficient

  /// Whether the velocity follows from the balance of all the gas, carrier included.
  bool is_total_balance() const { return closure == Closure::with_sorption || closure == Closure::transient; }
  bool is_isobaric() const { return resistance == 0 && inertia == 0; }
  bool operator==(Flow const&) const = default;
};

/// Heat balance of a bed, its wall and what is around; lists are per component.
struct Energy {
  double gas_heat_capacity = 0;                         // of all the gas, J/mol/K
  double solid_heat_capacity = 0;                       // of the stationary phase, J/m^3/K
  std::vector<double> adsorbed_heat_capacity;           // J/mol/K
  std::vector<double> heat_of_adsorption;               // J/mol, set free by adsorption at the flow's temperature
  std::vector<double> activation_energy;                // of the rates, J/mol
  double conductivity = 0;                              // along the bed, per cross-section of the column, W/m/K
  double inner_radius = 0, outer_radius = 0;            // m; 0: no wall (adiabatic); no mass of the wall
  double inner_coefficient = 0, outer_coefficient = 0;  // W/m^2/K
  double wall_heat_capacity = 0;                        // J/m^3/K
  double wall_conductivity = 0;                         // W/m/K
  double ambient_temperature = 0;                       // K

  bool has_wall() const { return outer_radius > 0; }
  bool operator==(Energy const&) const = default;
};

/// Sorption law and its parameters, SI: kinetic dq/dt = r(c, q), or rapid equilibrium r = 0. Lists are per component;
/// with several kinds of sites, kind after kind; of laws with several bound states, per state. Which law takes what is
/// in the table of laws, what each is in binding.cpp; the rest is empty.
struct Binding {
  using List = std::vector<double>;
  using Number = std::optional<double>;
  Law law = Law::linear;
  bool kinetic = true;
  Pure pure = Pure::langmuir;
  Modulator modulator = Modulator::logarithm;
  List adsorption_rate, desorption_rate;  // k_a, k_d, 1/s
  List rate;                              // of a linear driving force, 1/s
  List capacity, affinity;                // q_max, mol/m^3; b, m^3/mol
  List second_capacity, second_affinity, third_capacity, third_affinity;
  List sign;                         // of a component in the sum of occupied sites
  List competes;                     // 1: Langmuir and modulated, 0: linear
  List exponent;                     // 1/n, t or m
  List henry;                        // slope of the isotherm at zero
  List pair_affinity;                // b_2, m^6/mol^2
  List virial_first, virial_second;  // m^3/mol, m^6/mol^2
  std::vector<List> interactions;    // k_ij, m^3/mol
  std::vector<List> competition;     // a_ij
  Number offset;                     // tau, mol/m^3
  List saturation;                   // c_s, mol/m^3
  List steepness;                    // R_g T / E
  List interaction;                  // theta
  List pairing;                      // k_2 / k_1, m^3/mol
  List spreading_rate, return_rate;  // k_AB, m^3/(mol s); k_BA, 1/s
  List salting, elution;             // gamma, m^3/mol; beta
  List activation;                   // K
  List capacity_midpoint, capacity_steepness, affinity_midpoint, affinity_steepness;  // of titrations
  List charge, charge_slope, charge_curvature;                                        // nu
  List shielding;                                                                     // sigma
  List adsorption_slope, adsorption_curvature, adsorption_salt, adsorption_protein;   // of ln k_a
  List desorption_slope, desorption_curvature, desorption_salt, desorption_protein;   // of ln k_d
  List states;                                                                        // bound states of each component
  List conversion_rate;       // between states of a component: rows from, columns to, component after component, 1/s
  double ionic_capacity = 0;  // Lambda, mol/m^3
  List site_capacity;         // Lambda of each kind of sites, mol/m^3
  double reference_concentration = 1;  // of powers of salt, and of bound salt without a reference of its own, mol/m^3
  Number bound_reference;              // of powers of bound salt, mol/m^3
  List ligands, ligand_slope;          // nu
  Number water, water_salting, crowding, salt_volume, modulator_reference;  // beta_0, beta_1, eps, rho, c_1ref
  List equilibrium_factor, equilibrium_power, equilibrium_growth, equilibrium_rate, equilibrium_modulator;  // of ln K
  List repulsion_factor, repulsion_power, repulsion_growth, repulsion_rate, repulsion_modulator;            // of b
  List molecule_radius;                                                                                     // m
  Number surface, coordination;                      // m^2/m^3; n
  Number debye_factor, debye_power, debye_constant;  // of 1 / kappa in m
  List heat;                                         // of adsorption, J/mol
  Number temperature, reference_temperature;         // K
  bool operator==(Binding const&) const = default;
};

/// What enters from `begin` to `end`: concentration + slope x + quadratic x^2 + cubic x^3, x = t - begin, per
/// component.
struct Section {
  double begin = 0, end = 0;                 // s
  std::vector<double> concentration, slope;  // mol/m^3 of fluid, mol/m^3/s
  std::vector<double> quadratic{}, cubic{};  // mol/m^3/s^2, mol/m^3/s^3; empty: 0
  double temperature = 0;                    // K; with an energy balance

  bool is_straight() const { return quadratic.empty() && cubic.empty(); }
  double at(std::size_t component, double time) const;
  /// Integral over the section, mol s/m^3.
  double amount(std::size_t component) const;
  /// Largest modulus, to a few percent of a curved section's.
  double largest(std::size_t component) const;
  bool operator==(Section const&) const = default;
};

/// One column, validated, in SI: all that a method needs to know. Lists are per component unless said otherwise.
struct Column {
  std::vector<std::string> components;
  ColumnModel model = ColumnModel::capillary;
  double length = 0;  // m
  /// Stationary / mobile volume outside of particles: 2 film / radius of a capillary, (1 - e) / e of lumped_rate; 0 for
  /// models with particles.
  double phase_ratio = 0;
  double bed_porosity = 1;          // void outside of particles / column volume: models with particles
  std::vector<Particle> particles;  // models with particles: one or more, fractions add up to 1
  Flow flow;
  std::optional<Energy> energy;
  std::vector<double> dispersion;  // m^2/s at the inlet; goes as 1 / pressure along a compressible carrier
  Binding binding;
  std::vector<Section> sections;                                // in order, without gaps, from 0
  std::vector<double> initial_concentration, initial_adsorbed;  // mol/m^3 of fluid (also in pores), of stationary phase

  std::size_t count() const { return components.size(); }
  double end() const { return sections.back().end; }
  bool has_particles() const {
    return model == ColumnModel::lumped_rate_with_pores || model == ColumnModel::general_rate;
  }
  /// u(x) in m/s of closures constant and compressible (isothermal laminar carrier, Darcy or Poiseuille):
  /// u p = const, p^2 linear in x.
  double velocity(double x) const;
  /// u(x) / u(0), also where nothing flows.
  double relative_velocity(double x) const;
  /// integral of dx / u from 0 to x, in s: the time at x of what is never sorbed.
  double hold_up(double x) const;
  /// Velocity at the inlet / velocity at the outlet.
  double expansion() const;
  /// Largest concentration that enters of each component (1 where none does): the scale of errors.
  std::vector<double> scales() const;
  bool operator==(Column const&) const = default;
};

}  // namespace kroma::chromatography
