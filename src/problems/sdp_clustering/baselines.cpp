#include "problems/sdp_clustering/baselines.hpp"

#include "problems/sdp_clustering/matching.hpp"

namespace kroma::sdp_clustering {
namespace {

std::uint64_t seed_of(std::uint64_t seed, int start) { return seed + 7919 * static_cast<std::uint64_t>(start); }

void score(Data const& data, int clusters, BaselineResult& result) {
  result.misclustering =
      data.truth.empty() && data.label_names.empty()
          ? std::numeric_limits<double>::quiet_NaN()
          : compare(data.points, result.label, clusters, data.truth, static_cast<int>(data.label_names.size()))
                .misclustering;
}

}  // namespace

Estimation estimation_for(Points const& points, CovarianceOptions const& options, int clusters) {
  return {options.kind, options.weights, covariance_floor(points, options, clusters), {}};
}

BaselineResult k_means_baseline(Data const& data, int clusters, int starts, std::uint64_t seed) {
  double const began = MPI_Wtime();
  auto const partition = k_means(data.points, clusters, starts, seed);
  BaselineResult result{"k_means", starts, partition.iterations, partition.label, partition.within, 0, 0, 0};
  result.log_likelihood = std::numeric_limits<double>::quiet_NaN();
  result.seconds = MPI_Wtime() - began;
  score(data, clusters, result);
  return result;
}

BaselineResult em_baseline(Data const& data, int clusters, int starts, std::uint64_t seed, Estimation const& estimation,
                           Fit* best) {
  double const began = MPI_Wtime();
  Fit most;
  int iterations = 0;
  for (int start = 0; start < starts; ++start) {
    auto const partition = k_means(data.points, clusters, 1, seed_of(seed, start));
    auto fit = expectation_maximisation(data.points, partition.label, clusters, estimation, false);
    iterations += fit.iterations;
    if (start == 0 || fit.log_likelihood > most.log_likelihood) most = std::move(fit);
  }
  BaselineResult result{"em", starts, iterations, most.label, 0, most.log_likelihood, 0, MPI_Wtime() - began};
  result.within = partition_of(data.points, most.label, clusters).within;
  score(data, clusters, result);
  if (best != nullptr) *best = std::move(most);
  return result;
}

std::vector<BaselineResult> run_baselines(Data const& data, int clusters, Options const& options) {
  auto const seed = static_cast<std::uint64_t>(options.seed);
  std::vector<BaselineResult> results;
  for (auto const baseline : options.compare) {
    for (int const starts : {1, options.starts}) {
      if (starts == 1 && options.starts == 1 && !results.empty() &&
          results.back().method == (baseline == Baseline::em ? "em" : "k_means")) {
        continue;
      }
      results.push_back(
          baseline == Baseline::k_means
              ? k_means_baseline(data, clusters, starts, seed)
              : em_baseline(data, clusters, starts, seed, estimation_for(data.points, options.covariance, clusters)));
    }
  }
  return results;
}

}  // namespace kroma::sdp_clustering
