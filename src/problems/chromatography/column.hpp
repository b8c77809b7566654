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
enum class Law {
  linear,
  langmuir,
  bi_langmuir,
  mobile_phase_modulator,
  self_association,
  steric_mass_action,
  dual_site_langmuir,
  sips,
  freundlich,
  toth,
  bet,
  dubinin_astakhov,
  temkin,
  iast
};

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
  bool operator==(Flow const&) const = default;
};

/// Sorption law and its parameters, SI, per component: kinetic dq/dt = r(c, q), or rapid equilibrium r = 0. Which law
/// takes what is in binding.cpp; the rest is empty.
struct Binding {
  Law law = Law::linear;
  bool kinetic = true;
  std::vector<double> adsorption_rate;  // k_a, 1/s
  std::vector<double> desorption_rate;  // k_d, 1/s
  std::vector<double> rate;             // of the linear driving force, 1/s
  std::vector<double> capacity;         // q_max, mol/m^3
  std::vector<double> affinity;         // b, m^3/mol
  std::vector<double> second_capacity, second_affinity;
  std::vector<double> exponent;        // 1/n, t or m
  std::vector<double> saturation;      // c_s, mol/m^3
  std::vector<double> steepness;       // R_g T / E
  std::vector<double> interaction;     // theta
  std::vector<double> pairing;         // k_2 / k_1, m^3/mol
  std::vector<double> salting;         // gamma, m^3/mol
  std::vector<double> elution;         // beta
  std::vector<double> charge;          // nu
  std::vector<double> shielding;       // sigma
  double ionic_capacity = 0;           // Lambda, mol/m^3
  double reference_concentration = 1;  // of powers of salt and of bound salt, mol/m^3
  bool operator==(Binding const&) const = default;
};

/// What enters from `begin` to `end`: concentration + slope x + quadratic x^2 + cubic x^3, x = t - begin, per
/// component.
struct Section {
  double begin = 0, end = 0;                 // s
  std::vector<double> concentration, slope;  // mol/m^3 of fluid, mol/m^3/s
  std::vector<double> quadratic{}, cubic{};  // mol/m^3/s^2, mol/m^3/s^3; empty: 0

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
