#pragma once

#include <string>
#include <vector>

#include "problems/sdp_clustering/data.hpp"
#include "problems/sdp_clustering/k_means.hpp"
#include "problems/sdp_clustering/mixture.hpp"

namespace kroma::sdp_clustering {

/// What a baseline reaches on the same data.
struct BaselineResult {
  std::string method;  // "k_means", "em"
  int starts = 1, iterations = 0;
  Labels label;
  double within = 0, log_likelihood = 0, misclustering = 0, seconds = 0;
};

/// k-means++ and Lloyd, as a baseline: no polish. Collective.
BaselineResult k_means_baseline(Data const& data, int clusters, int starts, std::uint64_t seed);

/// EM for a mixture of Gaussians, each start from its own k-means; the fit of highest likelihood. Collective.
BaselineResult em_baseline(Data const& data, int clusters, int starts, std::uint64_t seed, Estimation const& estimation,
                           Fit* best = nullptr);

/// All that the deck asks for, from one start and from all. Collective.
std::vector<BaselineResult> run_baselines(Data const& data, int clusters, Options const& options);

/// How covariances are estimated for these points. Collective.
Estimation estimation_for(Points const& points, CovarianceOptions const& options, int clusters);

}  // namespace kroma::sdp_clustering
