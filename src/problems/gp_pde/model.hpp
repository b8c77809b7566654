#pragma once

#include <optional>
#include <string>
#include <vector>

#include "problems/gp_pde/boundary.hpp"
#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/options.hpp"

namespace kroma::gp_pde {

/// The deck in the solver's terms.
struct Model {
  std::string description;       // "Poisson equation in 2-D"
  std::vector<grid::Axis> axes;  // one to three
  Equation equation;
  deck::Function source;
  Boundary boundary;
  std::optional<deck::Function> exact;
};

/// Throws bad_input where the deck is inconsistent beyond what its schema can see: an operator outside the solver's
/// class, boundary data that jump at an edge, data with frequencies above the grid's. Plain host code, not collective.
Model make_model(Options const& options);

/// The terms of the named or listed left-hand side.
Equation make_equation(EquationOptions const& options, int axes);

/// Right-hand side for which `exact` solves the equation, by symbolic differentiation. Throws bad_input where the
/// expression cannot be differentiated.
deck::Function manufactured_source(Equation const& equation, deck::Function const& exact);

}  // namespace kroma::gp_pde
