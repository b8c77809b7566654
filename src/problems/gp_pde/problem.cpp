#include "problems/gp_pde/problem.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "problems/gp_pde/arrangement.hpp"
#include "problems/gp_pde/memory.hpp"
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
  check_posterior(options_, output_);
}

Plan GpPde::plan(int ranks) const {
  if (options_.observations) return plan_regression(options_, ranks);
  std::vector<int> nodes;
  for (auto const& axis : model_.axes) nodes.push_back(axis.size());
  auto const sizes = largest_bases(options_.covariance, model_.axes, solver_.basis_tolerance);
  auto const& functions = sizes.functions;
  auto const sides = arrange(solver_.layout, model_.axes, ranks);
  Plan plan;
  plan.summary = fmt::format("{} on {} nodes", model_.description, product_of(nodes));
  plan.unknowns = std::accumulate(functions.begin(), functions.end(), std::int64_t{1}, std::multiplies<>{});
  plan.sizes = {{"nodes", product_of(nodes)}, {"basis", "at most " + product_of(functions) + " functions"}};
  if (sides[1] > 1) plan.sizes.emplace_back("layout", fmt::format("pencils, {} x {} ranks", sides[0], sides[1]));
  auto const memory = planned_memory({model_, options_, solver_, output_, sizes, sides});
  plan.bytes_per_rank = memory.bytes;
  plan.sizes.emplace_back("peak", "of memory, at the most functions: " + memory.stage);
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
  auto const planned = planned_memory(
      {model_, options_, solver_, output_, sizes_of(solution->bases), grid::ProcessGrid::of(run.comm).ranks});
  run.metrics.set("planned_memory_bytes_per_rank", planned.bytes);  // without the program itself
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
