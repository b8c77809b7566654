#pragma once

#include <array>
#include <string>
#include <vector>

#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/sampling.hpp"

namespace kroma::gp_pde {

/// A condition on one face: sum_p weights[p] d^p u / dx^p = data, with derivatives along the axis (not outwards).
struct Condition {
  std::array<double, kHighestInCondition + 1> weights{1.0, 0.0, 0.0, 0.0};
  deck::Function data;  // of the three coordinates
  double place = 0;     // coordinate of the face along its axis
  std::string key;      // what messages call it, "gp_pde.boundary.x_low"

  bool is_dirichlet() const { return weights == std::array<double, kHighestInCondition + 1>{1.0, 0.0, 0.0, 0.0}; }
};

/// For each axis the conditions on its low and its high face; none on both of a periodic one.
struct Boundary {
  using Faces = std::array<std::vector<Condition>, 2>;

  std::vector<Faces> faces;
  std::vector<bool> periodic;
  std::vector<Faces> surplus;  // beyond what makes the problem well posed: not imposed, but checked in the solution

  /// The conditions of one axis, those of the low face first.
  std::vector<Condition> conditions(std::size_t axis) const;
  /// Their left-hand sides in the same order, for the axis's basis.
  std::vector<EndCondition> end_conditions(std::size_t axis) const;
};

/// The left-hand side of a condition on a face of `axis`, applied to a function. Throws bad_input where that cannot be
/// differentiated.
deck::Function left_side(Condition const& condition, std::size_t axis, deck::Function const& of);

/// Data of conditions on faces of `axis` on all points of a set, whose points along `axis` are not looked at: a tensor
/// with one row for each condition there. Not collective: faces are small and every rank has the whole.
HostTensor sample_faces(std::vector<Condition> const& conditions, PointSet const& points, std::size_t axis);

/// Throws bad_input where two conditions disagree on an edge or corner that their faces share, beyond 1e-8 of the
/// largest value: the lift would carry the jump into the domain. Conditions whose data cannot be differentiated as that
/// needs are left to the check off the grid. Not collective; needs no started Runtime.
void check_corners(Boundary const& boundary, std::vector<grid::Axis> const& axes);

/// Coefficients (r0_local, r1, r2) of a smooth function that meets the conditions on all faces: axis after axis, what
/// the lift so far misses on its faces is added with the smoothest functions of the axis's basis. For data that agree
/// on edges this is the Boolean sum of the axes' interpolations (Gordon 1971). Not collective.
Tensor lift(std::vector<AxisBasis> const& bases, Boundary const& boundary, grid::Layout const& coefficients);

}  // namespace kroma::gp_pde
