#include "problems/gp_pde/problem.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "problems/gp_pde/arrangement.hpp"
#include "problems/gp_pde/method.hpp"
#include "problems/gp_pde/posterior_results.hpp"
#include "problems/gp_pde/regression_problem.hpp"
#include "problems/gp_pde/results.hpp"
#include "problems/gp_pde/solution.hpp"
#include "problems/problem_type.hpp"

namespace kroma {
namespace {

using namespace gp_pde;

std::string product_of(std::vector<int> const& sizes) { return fmt::format("{}", fmt::join(sizes, " x ")); }

int size_of(MPI_Comm comm) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  return ranks;
}

/// Error for a solution that its own check refuses, with the likeliest cause.
Error refused(Solution const& solution, double tolerance) {
  auto const& check = solution.off_grid;
  std::vector<int> sizes;
  for (auto const& basis : solution.bases) sizes.push_back(basis.size());
  bool const alias = check.worst() > 1e3 * std::max(solution.report.grid_residual, 1e-16) && check.worst() > 1e-2;
  std::string const advice =
      alias ? "The residual on the grid is small, so the grid sees aliases or too little: give more nodes, or "
              "gauss_legendre ones."
            : "Give more nodes, or, for a solution with kinks or corner singularities, a larger off_grid_tolerance.";
  return solver_failed(
      fmt::format("the solution is refused: residual off the grid {:.2e} in the equation and {:.2e} on the "
                  "boundary, asked for {:.1e} (on the grid: {:.2e}; basis functions: {})",
                  check.equation, check.boundary, tolerance, solution.report.grid_residual, product_of(sizes)),
      advice);
}

}  // namespace

GpPde::GpPde(Options options, Solver solver, Output output)
    : options_{std::move(options)},
      solver_{std::move(solver)},
      output_{std::move(output)},
      model_{options_.observations ? Model{} : make_model(options_)} {
  check_posterior(options_, output_, model_);
}

Plan GpPde::plan(int ranks) const {
  if (options_.observations) return plan_regression(options_, ranks);
  std::vector<int> nodes, functions;
  for (auto const& axis : model_.axes) {
    nodes.push_back(axis.size());
    functions.push_back(most_functions(axis));
  }
  auto const sides = arrange(solver_.layout, model_.axes, ranks);
  double grid = 1, core = 1, factors = 0;
  for (std::size_t d = 0; d < nodes.size(); ++d) {
    grid *= nodes[d];
    core *= functions[d];
    factors += 4.0 * nodes[d] * functions[d] + 6.0 * functions[d] * functions[d];
  }
  Plan plan;
  plan.summary = fmt::format("{} on {} nodes", model_.description, product_of(nodes));
  plan.unknowns = static_cast<std::int64_t>(core);
  plan.sizes = {{"nodes", product_of(nodes)}, {"basis", "at most " + product_of(functions) + " functions"}};
  if (sides[1] > 1) plan.sizes.emplace_back("layout", fmt::format("pencils, {} x {} ranks", sides[0], sides[1]));
  // Grid: source, residual, three workspaces of the products; core: five vectors of CG, coefficients, seven workspaces.
  plan.bytes_per_rank = 8.0 * ((5 * grid + 14 * core) / ranks + 2 * factors);
  return plan;
}

void GpPde::prepare(MPI_Comm world) {
  if (options_.observations) return;
  grid::ArrangedRanks const ranks{world, arrange(solver_.layout, model_.axes, size_of(world))};
  auto const comm = ranks.comm();
  auto const method = choose_method(model_, solver_.preconditioner);
  sample(method.source, "gp_pde.source", model_.nodes(), comm);
  if (is_learned(options_.covariance)) return;
  auto const priors = make_priors(options_.covariance, model_.axes, {}, Widening::none, solver_.basis_tolerance);
  make_bases(comm, model_.axes, features_of(priors), truncation_of(model_.axes, solver_.basis_tolerance),
             method.settings);
}

void GpPde::solve(Run& given) {
  if (options_.observations) return solve_regression(given, options_, output_);
  grid::ArrangedRanks const ranks{given.comm, arrange(solver_.layout, model_.axes, size_of(given.comm))};
  auto run = given;
  run.comm = ranks.comm();
  solve_arranged(run);
  given.stopped = run.stopped;
}

void GpPde::solve_arranged(Run& run) {
  auto const solution = find_solution(run, model_, options_, solver_);
  if (!solution) return;
  {
    Timed const timed{run.timers, "output"};
    write_results(run, model_, output_, *solution);
  }
  write_posterior(run, model_, options_, solver_, output_, *solution);
  if (!solution->report.converged) {
    throw solver_failed(
        fmt::format("conjugate gradients did not converge in {} iterations ({})", solution->report.iterations,
                    solution->report.reason),
        "On uniform nodes give more of them, three for each basis function; or use gauss_legendre nodes.");
  }
  if (!(solution->off_grid.worst() <= options_.off_grid_tolerance)) {
    throw refused(*solution, options_.off_grid_tolerance);
  }
  run.log.line(
      fmt::format("off-grid residual {:.2e}, {} iterations", solution->off_grid.worst(), solution->report.iterations));
}

ProblemType const& gp_pde_type() {
  static auto const type =
      problem_type<GpPde>("gp_pde", "Partial differential equations by Gaussian processes on tensor grids",
                          gp_pde::schema(), gp_pde::solver_schema(), gp_pde::output_schema());
  return type;
}

}  // namespace kroma
