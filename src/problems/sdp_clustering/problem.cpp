#include "problems/sdp_clustering/problem.hpp"

#include <algorithm>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/problem_type.hpp"
#include "problems/sdp_clustering/admm.hpp"
#include "problems/sdp_clustering/methods.hpp"
#include "problems/sdp_clustering/results.hpp"

namespace kroma {
namespace {

using namespace sdp_clustering;

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

char const* name_of(Method method) {
  constexpr char const* names[] = {"sdp", "low_rank", "sketch_and_lift", "la_sdp", "ila_sdp", "k_means", "em"};
  return names[static_cast<int>(method)];
}

/// Bytes that one rank may use.
double memory_of(Solver const& solver, int ranks) {
  if (solver.memory > 0) return solver.memory * kGiB;
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE)) / ranks;
}

int rank_of(Solver const& solver, int clusters) { return solver.rank > 0 ? solver.rank : 2 * clusters; }

/// Matrices of n x n doubles that rank 0 holds at once.
double matrices_held(Options const& options, Solver const& solver, std::int64_t points) {
  bool const likelihood = options.method == Method::la_sdp || options.method == Method::ila_sdp;
  if (options.method == Method::sdp) return dense_matrices(1);
  if (!likelihood || points > solver.dense_up_to) return 0;
  return dense_matrices(*std::max_element(options.clusters.begin(), options.clusters.end()));
}

void report(Log const& log, Outcome const& outcome) {
  log.line(fmt::format("{} clusters: objective {:.8g}, {}", outcome.clusters, outcome.objective, outcome.certificate));
  if (outcome.mixture.floored > 0) {
    log.warning(
        fmt::format("{} covariance(s) would have become singular and were held at covariance.floor: the "
                    "likelihood has no maximum there, and the clusters they belong to may be too small",
                    outcome.mixture.floored));
  }
  if (!outcome.converged) {
    log.warning(
        fmt::format("the semidefinite solver stopped at a relative residual of {:.1e} after {} iterations; labels "
                    "and bound hold all the same. Raise solver.max_iterations or solver.tolerance",
                    outcome.kkt_residual, outcome.iterations));
  }
}

}  // namespace

SdpClustering::SdpClustering(Options options, Solver solver, Output output)
    : options_{std::move(options)}, solver_{std::move(solver)}, output_{std::move(output)} {}

Plan SdpClustering::plan(int ranks) const {
  auto const size = size_of(options_.data);
  int const clusters = *std::max_element(options_.clusters.begin(), options_.clusters.end());
  auto const n = static_cast<double>(size.points);
  double const dense = matrices_held(options_, solver_, size.points);
  // Points twice (as read, as features); factor, trial and multipliers; a score for each cluster.
  double const row = 2.0 * size.dimension + 2.0 * rank_of(solver_, clusters) + 4.0 * clusters + 8;
  Plan plan;
  plan.summary = fmt::format("{} for {} clusters of {} points in {} dimensions", name_of(options_.method), clusters,
                             size.points, size.dimension);
  plan.unknowns = static_cast<std::int64_t>(dense > 0 ? n * n : n * rank_of(solver_, clusters));
  plan.sizes = {{"points", fmt::format("{} x {}", size.points, size.dimension)}};
  plan.bytes_per_rank = 8.0 * (n * row / ranks + dense * n * n);
  if (dense > 0 && plan.bytes_per_rank > memory_of(solver_, ranks)) {
    throw bad_input(fmt::format("method {} on {} points needs {:.3g} GiB on one rank, which has {:.3g} GiB",
                                name_of(options_.method), size.points, plan.bytes_per_rank / kGiB,
                                memory_of(solver_, ranks) / kGiB),
                    "Use method low_rank or sketch_and_lift, or raise solver.memory.");
  }
  return plan;
}

void SdpClustering::prepare(MPI_Comm comm) { data_ = load(comm, options_); }

void SdpClustering::solve(Run& run) {
  Pauses pauses{run, data_.points, options_.clusters.size()};
  try {
    for (auto i = pauses.finished().size(); i < options_.clusters.size(); ++i) {
      pauses.finish(cluster(run, pauses, data_, options_, solver_, options_.clusters[i]));
    }
  } catch (Stopped const&) {
    return;
  }
  auto const& outcomes = pauses.finished();
  auto const path = compare_numbers(data_, options_, outcomes);
  auto const& outcome = outcomes[path.chosen];
  std::vector<BaselineResult> baselines;
  {
    Timed const timed{run.timers, "baselines"};
    baselines = run_baselines(data_, outcome.clusters, options_);
  }
  Timed const timed{run.timers, "output"};
  write_results(run, data_, output_, outcome, path, baselines);
  report(run.log, outcome);
}

ProblemType const& sdp_clustering_type() {
  static auto const type = problem_type<SdpClustering>(
      "sdp_clustering", "Clustering by semidefinite programming, with certificates", sdp_clustering::schema(),
      sdp_clustering::solver_schema(), sdp_clustering::output_schema());
  return type;
}

}  // namespace kroma
