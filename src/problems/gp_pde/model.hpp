#pragma once

#include <optional>
#include <string>
#include <vector>

#include "problems/gp_pde/boundary.hpp"
#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/options.hpp"
#include "problems/gp_pde/well_posed.hpp"

namespace kroma::gp_pde {

/// The deck in the solver's terms.
struct Model {
  std::string description;       // "Poisson equation in 2-D"
  std::vector<grid::Axis> axes;  // one to three
  Equation equation;
  Character character;
  deck::Function source;
  double source_rounding = 0;  // a source made from exact is not known better than this
  Boundary boundary;
  std::optional<deck::Function> exact;

  PointSet nodes() const;
  /// The equation's constant part, for what needs only its size: spectra, preconditioners.
  Equation frozen() const;
};

/// The axes of a deck's domain with their nodes, in the order of a tensor's.
std::vector<grid::Axis> make_axes(Options const& options);

/// A function of the deck, of whose axes some may be missing, as one of the solver's three coordinates.
deck::Function in_coordinates(Options const& options, deck::Function const& f);

/// From options that were read without mistakes. Plain host code, not collective.
Model make_model(Options const& options);

/// Reports what only the model can see, at its place in the deck: an equation without a definite kind, an exact
/// solution that cannot be differentiated, conditions that do not determine one solution, boundary data that jump at an
/// edge or are not finite, data with frequencies above the grid's.
void check_model(Options const& options, deck::Where const& where);

/// The terms of the named or listed left-hand side, on axes of these names. Throws bad_input where a coefficient or
/// nonlinearity cannot be differentiated as the equation needs.
Equation make_equation(EquationOptions const& options, std::vector<std::string> const& axes);

/// Right-hand side for which `exact` solves the equation, by symbolic differentiation. Throws bad_input where the
/// expression cannot be differentiated.
deck::Function manufactured_source(Equation const& equation, deck::Function const& exact);

}  // namespace kroma::gp_pde
