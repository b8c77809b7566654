#pragma once

#include <string>
#include <vector>

#include "linalg/banded.hpp"
#include "problems/chromatography/column.hpp"
#include "problems/chromatography/sorption.hpp"

namespace kroma::chromatography {

/// Unknowns of one cell, one after the other: liquid (or gas) outside of particles; for each place of sorption the
/// liquid that it sees, if that is another one, and what is bound there; temperatures; and what the flow follows from.
/// Numbers of unknowns that a column does not have are -1.
struct BedLayout {
  int cells = 0, components = 0, bound = 0, places = 1;
  bool pores = false;
  int temperature = -1, wall = -1;
  int flow = -1;  // pressure / inlet pressure, or, where the pressure is the same everywhere, flow out / flow in
  int width = 0;

  int place(int k) const { return components + k * ((pores ? components : 0) + bound); }
  int liquid(int k) const { return pores ? place(k) : 0; }
  int bound_at(int k) const { return place(k) + (pores ? components : 0); }
  std::size_t at(int cell) const { return static_cast<std::size_t>(cell) * static_cast<std::size_t>(width); }
  std::size_t size() const { return at(cells); }
};

/// What enters at a time.
struct Feed {
  std::vector<double> concentration;  // mol/m^3 at the inlet's pressure and the flow's temperature
  double temperature = 0;             // K
};

/// What passes an end of the column, per cross-section of fluid: mol/m^2/s of each component, mol/m^2/s of all the gas
/// (0 where it is not followed), W/m^2.
struct Passing {
  std::vector<double> components;
  double total = 0, heat = 0;
};

/// The equations of a bed by finite volumes, dU(y)/dt = -R(y): contents U, which are conserved, and transport R through
/// the faces of the cells, upwind, third order as far as profiles are smooth, and limited where they are steep. Rates
/// of sorption are in the equations of what is bound alone:
///   components    U = c + F sum q,                      R = dF/dx
///   bound         U = q (0 in rapid equilibrium),       R = -r(c, q, T)
///   all the gas   U = p / (R_g T) + F sum q,            R = dN/dx
///   heat          U = C c_g (T - T_0) - p + F (c_s (T - T_0) + sum q (c_a (T - T_0) - Q))
/// Not collective; not for several threads at once.
class Bed {
 public:
  /// Differences between cells below `small` times a component's scale (and 30 K) are not limited.
  Bed(Column const& column, int cells, double small);

  BedLayout const& layout() const { return l_; }
  double cell() const { return dx_; }
  /// Cells per second that the gas goes at the inlet.
  double turnover() const { return column_.flow.velocity / dx_; }
  std::vector<double> initial_state() const;
  /// Of each unknown in a cell: its size, by which errors are judged; what is bound takes `reached`, the largest so
  /// far.
  std::vector<double> scales(std::vector<double> const& component_scales, std::vector<double> const& reached) const;
  /// Whether the unknown's equation is a differential one, so that its error in time can be judged.
  bool is_differential(int unknown) const { return differential_[unknown]; }

  /// Whether the unknown's own equation has no content: rapid equilibrium.
  bool is_algebraic(int unknown) const { return unknown != l_.flow && !is_differential(unknown); }
  /// In the words of a message: "component 2 (adsorbed)".
  std::string name(int unknown) const;

  /// U (layout) of state y (layout).
  void content(double const* y, double* u) const;
  /// R (layout).
  void residual(Feed const& feed, double const* y, double* r);
  /// dU/dy of each cell, (cells, width, width) row-major, and dR/dy, whose band reaches two cells to both sides.
  void linearise(Feed const& feed, double const* y, std::vector<double>& mass, linalg::BandMatrix<double>& jacobian);

  Passing entering(Feed const& feed) const;
  Passing leaving(Feed const& feed, double const* y);
  /// Heat that goes to what is around, W per m^2 cross-section of fluid.
  double heat_lost(double const* y) const;
  /// Amounts in the column: of components, of all the gas, of heat, per m^2 cross-section of fluid.
  Passing held(double const* y) const;

  /// At the outlet, mol/m^3.
  std::vector<double> outlet(Feed const& feed, double const* y);
  double outlet_velocity(Feed const& feed, double const* y);
  double outlet_temperature(Feed const& feed, double const* y);

  /// Profiles at positions x (rising, m): of unknown `v`, pressure in Pa, velocity in m/s.
  double profile(double const* y, int v, double x) const;
  /// What is bound of a component, averaged over the particles.
  double adsorbed(double const* y, int component, double x) const;
  double pressure_at(double const* y, double x) const;
  double velocity_at(Feed const& feed, double const* y, double x);
  Sorption const& sorption() const { return sorption_; }
  /// Whether the flow follows from what is bound at the moment, without storage of gas: with_sorption.
  bool is_quasi_steady() const { return total_ && !transient_; }

 private:
  double temperature(double const* y, int cell) const;
  double pressure(double const* y, int cell) const;
  /// Moles of gas per volume at a temperature, as far as they are conserved: with_sorption, at the start's pressure.
  double stored_density(double const* y, int cell) const;
  double pressure_flow(double high, double low, double distance, double temperature) const;
  /// Heat transfer from the bed in W/K per m^3 of fluid; volume of the wall / of fluid; from the wall, per m^3 of it.
  double bed_to_wall() const;
  double wall_share() const;
  double wall_to_ambient() const;
  double storage_of_heat(double const* here, double density) const;
  void set_layout(int cells);
  void set_places();
  void set_steady_pressure();
  void set_flow(double const* y);

  void transport(Feed const& feed, double const* y, double* r);
  void transport_heat(Feed const& feed, double const* y, double* r);
  void transport_wall(double const* y, double* r) const;
  void transport_jacobian(Feed const& feed, double const* y, linalg::BandMatrix<double>& jacobian);
  double component_flux(Feed const& feed, double const* y, int face, int component) const;
  double heat_flux(Feed const& feed, double const* y, int face) const;
  double face_temperature(Feed const& feed, double const* y, int face) const;

  void sorb(double const* y, double* r);
  void sorb_jacobian(double const* y, linalg::BandMatrix<double>& jacobian);
  void rates(double const* liquid, double const* bound, double temperature, double* r);
  void set_thermal(double temperature);
  void total_mass(double const* y, int cell, double* m) const;

  Column column_;
  Sorption sorption_;
  BedLayout l_;
  bool total_ = false;      // all the gas is followed
  bool transient_ = false;  // and stored by its pressure
  double dx_ = 0, inlet_flow_ = 0;
  std::vector<double> ratio_;   // (places) stationary / liquid volume
  std::vector<double> weight_;  // (places) volume of its liquid / liquid outside of particles
  std::vector<double> film_,
      inner_;                   // (places, components) 1/s: film transfer per liquid outside, and per liquid in pores
  std::vector<double> uptake_;  // (components, bound) moles that a bound mole takes up
  std::vector<char> differential_;
  std::vector<double> steady_pressure_;              // (cells) of a trace carrier
  std::vector<double> density_, flow_;               // (cells) of the carrier, and (faces) its flow
  std::vector<double> affinity_, speed_;             // (components) (bound) b, k at a temperature / at the flow's
  std::vector<double> liquid_, rate_, by_c_, by_q_;  // of one place
  std::vector<double> small_;                        // differences that are not limited: (components), then K
  double heat_scale_ = 1;                            // J/m^3/K: heat is divided by it
};

}  // namespace kroma::chromatography
