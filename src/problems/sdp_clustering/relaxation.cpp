#include "problems/sdp_clustering/relaxation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "problems/sdp_clustering/dense_sdp.hpp"
#include "problems/sdp_clustering/gather.hpp"
#include "problems/sdp_clustering/low_rank.hpp"

namespace kroma::sdp_clustering {
namespace {

constexpr std::uint64_t kRoundingSeed = 104729;
constexpr int kRoundingStarts = 5;

/// Z of a partition: 1 / size within clusters.
HostMatrix indicator_matrix(Labels label, std::vector<double> const& size) {
  auto const k = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, label);
  auto const n = k.extent(0);
  HostMatrix z{"sdp_clustering::z", n, n};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) z(i, j) = k(i) == k(j) ? 1.0 / size[static_cast<std::size_t>(k(i))] : 0.0;
  }
  return z;
}

}  // namespace

Partition first_partition(Points const& points, int clusters, Options const& options) {
  return polished(points, k_means(points, clusters, options.starts, static_cast<std::uint64_t>(options.seed)));
}

Partition rounded(Points const& points, Matrix denoised, Partition earlier, std::uint64_t seed) {
  auto const d = points.dimension();
  Matrix features{"sdp_clustering::denoised", denoised.extent(0), denoised.extent(1) + 1};
  Kokkos::parallel_for(
      "sdp_clustering::denoised", Kokkos::RangePolicy<Space>(0, points.local()), KOKKOS_LAMBDA(int const i) {
        for (int j = 0; j < d; ++j) features(i, j) = denoised(i, j);
        features(i, d) = 1.0;
      });
  Points const smooth{points.comm, points.count, points.offset, features};
  try {
    auto const guess = k_means(smooth, earlier.clusters(), kRoundingStarts, seed + kRoundingSeed);
    auto const start = partition_of(points, guess.label, earlier.clusters());
    auto better = polished(points, lloyd(points, start.mean));
    return better.within < earlier.within ? better : earlier;
  } catch (Error const& error) {
    // The relaxed solution may have fewer distinct rows than clusters (two of them merged): the earlier labels stand.
    if (error.kind() != Exit::bad_input) throw;
    return earlier;
  }
}

Outcome by_dense_sdp(Points const& points, int clusters, Options const& options, Solver const& solver, Pauses* pauses) {
  auto partition = first_partition(points, clusters, options);
  auto const all = all_of(points);
  auto const label = all_labels(points, partition.label);
  bool const first = is_first(points.comm);
  DenseSolution solution;
  auto const work = [&](Ask const& ask, std::vector<double> const& state) {
    auto const whole = partition_of(all, label, clusters);
    auto const certificate = certify(all, whole);
    DenseLimits const limits{solver.tolerance, solver.gap, solver.max_iterations, whole.within, ask, state};
    solution = solve_peng_wei(coordinates(all), clusters, indicator_matrix(label, whole.size),
                              multiplier_of(certificate, label), limits);
  };
  if (pauses != nullptr) {
    pauses->lead("dense", work);
  } else {
    agreed(points.comm, [&] {
      if (first) work({}, {});
    });
  }
  share_numbers(points.comm, solution);
  HostMatrix denoised;
  if (first) denoised = linalg::multiply(solution.z, coordinates(all));
  partition = rounded(points, share_rows(points, denoised), partition, static_cast<std::uint64_t>(options.seed));

  Outcome outcome;
  outcome.label = partition.label;
  outcome.objective = partition.within;
  outcome.relaxed = solution.objective;
  outcome.bound = solution.bound;
  outcome.kkt_residual = solution.kkt_residual;
  outcome.iterations = solution.iterations;
  outcome.converged = solution.converged;
  outcome.history = solution.history;
  outcome.membership = solution.z;
  outcome.more["dense"] = 1;
  outcome.certificate = outcome.gap() <= 1e-9 ? "optimal: proven by the multipliers"
                                              : fmt::format("bound by the multipliers, gap {:.2e}", outcome.gap());
  return outcome;
}

namespace {

constexpr std::int64_t kMostForDenseBound = 2000;  // an eigenproblem of seconds

/// K-means as a factor problem.
FactorProblem factor_problem(Points const& points, int clusters, Solver const& solver) {
  auto const p = static_cast<std::size_t>(points.width());
  HostMatrix cost{"sdp_clustering::cost", p, p};
  for (std::size_t i = 0; i + 1 < p; ++i) cost(i, i) = 1.0;
  return {points, {cost}, {static_cast<double>(clusters)}, solver.rank > 0 ? solver.rank : 2 * clusters};
}

/// |X|^2. Collective.
double total_of(Points const& points) {
  auto const moment = gram(points);
  double total = 0;
  for (std::size_t i = 0; i + 1 < moment.extent(0); ++i) total += moment(i, i);
  return total;
}

/// The bound from the multiplier y of the row sums: P is what is left of C + (y 1^T + 1 y^T) / 2 above zero, outside
/// the clusters. Rank 0 works. Collective.
double bound_from(Points const& points, Vector multiplier, Labels mine, int clusters) {
  Points const carrier{points.comm, points.count, points.offset,
                       Matrix(multiplier.data(), multiplier.extent(0), std::size_t{1})};
  auto const y = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, all_of(carrier).features);
  auto const label = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, all_labels(points, mine));
  auto const x = coordinates(all_of(points));
  double bound = 0;
  if (is_first(points.comm)) {
    auto const slack = linalg::multiply(x, x, false, true);
    double total = 0;
    for (std::size_t i = 0; i < slack.extent(0); ++i) total += slack(i, i);
    for (std::size_t i = 0; i < slack.extent(0); ++i) {
      for (std::size_t j = 0; j < slack.extent(1); ++j) {
        double const cost = -slack(i, j);
        double const above = label(i) == label(j) ? 0.0 : std::max(cost + 0.5 * (y(i, 0) + y(j, 0)), 0.0);
        slack(i, j) = cost - above;
      }
    }
    bound = total + peng_wei_bound(slack, clusters);
  }
  MPI_Bcast(&bound, 1, MPI_DOUBLE, 0, points.comm);
  return bound;
}

/// From random factors; a start whose iterates collapse, about one in fifty, is replaced. Collective.
FactorSolution solve_from_random(Points const& points, FactorProblem const& problem, std::uint64_t seed,
                                 FactorLimits const& limits) {
  constexpr int most = 3;
  for (auto trial = limits;; ++trial.start) {
    auto const start =
        random_factor(points, problem.columns(), seed + 32452843 * static_cast<std::uint64_t>(trial.start));
    auto solution = solve_low_rank(problem, start, trial);
    trial.start = solution.start;
    if (solution.residual < 0.1 || trial.start + 1 == most) return solution;
  }
}

/// Outcome of a partition with its own certificate.
Outcome certified(Points const& points, Partition const& partition, int most_shifts) {
  auto const certificate = certify(points, partition, most_shifts);
  Outcome outcome;
  outcome.label = partition.label;
  outcome.objective = outcome.relaxed = partition.within;
  outcome.bound = certificate.bound;
  outcome.kkt_residual = 0;
  outcome.certificate = certificate.proves(partition)
                            ? "optimal: proven in one pass from the partition's own multipliers"
                            : fmt::format("bound from the partition's own multipliers, gap {:.2e}", outcome.gap());
  return outcome;
}

}  // namespace

Outcome by_low_rank(Points const& points, int clusters, Options const& options, Solver const& solver, Pauses* pauses) {
  auto const seed = static_cast<std::uint64_t>(options.seed);
  auto partition = first_partition(points, clusters, options);
  if (solver.certify_first) {
    auto outcome = certified(points, partition, 0);
    if (outcome.gap() <= Certificate::kProof) return outcome;
  }
  auto const problem = factor_problem(points, clusters, solver);
  auto const solution = solve_from_random(points, problem, seed, {solver.tolerance, solver.max_iterations, pauses});
  Space const space;
  // Z X = U (U^T X); the row of ones of F^T U is left out.
  auto const back = linalg::transposed(linalg::rows(solution.projected, 0, points.dimension()));
  Matrix denoised{"sdp_clustering::denoised", static_cast<std::size_t>(points.local()),
                  static_cast<std::size_t>(points.dimension())};
  multiply(space, solution.factor, on_device(back), denoised);
  space.fence();
  partition = rounded(points, denoised, partition, seed);

  auto outcome = certified(points, partition, points.count > 100000 ? 3 : 12);
  double const total = total_of(points);
  outcome.relaxed = total + solution.objective;
  if (points.count <= kMostForDenseBound && outcome.gap() > 1e-9) {
    double const bound = bound_from(points, solution.multiplier, partition.label, clusters);
    if (bound > outcome.bound) {
      outcome.bound = bound;
      outcome.certificate = fmt::format("bound from the solver's multipliers, gap {:.2e}", outcome.gap());
    }
  }
  outcome.more["restarts"] = solution.start;
  outcome.kkt_residual = solution.residual;
  outcome.iterations = solution.sweeps;
  outcome.converged = solution.converged;
  outcome.history = solution.history;
  for (auto& step : outcome.history) step.objective += total;
  return outcome;
}

}  // namespace kroma::sdp_clustering
