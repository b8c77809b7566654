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

/// The axes of a deck's domain with their nodes, in the order of a tensor's.
std::vector<grid::Axis> make_axes(Options const& options);

/// From options that were read without mistakes. Plain host code, not collective.
Model make_model(Options const& options);

/// Reports what only the model can see, at its place in the deck: an operator outside the solver's class, an exact
/// solution that cannot be differentiated, boundary data that jump at an edge or are not finite, data with frequencies
/// above the grid's.
void check_model(Options const& options, deck::Where const& where);

/// The terms of the named or listed left-hand side.
Equation make_equation(EquationOptions const& options, int axes);

/// Right-hand side for which `exact` solves the equation, by symbolic differentiation. Throws bad_input where the
/// expression cannot be differentiated.
deck::Function manufactured_source(Equation const& equation, deck::Function const& exact);

}  // namespace kroma::gp_pde
