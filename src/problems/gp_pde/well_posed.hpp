#pragma once

#include <array>
#include <vector>

#include "grid/axis.hpp"
#include "problems/gp_pde/boundary.hpp"
#include "problems/gp_pde/equation.hpp"

namespace kroma::gp_pde {

/// What kind of equation it is, as far as faces and solver need to know.
struct Character {
  std::array<std::array<int, 2>, 3> conditions{};  // for each axis, how many the low and the high face need
  std::array<int, 3> order{0, 0, 0};               // highest derivative along each axis alone
  bool elliptic = false;                           // even orders everywhere, with one sign
  bool oriented = true;  // false: as well posed with all conditions on the opposite faces (no axis sets a direction)
};

/// The equation's character from the signs of its leading coefficients at probing points of the box. Throws bad_input
/// where there is no derivative along an axis, where a leading coefficient vanishes or changes sign, or where the signs
/// make every choice of faces ill posed. Not collective.
Character characterise(Equation const& equation, std::vector<grid::Axis> const& axes);

/// Throws bad_input unless the faces have the conditions that determine one solution: neither fewer nor more than the
/// character asks for (final data of a heat equation, data on an outflow face), and something that fixes a constant.
void check_conditions(Equation const& equation, Character const& character, std::vector<grid::Axis> const& axes,
                      Boundary const& boundary);

}  // namespace kroma::gp_pde
