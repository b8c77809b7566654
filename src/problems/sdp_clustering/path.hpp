#pragma once

#include <vector>

#include "problems/sdp_clustering/data.hpp"
#include "problems/sdp_clustering/outcome.hpp"

namespace kroma::sdp_clustering {

/// One number of clusters on the path, and what speaks for it.
struct PathPoint {
  int clusters = 0;
  double objective = kUnknown, gap = kUnknown, log_likelihood = kUnknown, bic = kUnknown, stability = kUnknown;
};

/// All numbers of clusters that were tried, in the order of the deck; one point if there is no choice.
struct Path {
  std::vector<PathPoint> points;
  std::size_t chosen = 0;
};

/// Gap, BIC and stability of each number of clusters; the lowest BIC is chosen. BIC: of the mixture that EM finds from
/// the labels. Stability: how well two halves of the points agree on all of them, when each half is clustered alone by
/// k-means and its means label the whole (best matching, mean of several pairs). Collective.
Path compare_numbers(Data const& data, Options const& options, std::vector<Outcome> const& outcomes);

}  // namespace kroma::sdp_clustering
