#pragma once

#include <vector>

#include "problems/gp_pde/boundary.hpp"

namespace kroma::gp_pde {

/// Throws bad_input if the source or the boundary data, along a few lines through the domain, have more than a tenth of
/// their largest modulus at frequencies above what an axis's nodes can carry: the grid would see aliases of them, and
/// its own residual could not tell. A source below `rounding` counts as none. Plain host code: not collective, and
/// needs no started Runtime.
void check_resolution(deck::Function const& source, double rounding, Boundary const& boundary,
                      std::vector<grid::Axis> const& axes);

}  // namespace kroma::gp_pde
