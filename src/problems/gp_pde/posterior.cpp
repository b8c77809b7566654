#include "problems/gp_pde/posterior.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "linalg/mat_shell.hpp"
#include "linalg/petsc_view.hpp"
#include "problems/gp_pde/kernels.hpp"
#include "problems/gp_pde/nonlinear.hpp"
#include "problems/gp_pde/posterior_kernels.hpp"
#include "problems/gp_pde/posterior_precision.hpp"
#include "solve/linear_solver.hpp"

namespace kroma::gp_pde {
namespace {

/// Variance at this rank's nodes: squared lengths of L^-1 phi(x), a block of nodes at a time.
Tensor exact_variance(MPI_Comm comm, PosteriorPrecision& precision) {
  auto matrix = precision.dense();
  auto const lower = agreed(comm, [&] {
    auto const found = linalg::cholesky(matrix);
    matrix = {};
    if (!found) {
      throw solver_failed("the precision of the posterior is not positive definite to rounding",
                          "Give a larger gp_pde.uncertainty.noise, or method: samples.");
    }
    return *found;
  });
  auto const variance = linalg::make_tensor("gp_pde::variance", precision.nodes());
  auto const host = Kokkos::create_mirror_view(variance);
  double* next = host.data();
  for (auto const block : precision.blocks()) {
    auto const solved = linalg::solve_triangular(lower, linalg::transposed(precision.values(block)), false);
    for (std::size_t j = 0; j < solved.extent(1); ++j) {
      double sum = 0;
      for (std::size_t p = 0; p < solved.extent(0); ++p) sum += solved(p, j) * solved(p, j);
      *next++ = sum;
    }
  }
  Kokkos::deep_copy(variance, host);
  return variance;
}

/// Draws samples one after the other, to their mean square where that is wanted.
class Sampler {
 public:
  Sampler(Space const& space, PosteriorPrecision& precision)
      : space_{space},
        precision_{precision},
        local_{precision.core().local()},
        shell_{precision.core().comm(), static_cast<PetscInt>(precision.core().local_size()), true,
               [this](Vec x, Vec y) {
                 linalg::BorrowedView<double const> const from{x};
                 linalg::BorrowedView<double> const to{y};
                 precision_.apply_scaled(space_, from.tensor(local_), to.tensor(local_));
                 space_.fence();
               }},
        side_{shell_.vector()},
        solution_{shell_.vector()},
        solver_{shell_.mat(), "gp_pde_", KSPCG} {}

  Tensor draw(PosteriorRequest const& request, int number) {
    auto const seed = request.seed * 1000003u + static_cast<std::uint64_t>(number);
    {
      linalg::BorrowedView<double> const to{side_};
      Kokkos::deep_copy(to.tensor(local_), precision_.random_side(space_, seed));
    }
    auto const report = solver_.solve(side_, solution_, {request.rtol, 0.0, request.max_iterations});
    if (!report.converged) {
      throw solver_failed(fmt::format("a sample of the posterior did not converge in {} iterations ({})",
                                      report.iterations, report.reason),
                          "Give a larger gp_pde.uncertainty.noise, or more max_iterations.");
    }
    most_ = std::max(most_, report.iterations);
    linalg::BorrowedView<double const> const from{solution_};
    return precision_.at_nodes(space_, precision_.scaled(space_, from.tensor(local_)));
  }
  int most_iterations() const { return most_; }

 private:
  Space const& space_;
  PosteriorPrecision& precision_;
  grid::Extents local_;
  linalg::MatShell shell_;
  Handle<Vec> side_, solution_;
  solve::LinearSolver solver_;
  int most_ = 0;
};

/// The left-hand side at the nodes; of a nonlinear equation its tangent at the solution.
std::vector<WeightedGroup> observed_groups(MPI_Comm comm, Equation const& equation, std::vector<AxisBasis> const& bases,
                                           ConstTensor solution) {
  PointSet nodes;
  for (auto const& basis : bases) nodes.push_back(basis.axis.nodes);
  auto groups = weighted_groups(equation, nodes, comm);
  if (equation.nonlinear) {
    NodalNonlinearity nonlinearity{comm, *equation.nonlinear, bases, std::make_shared<Workspace>()};
    nonlinearity.linearise(Space{}, solution);
    groups.insert(groups.end(), nonlinearity.groups().begin(), nonlinearity.groups().end());
  }
  return groups;
}

}  // namespace

PdePosterior find_posterior(MPI_Comm comm, Equation const& equation, std::vector<AxisBasis> const& bases,
                            ConstTensor solution, PosteriorRequest const& request) {
  Space const space;
  std::vector<ConditionedAxis> axes;
  double core = 1;
  for (auto const& basis : bases) {
    axes.push_back(condition_on_ends(basis));
    axes.back().to_features = linalg::broadcast(comm, 0, axes.back().to_features);
    core *= axes.back().size();
  }
  if (request.method == VarianceMethod::exact && core > 4 * kLargestExactCore) {
    throw bad_input(fmt::format("an exact variance needs a dense matrix of {:.0f} functions", core),
                    "Write gp_pde.uncertainty.method: samples.");
  }
  // A prior of another amplitude s is this one with noise / s, times s.
  PosteriorPrecision precision{comm, observed_groups(comm, equation, bases, solution), axes,
                               request.noise / request.amplitude};
  PdePosterior result;
  result.exact = request.method == VarianceMethod::exact ||
                 (request.method == VarianceMethod::automatic && core <= kLargestExactCore);
  double const square = request.amplitude * request.amplitude;
  if (result.exact) {
    result.variance = exact_variance(comm, precision);
    scale(space, square, result.variance);
  }
  int const draws = result.exact ? request.kept : std::max(request.samples, request.kept);
  if (draws == 0) return result;
  Sampler sampler{space, precision};
  if (!result.exact) result.variance = linalg::make_tensor("gp_pde::variance", precision.nodes());
  for (int number = 0; number < draws; ++number) {
    auto const sample = sampler.draw(request, number);
    scale(space, request.amplitude, sample);
    if (!result.exact) add_square(space, 1.0 / draws, sample, result.variance);
    if (number < request.kept) result.samples.push_back(sample);
  }
  space.fence();
  result.largest_iterations = sampler.most_iterations();
  return result;
}

}  // namespace kroma::gp_pde
