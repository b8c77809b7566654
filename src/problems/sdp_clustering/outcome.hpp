#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "problems/sdp_clustering/k_means.hpp"
#include "problems/sdp_clustering/mixture.hpp"

namespace kroma::sdp_clustering {

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// One row of a solver's history.
struct Step {
  std::int64_t iteration = 0;
  double objective = kUnknown, bound = kUnknown, residual = kUnknown;
};

/// What a method finds for one number of clusters. Objectives: for the K-means methods the sum of squared distances to
/// the own mean; for the likelihood methods -2 log L of the labelled points. `objective` is that of the labels,
/// `relaxed` that of the relaxation at the solver's last iterate, `bound` proven below both (NaN: none).
struct Outcome {
  int clusters = 0;
  Labels label;
  double objective = kUnknown, relaxed = kUnknown, bound = kUnknown, kkt_residual = kUnknown;
  double log_likelihood = kUnknown;  // of the labelled points under the mixture that fits them
  std::int64_t iterations = 0;
  bool converged = true;
  std::string certificate = "none";  // in words: how the bound was proven, or why there is none
  std::vector<Step> history;
  HostMatrix membership;  // Z (n, n) on rank 0 where it is dense, else empty
  Mixture mixture;
  std::map<std::string, double> more;  // further metrics of the method

  /// Proven distance from the optimum, relative to the objective.
  double gap() const { return (objective - bound) / std::max(std::abs(objective), 1e-300); }
};

}  // namespace kroma::sdp_clustering
