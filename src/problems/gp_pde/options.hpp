#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deck/function.hpp"
#include "deck/schema.hpp"
#include "grid/axis.hpp"
#include "problems/gp_pde/covariance_options.hpp"
#include "problems/gp_pde/regression_options.hpp"
#include "problems/gp_pde/uncertainty.hpp"
#include "problems/problem.hpp"

namespace kroma::gp_pde {

/// Names of the axes, in the order of a deck's domain and of a tensor's axes.
inline constexpr std::string_view kAxisNames = "xyz";

enum class EquationName { poisson, reaction, linear };
/// How ranks share out tensors: by the first axis, by the first two, or whichever suits their number.
enum class Arrangement { automatic, slab, pencil };
enum class Field { solution, variance, residual, error };

/// One term of the left-hand side: coefficient times a derivative.
struct TermOptions {
  double coefficient = 1;
  std::map<std::string, int> d;  // order per axis; none: the unknown itself
};

struct EquationOptions {
  std::optional<EquationName> given_name;
  double reaction = 0;
  std::vector<TermOptions> linear;
  std::optional<deck::Function> source;

  /// A list of terms alone is the equation linear, nothing at all Poisson's.
  EquationName name() const {
    return given_name.value_or(linear.empty() ? EquationName::poisson : EquationName::linear);
  }
};

/// Dirichlet data: one function for all faces, or one for each.
struct BoundaryOptions {
  std::optional<deck::Function> all;
  std::optional<deck::Function> x_low, x_high, y_low, y_high, z_low, z_high;

  /// Data of one face alone; `side` 0 is low, 1 is high.
  std::optional<deck::Function> const& face(std::size_t axis, int side) const {
    std::array const low_high{&x_low, &x_high, &y_low, &y_high, &z_low, &z_high};
    return *low_high[2 * axis + static_cast<std::size_t>(side)];
  }
};

/// The block `gp_pde` of a deck.
struct Options {
  std::map<std::string, deck::Interval> domain;
  std::map<std::string, int> grid;
  grid::Nodes nodes = grid::Nodes::gauss_legendre;
  EquationOptions equation;
  std::optional<deck::Function> source;
  BoundaryOptions boundary;
  std::optional<deck::Function> exact;
  CovarianceOptions covariance;
  std::optional<ObservationOptions> observations;
  std::optional<ConservationOptions> conservation;
  UncertaintyOptions uncertainty;
  double off_grid_tolerance = 1e-6;
};

struct Solver : SolverOptions {
  double basis_tolerance = 1e-12;
  double rtol = 1e-9;
  int max_iterations = 500;
  int refinements = 1;
  Arrangement layout = Arrangement::automatic;
};

struct Output : OutputOptions {
  std::vector<Field> fields{Field::solution, Field::residual, Field::error};
  bool core = true;
};

deck::Schema<Options> schema();
deck::Schema<Solver> solver_schema();
deck::Schema<Output> output_schema();

}  // namespace kroma::gp_pde
