#include "problems/sdp_clustering/path.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "problems/sdp_clustering/baselines.hpp"
#include "problems/sdp_clustering/matching.hpp"
#include "problems/sdp_clustering/sketch.hpp"

namespace kroma::sdp_clustering {
namespace {

constexpr int kPairs = 4;  // of halves

/// Labels of all points by the means of one half. Collective.
Labels labels_by_half(Points const& points, int clusters, std::uint64_t seed) {
  auto const half = sample_of(points, draw_rows(points.count, points.count / 2, seed));
  return lloyd(points, k_means(half, clusters, 3, seed).mean, 1).label;
}

double stability_of(Points const& points, int clusters, std::uint64_t seed) {
  double sum = 0;
  for (int pair = 0; pair < kPairs; ++pair) {
    auto const base = seed + 1000003 * (2 * static_cast<std::uint64_t>(pair) + 1);
    auto const one = labels_by_half(points, clusters, base);
    auto const other =
        Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, labels_by_half(points, clusters, base + 500009));
    std::vector<int> const known(other.data(), other.data() + other.size());
    sum += 1 - compare(points, one, clusters, known, clusters).misclustering;
  }
  return sum / kPairs;
}

}  // namespace

Path compare_numbers(Data const& data, Options const& options, std::vector<Outcome> const& outcomes) {
  Path path;
  for (auto const& outcome : outcomes) {
    path.points.push_back({outcome.clusters, outcome.objective, outcome.gap(), outcome.log_likelihood});
    if (outcomes.size() == 1) return path;  // no choice
    auto& point = path.points.back();
    auto const estimation = estimation_for(data.points, options.covariance, outcome.clusters);
    auto const fit = expectation_maximisation(data.points, outcome.label, outcome.clusters, estimation, false);
    int const free = parameters(estimation.kind, outcome.clusters, data.points.dimension(), estimation.weights);
    point.log_likelihood = fit.log_likelihood;
    point.bic = -2 * fit.log_likelihood + free * std::log(static_cast<double>(data.points.count));
    point.stability = stability_of(data.points, outcome.clusters, static_cast<std::uint64_t>(options.seed));
  }
  auto const best = std::min_element(path.points.begin(), path.points.end(),
                                     [](PathPoint const& a, PathPoint const& b) { return a.bic < b.bic; });
  path.chosen = static_cast<std::size_t>(best - path.points.begin());
  return path;
}

}  // namespace kroma::sdp_clustering
