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
#include "problems/gp_pde/boundary_options.hpp"
#include "problems/gp_pde/covariance_options.hpp"
#include "problems/gp_pde/equation_options.hpp"
#include "problems/gp_pde/regression_options.hpp"
#include "problems/gp_pde/uncertainty.hpp"
#include "problems/problem.hpp"

namespace kroma::gp_pde {

enum class PreconditionerName { automatic, tau, ritz, schur };
/// How ranks share out tensors: by the first axis, by the first two, or whichever suits their number.
enum class Arrangement { automatic, slab, pencil };
/// Numbers in which the core operator is applied; everything else is in double precision.
enum class CorePrecision { double_precision, single };
enum class Field { solution, variance, residual, error };

/// The block `gp_pde` of a deck.
struct Options {
  /// Names of the domain's axes in the order of a tensor's: x, y, z, then t.
  std::vector<std::string> axis_names() const;

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
  CorePrecision core_precision = CorePrecision::double_precision;
  PreconditionerName preconditioner = PreconditionerName::automatic;
};

struct Output : OutputOptions {
  std::vector<Field> fields{Field::solution, Field::residual, Field::error};
  bool core = true;
};

deck::Schema<Options> schema();
deck::Schema<Solver> solver_schema();
deck::Schema<Output> output_schema();

}  // namespace kroma::gp_pde
