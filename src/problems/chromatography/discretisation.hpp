#pragma once

#include <cstddef>
#include <vector>

#include "problems/chromatography/column.hpp"
#include "problems/chromatography/layout.hpp"
#include "problems/chromatography/particle_basis.hpp"
#include "problems/chromatography/sorption.hpp"

namespace kroma::chromatography {

/// What a column is resolved with: elements of one polynomial degree along it, points in each kind of particle.
struct Resolution {
  int elements = 8, degree = 5, points = 6;
};

/// d c/dt = -d(u c)/dx + d(D dc/dx)/dx along the column for one component: upwind fluxes, local discontinuous Galerkin
/// with alternating fluxes for diffusion (Cockburn and Shu 1998), collocated at Lobatto's points. The gradient takes
/// the value on the right of a face, the flux the one on the left: an element sees the first node of its right
/// neighbour, and the left neighbour acts on its first node alone. The total flux is given at the inlet, the diffusive
/// one is zero at the outlet.
struct AxialOperator {
  std::vector<Pack> own;    // (packs, nodes, nodes)
  std::vector<Pack> right;  // (packs, nodes): factor of the right neighbour's first node
  std::vector<Pack> push;   // (packs, nodes): what a node adds to the right neighbour's first node
  double inlet = 0;         // factor of the entering concentration in the first node of all
};

/// Which terms of the rates are meant: transport along the column, into and in particles, and sorption.
struct Parts {
  bool axial = true, particles = true, sorption = true;
};

/// One kind of particle: its points are consecutive places.
struct ParticleKind {
  int first = 0, points = 0;
  std::vector<double> sink;       // (components), 1/s: the fluid loses sink (c - c_surface)
  std::vector<double> supply;     // (components), 1/s: the point at the surface gains supply (c - c_surface)
  std::vector<double> diffusion;  // (components), D_p / r_p^2, 1/s
  std::vector<double> surface;    // (components), F_p D_s / r_p^2, 1/s; empty: none
  ParticleBasis basis;
};

/// The method of lines of a column: d/dt (E y) = f(y, inlet), where E adds to each liquid what is bound at its place,
/// so that the rates of sorption stay out of the balances: they are linear, and a Newton step fulfils them exactly.
/// In rapid equilibrium the rows of the bound amounts read 0 = r.
class Discretisation {
 public:
  /// Not collective. Throws internal_error if the column is not one of constant or compressible flow.
  Discretisation(Column const& column, Sorption sorption, Resolution const& resolution);

  Layout const& layout() const { return layout_; }
  Sorption const& sorption() const { return sorption_; }
  std::vector<ParticleKind> const& kinds() const { return kinds_; }
  AxialOperator const& axial(int component) const {
    return operators_[operator_of_[static_cast<std::size_t>(component)]];
  }
  /// Phase ratio of a place: bound amounts count `phase_ratio` times in its liquid's balance.
  double phase_ratio(int place) const { return phase_ratio_[static_cast<std::size_t>(place)]; }
  /// (components, bound): share of a bound amount in the balance of each component.
  std::vector<double> const& carried() const { return carried_; }
  /// 1 in the lanes that are elements, 0 in those that fill the last pack.
  Pack active(int pack) const { return active_[static_cast<std::size_t>(pack)]; }
  /// The same for a node or a pair of them.
  Pack exists(std::size_t group) const;
  /// Positions (elements * nodes) in m; each face is there twice.
  std::vector<double> const& positions() const { return positions_; }

  /// f(y) for the entering concentrations `inlet` (components). Without some of its parts, their terms are left out.
  void rates(double const* inlet, Pack const* y, Pack* f, Parts parts = {});
  /// Derivative of f in the direction y, with the sorption Jacobian at some state.
  void linearised_rates(Pack const* by_c, Pack const* by_q, Pack const* y, Pack* f);
  /// Derivatives of the rates of sorption at y: by_c (points, places, bound, components), by_q (points, places, bound,
  /// bound).
  void sorption_jacobian(Pack const* y, Pack* by_c, Pack* by_q) const;
  /// J^T x, of the same J.
  void transposed_rates(Pack const* by_c, Pack const* by_q, Pack const* x, Pack* f);
  /// E^T x.
  void from_totals(Pack const* x, Pack* result) const;
  /// y <- E y.
  void to_totals(Pack const* y, Pack* totals) const;

  /// Amount of each component in the column per area of fluid, mol/m^2.
  std::vector<double> content(Pack const* y) const;
  /// Flux-averaged concentration at the outlet (or, node by node, anything of the last element).
  double outlet(Pack const* y, int component) const;

  /// A position as an element and the values there of the polynomials of its nodes.
  struct Point {
    int element = 0;
    std::vector<double> share;
  };
  Point locate(double x) const;
  /// Fluid's concentration of a component there; its bound amount per stationary phase, averaged over particles.
  double concentration(Pack const* y, Point const& point, int component) const;
  double adsorbed(Pack const* y, Point const& point, int component) const;
  /// What an entering concentration of 1 adds to the rate of the component at the first node of all, 1/s.
  double inlet_gain(std::size_t component) const { return operators_[operator_of_[component]].inlet; }
  double inlet_velocity() const { return inlet_velocity_; }
  double outlet_velocity() const { return outlet_velocity_; }

 private:
  void make_grid(Column const& column, Resolution const& resolution);
  void make_operator(Column const& column, double dispersion);
  void make_kinds(Column const& column, Resolution const& resolution);
  void axial_rates(double const* inlet, Pack const* y, Pack* f);
  void particle_rates(Pack const* y, Pack* f) const;
  void add_transposed_axial(Pack const* x, Pack* f);
  void add_transposed_particles(Pack const* x, Pack* f) const;
  void add_transposed_sorption(Pack const* by_c, Pack const* by_q, Pack const* x, Pack* f) const;
  void sorption_product(Pack const* by_c, Pack const* by_q, Pack const* y, Pack* f) const;

  Layout layout_;
  Sorption sorption_;
  std::vector<double> edges_, positions_, lobatto_weights_, derivative_;  // derivative: (nodes, nodes) on [-1, 1]
  std::vector<AxialOperator> operators_;
  std::vector<std::size_t> operator_of_;  // of each component
  std::vector<ParticleKind> kinds_;
  std::vector<double> phase_ratio_, carried_;
  std::vector<double> place_volume_;  // liquid of each place per fluid outside of particles
  std::vector<Pack> active_, next_, before_;
  double inlet_velocity_ = 0, outlet_velocity_ = 0;
};

}  // namespace kroma::chromatography
