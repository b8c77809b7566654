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

}  // namespace kroma::sdp_clustering
