#pragma once

#include <array>
#include <vector>

#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/sampling.hpp"

namespace kroma::gp_pde {

/// Dirichlet data: for each axis the functions on its low and high face.
struct Boundary {
  std::vector<std::array<deck::Function, 2>> faces;
};

/// Values on all points of a set in which each axis of `clamped` has exactly the two points {low, high}; where several
/// axes are clamped the face of the first decides. Not collective: the sets are small and every rank has the whole.
HostTensor sample_faces(Boundary const& boundary, PointSet const& points, std::vector<bool> const& clamped);

/// Throws bad_input where two faces disagree on an edge or corner they share, beyond 1e-8 of the largest value: the
/// Boolean sum would carry the jump into the domain. Not collective; needs no started Runtime.
void check_corners(Boundary const& boundary, std::vector<grid::Axis> const& axes);

/// Coefficients (r0_local, r1, r2) of the smoothest function that equals the data on all faces: the Boolean sum
/// I - prod_d (I - C_d B_d) (Gordon 1971), which needs boundary values only. Not collective.
Tensor lift(std::vector<AxisBasis> const& bases, Boundary const& boundary, grid::Layout const& coefficients);

}  // namespace kroma::gp_pde
