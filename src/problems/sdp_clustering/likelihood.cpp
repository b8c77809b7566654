#include "problems/sdp_clustering/likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "problems/sdp_clustering/baselines.hpp"
#include "problems/sdp_clustering/gather.hpp"
#include "problems/sdp_clustering/group_problem.hpp"
#include "problems/sdp_clustering/kernels.hpp"
#include "problems/sdp_clustering/matching.hpp"
#include "problems/sdp_clustering/relaxation.hpp"

namespace kroma::sdp_clustering {
namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;

double constant_of(Points const& points) {
  return static_cast<double>(points.count * points.dimension()) * std::log(kTwoPi);
}

bool is_common(Kind kind) { return kind == Kind::common || kind == Kind::common_isotropic; }

/// A (d, d) matrix from a variance, a list of variances or a matrix.
HostMatrix to_matrix(std::vector<std::vector<double>> const& value, std::size_t d, std::size_t number) {
  HostMatrix matrix{"sdp_clustering::covariance", d, d};
  bool const scalar = value.size() == 1 && value[0].size() == 1;
  bool const column =
      value.size() == d && std::all_of(value.begin(), value.end(), [](auto const& v) { return v.size() == 1; });
  bool const square =
      value.size() == d && std::all_of(value.begin(), value.end(), [&](auto const& v) { return v.size() == d; });
  if (!scalar && !column && !square) {
    throw bad_input(
        fmt::format("covariance.values: number {} is neither a variance, nor {} variances, nor a {} x {} matrix",
                    number + 1, d, d, d));
  }
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) {
      if (scalar || (column && !square)) {
        matrix(i, j) = i == j ? value[scalar ? 0 : i][0] : 0.0;
      } else {
        matrix(i, j) = value[i][j];
        if (std::abs(value[i][j] - value[j][i]) > 1e-12 * (std::abs(value[i][i]) + std::abs(value[j][j]))) {
          throw bad_input(fmt::format("covariance.values: matrix {} is not symmetric", number + 1));
        }
      }
    }
  }
  return matrix;
}

/// x -> W^T x, for clusters that share one covariance.
Points whitened(Points const& points, HostMatrix whitener) {
  auto const d = whitener.extent(0);
  HostMatrix factor{"sdp_clustering::whitening", d + 1, d + 1};
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) factor(i, j) = whitener(i, j);
  }
  factor(d, d) = 1;
  Points white{points.comm, points.count, points.offset,
               Matrix{"sdp_clustering::whitened", points.features.extent(0), d + 1}};
  multiply(Space{}, points.features, on_device(factor), white.features);
  Space{}.fence();
  return white;
}

/// Equal covariances: the K-means relaxation of whitened points, in units of -2 log L.
Outcome by_whitening(Points const& points, HostMatrix covariance, int clusters, Options const& options,
                     Solver const& solver, Pauses& pauses) {
  auto const white = whitening(covariance, 0);
  auto const space = whitened(points, white.factor);
  auto outcome = points.count <= solver.dense_up_to ? by_dense_sdp(space, clusters, options, solver, &pauses)
                                                    : by_low_rank(space, clusters, options, solver, &pauses);
  double const constant =
      constant_of(points) + static_cast<double>(points.count) * (white.log_determinant + 2 * std::log(clusters));
  for (auto* value : {&outcome.objective, &outcome.relaxed, &outcome.bound}) *value += constant;
  for (auto& step : outcome.history) {
    step.objective += constant;
    step.bound += constant;
  }
  return outcome;
}

/// Clusters of a partition matched to covariances at lowest cost <C_k, 1_l 1_l^T> / n_l; relabelled so that cluster k
/// has covariance k. Collective.
Labels matched(Points const& points, Partition const& partition, std::vector<HostMatrix> const& covariances) {
  auto const clusters = static_cast<std::size_t>(partition.clusters());
  Matrix member{"sdp_clustering::member", partition.label.extent(0), clusters};
  indicate(Space{}, partition.label, member);
  auto const moments = moments_of(points, member);
  HostMatrix cost{"sdp_clustering::cost", clusters, clusters};
  for (std::size_t k = 0; k < clusters; ++k) {
    auto const white = whitening(covariances[k], static_cast<int>(k));
    for (std::size_t l = 0; l < clusters; ++l) cost(l, k) = group_cost(moments[l], white);
  }
  auto const target = assign(cost);
  VectorOn<Space, int> map{"sdp_clustering::map", clusters};
  Kokkos::deep_copy(map, VectorOn<Host, int const>(target.data(), clusters));
  Labels label{"sdp_clustering::label", partition.label.extent(0)};
  auto const from = partition.label;
  Kokkos::parallel_for(
      "sdp_clustering::matched", Kokkos::RangePolicy<Space>(0, label.extent_int(0)),
      KOKKOS_LAMBDA(int const i) { label(i) = map(from(i)); });
  return label;
}

/// One relaxed solve from labels: soft memberships, and the labels they round to.
struct Relaxed {
  GroupSolution solution;
  Labels label;
};

/// What the search over starts keeps.
struct Candidate {
  Labels label;
  Mixture mixture;
  double log_likelihood = -std::numeric_limits<double>::infinity();
  std::int64_t sweeps = 0;
  int outer = 0, rejected = 0;  // steps taken; those among them that would have lowered the likelihood of the labels
  double relaxed = kUnknown, residual = kUnknown;
  std::vector<Step> history;
};

/// Keeps the labels if they are at least as likely as the best so far, to rounding; whether they are.
bool offer(Points const& points, Labels label, int clusters, Estimation const& estimation, Candidate& best) {
  Mixture mixture;
  double const likelihood = labelled_log_likelihood(points, label, clusters, estimation, mixture);
  bool const first = std::isinf(best.log_likelihood);
  if (!std::isfinite(likelihood)) return false;
  if (!first && likelihood < best.log_likelihood - 1e-12 * std::abs(best.log_likelihood)) return false;
  best.label = label;
  best.mixture = mixture;
  best.log_likelihood = likelihood;
  return true;
}

std::int64_t changes(Points const& points, Labels a, Labels b) {
  std::int64_t count = 0;
  Kokkos::parallel_reduce(
      "sdp_clustering::changes", Kokkos::RangePolicy<Space>(0, a.extent_int(0)),
      KOKKOS_LAMBDA(int const i, std::int64_t& sum) { sum += a(i) != b(i) ? 1 : 0; }, count);
  MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_INT64_T, MPI_SUM, points.comm);
  return count;
}

/// The alternation from one start. Every step raises the likelihood of the labels, profiled over the mixture: the first
/// that would lower it is rejected, and ends the search. Collective.
Candidate alternate(Points const& points, Labels start, int clusters, Estimation const& estimation,
                    Solver const& solver, std::uint64_t seed) {
  constexpr int most_outer = 15;
  Candidate best;
  offer(points, start, clusters, estimation, best);
  if (best.mixture.covariance.empty()) return best;  // an empty cluster
  auto label = start;
  auto mixture = best.mixture;
  double before = std::numeric_limits<double>::infinity();
  FactorLimits const limits{std::max(solver.tolerance, 1e-4), std::min(solver.max_iterations, 600)};
  for (int outer = 0; outer < most_outer; ++outer) {
    auto const problem = make_group_problem(points, mixture.covariance,
                                            estimation.weights ? mixture.weight : std::vector<double>{}, solver.rank);
    auto const solution = solve_group_problem(problem, label, limits, seed + static_cast<std::uint64_t>(outer));
    best.sweeps += solution.factor.sweeps;
    ++best.outer;
    best.relaxed = solution.factor.objective;
    best.residual = solution.factor.residual;
    best.history.push_back({outer + 1, best.relaxed + constant_of(points), kUnknown, best.residual});
    auto const next = hard_labels(solution.member);
    if (!offer(points, next, clusters, estimation, best)) {
      ++best.rejected;
      break;
    }
    bool const settled = changes(points, label, next) == 0 || std::abs(before - best.relaxed) < 1e-6 * std::abs(before);
    before = best.relaxed;
    label = next;
    auto const moments = lifted_moments(points, problem, solution);
    bool const empty = std::any_of(moments.begin(), moments.end(),
                                   [](HostMatrix m) { return !(m(m.extent(0) - 1, m.extent(0) - 1) > 1.0); });
    if (settled || empty) break;
    mixture = mixture_of(moments, estimation);
  }
  return best;
}

/// Labels to start from: the K-means relaxation; then EM from k-means and from points drawn as means, in turn. The
/// likelihood of labels has many more local maxima than that of the mixture: without EM, starts end in worse ones.
Labels start_labels(Points const& points, int clusters, Estimation const& estimation, Options const& options,
                    Solver const& solver, int start) {
  auto const seed = static_cast<std::uint64_t>(options.seed) + 15485863 * static_cast<std::uint64_t>(start);
  if (start == 0) {
    auto gentle = solver;
    gentle.tolerance = std::max(solver.tolerance, 1e-4);
    gentle.max_iterations = std::min(solver.max_iterations, 1000);
    return by_low_rank(points, clusters, options, gentle).label;
  }
  auto const means = seed_means(points, clusters, seed);
  auto const label = lloyd(points, means, start % 2 == 1 ? 300 : 1).label;
  return expectation_maximisation(points, label, clusters, estimation, false).label;
}

/// Hands the labels on as the deck says; the fit counts only if it is better.
void polish(Points const& points, int clusters, Options const& options, Estimation const& estimation, Candidate& best) {
  if (options.polish == Polish::none || !std::isfinite(best.log_likelihood)) return;
  auto const fit = expectation_maximisation(points, best.label, clusters, estimation, options.polish == Polish::cem);
  if (options.polish == Polish::cem) {
    offer(points, fit.label, clusters, estimation, best);
  } else {
    best.label = fit.label;
    best.mixture = fit.mixture;
    Mixture ignored;
    best.log_likelihood = labelled_log_likelihood(points, fit.label, clusters, estimation, ignored);
  }
}

/// The dense relaxation at fixed covariances, for its bound. Collective.
void prove(Points const& points, std::vector<HostMatrix> const& covariances, std::vector<double> const& weights,
           Labels label, Solver const& solver, Outcome& outcome) {
  auto const dense =
      solve_dense_groups(points, covariances, weights, label, solver, outcome.objective - constant_of(points));
  outcome.bound = dense.sum.bound + constant_of(points);
  outcome.relaxed = dense.sum.objective + constant_of(points);
  outcome.kkt_residual = dense.sum.kkt_residual;
  outcome.iterations += dense.sum.iterations;
  outcome.converged = dense.sum.converged;
  outcome.history = dense.sum.history;
  for (auto& step : outcome.history) {
    step.objective += constant_of(points);
    step.bound += constant_of(points);
  }
  outcome.membership = dense.sum.z;
  outcome.more["dense"] = 1;
  outcome.certificate = fmt::format("bound by the multipliers at these covariances, gap {:.2e}", outcome.gap());
}

Outcome outcome_of(Points const& points, Candidate const& best) {
  Outcome outcome;
  outcome.label = best.label;
  outcome.mixture = best.mixture;
  outcome.log_likelihood = best.log_likelihood;
  outcome.objective = -2 * best.log_likelihood;
  outcome.relaxed = best.relaxed + constant_of(points);
  outcome.kkt_residual = best.residual;
  outcome.iterations = best.sweeps;
  outcome.history = best.history;
  outcome.certificate = "none: a bound needs the dense relaxation, for at most solver.dense_up_to points";
  return outcome;
}

/// The search over starts, between two of them.
struct Search {
  Candidate best;
  int next = 0;  // start
  std::int64_t sweeps = 0, rejected = 0;
};

constexpr auto kPausesAs = "starts";

void ask(Points const& points, Pauses& pauses, Search const& search, int starts) {
  auto const words = fmt::format("start {} of {}", search.next + 1, starts);
  pauses.ask(kPausesAs, search.next, words, [&](io::Checkpoint& checkpoint) {
    auto const& best = search.best;
    Outcome outcome;
    outcome.label = best.label;
    if (best.mixture.covariance.empty())
      outcome.label = Labels{"sdp_clustering::label", static_cast<std::size_t>(points.local())};
    outcome.mixture = best.mixture;
    outcome.log_likelihood = best.log_likelihood;
    outcome.iterations = best.sweeps;
    outcome.relaxed = best.relaxed;
    outcome.kkt_residual = best.residual;
    outcome.history = best.history;
    save_outcome(checkpoint, "best", points, outcome);
    save_numbers(
        checkpoint, "search", points,
        {static_cast<double>(search.next), static_cast<double>(search.sweeps), static_cast<double>(search.rejected),
         static_cast<double>(best.outer), static_cast<double>(best.rejected)});
  });
}

Search saved_search(Points const& points, Pauses& pauses) {
  Search search;
  auto const checkpoint = pauses.saved(kPausesAs);
  if (!checkpoint) return search;
  auto const outcome = load_outcome(*checkpoint, "best", points);
  auto const numbers = load_numbers(*checkpoint, "search", points);
  search.next = static_cast<int>(numbers[0]);
  search.sweeps = static_cast<std::int64_t>(numbers[1]);
  search.rejected = static_cast<std::int64_t>(numbers[2]);
  search.best = {outcome.label,
                 outcome.mixture,
                 outcome.log_likelihood,
                 outcome.iterations,
                 static_cast<int>(numbers[3]),
                 static_cast<int>(numbers[4]),
                 outcome.relaxed,
                 outcome.kkt_residual,
                 outcome.history};
  return search;
}

}  // namespace

std::vector<HostMatrix> given_covariances(Data const& data, CovarianceOptions const& options, int clusters) {
  if (options.values.empty()) return data.covariances;
  auto const d = static_cast<std::size_t>(data.points.dimension());
  std::vector<HostMatrix> all;
  for (std::size_t k = 0; k < options.values.size(); ++k) {
    auto const matrix = to_matrix(options.values[k], d, k);
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) matrix(i, j) /= data.scale[i] * data.scale[j];
    }
    whitening(matrix, static_cast<int>(k));  // throws unless it is positive definite
    all.push_back(matrix);
  }
  if (all.size() == 1) all.assign(static_cast<std::size_t>(clusters), all.front());
  return all;
}

Outcome by_la_sdp(Data const& data, int clusters, Options const& options, Solver const& solver, Pauses& pauses) {
  auto const& points = data.points;
  auto const covariances = given_covariances(data, options.covariance, clusters);
  if (is_common(options.covariance.kind)) {
    return by_whitening(points, covariances.front(), clusters, options, solver, pauses);
  }
  Estimation const estimation{options.covariance.kind, false, 0.0, covariances};
  auto const partition = first_partition(points, clusters, options);
  auto const start = matched(points, partition, covariances);
  Candidate best;
  offer(points, start, clusters, estimation, best);
  auto const problem =
      make_group_problem(points, covariances, std::vector<double>(covariances.size(), 1.0 / clusters), solver.rank);
  auto const solution = solve_group_problem(problem, start, {solver.tolerance, solver.max_iterations, &pauses},
                                            static_cast<std::uint64_t>(options.seed));
  offer(points, hard_labels(solution.member), clusters, estimation, best);
  auto chosen = options;
  if (chosen.polish == Polish::em) chosen.polish = Polish::cem;  // covariances are known: nothing is estimated
  polish(points, clusters, chosen, estimation, best);
  best.relaxed = solution.factor.objective;
  best.residual = solution.factor.residual;
  best.sweeps = solution.factor.sweeps;
  auto outcome = outcome_of(points, best);
  outcome.converged = solution.factor.converged;
  outcome.history = solution.factor.history;
  for (auto& step : outcome.history) step.objective += constant_of(points);
  if (points.count <= solver.dense_up_to) {
    prove(points, covariances, std::vector<double>(covariances.size(), 1.0 / clusters), best.label, solver, outcome);
  }
  return outcome;
}

Outcome by_ila_sdp(Data const& data, int clusters, Options const& options, Solver const& solver, Pauses& pauses) {
  auto const& points = data.points;
  auto const estimation = estimation_for(points, options.covariance, clusters);
  auto [best, first, sweeps, rejected] = saved_search(points, pauses);
  for (int start = first; start < options.starts; ++start) {
    auto const labels = start_labels(points, clusters, estimation, options, solver, start);
    auto trial = alternate(points, labels, clusters, estimation, solver, static_cast<std::uint64_t>(options.seed));
    auto careful = options;
    careful.polish = options.polish == Polish::none ? Polish::none : Polish::cem;
    polish(points, clusters, careful, estimation, trial);
    sweeps += trial.sweeps;
    rejected += trial.rejected;
    if (trial.log_likelihood > best.log_likelihood) best = std::move(trial);
    if (start + 1 < options.starts) ask(points, pauses, {best, start + 1, sweeps, rejected}, options.starts);
  }
  if (!std::isfinite(best.log_likelihood)) {
    throw solver_failed("every start of iLA-SDP lost a cluster", "Ask for fewer clusters, or raise covariance.floor.");
  }
  if (options.polish == Polish::em) polish(points, clusters, options, estimation, best);
  auto outcome = outcome_of(points, best);
  outcome.iterations = sweeps;
  outcome.more["covariance_floor"] = estimation.floor;
  outcome.more["outer_iterations"] = best.outer;
  outcome.more["rejected_steps"] = static_cast<double>(rejected);
  if (points.count <= solver.dense_up_to && !is_common(options.covariance.kind)) {
    prove(points, best.mixture.covariance, best.mixture.weight, best.label, solver, outcome);
  }
  return outcome;
}

}  // namespace kroma::sdp_clustering
