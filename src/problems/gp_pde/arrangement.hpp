#pragma once

#include <array>
#include <vector>

#include "grid/axis.hpp"
#include "problems/gp_pde/options.hpp"

namespace kroma::gp_pde {

/// How `ranks` ranks share out tensors over `axes`: P0 x P1, slabs where P1 = 1. Automatic: grid::suitable_sides of the
/// largest core there can be. Throws bad_input if ranks would be left without nodes. Plain host code,
/// not collective.
std::array<int, 2> arrange(Arrangement wanted, std::vector<grid::Axis> const& axes, int ranks);

}  // namespace kroma::gp_pde
