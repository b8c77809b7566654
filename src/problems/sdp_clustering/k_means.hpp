#pragma once

#include <cstdint>
#include <vector>

#include "problems/sdp_clustering/points.hpp"

namespace kroma::sdp_clustering {

/// A partition of points into clusters.
struct Partition {
  Labels label;              // (local)
  HostMatrix mean;           // (K, d), in the coordinates of the points
  std::vector<double> size;  // (K)
  double within = 0;         // sum of squared distances to the own mean
  int iterations = 0;        // sweeps over the points

  int clusters() const { return mean.extent_int(0); }
};

/// Means to start from, by greedy k-means++ (Arthur and Vassilvitskii 2007): each the best of 2 + log K points drawn
/// with probabilities proportional to their squared distance from the means so far. Throws bad_input if there are fewer
/// distinct points than clusters. Collective.
HostMatrix seed_means(Points const& points, int clusters, std::uint64_t seed);

/// Lloyd's iteration (1982) from given means until no label changes; a cluster that loses all points gets the point
/// that fits worst. Collective.
Partition lloyd(Points const& points, HostMatrix mean, int most_sweeps = 300);

/// The best of `starts` runs of k-means++ and Lloyd, its labels polished. Collective.
Partition k_means(Points const& points, int clusters, int starts, std::uint64_t seed);

/// Means, sizes and sum of squares of given labels. Collective.
Partition partition_of(Points const& points, Labels label, int clusters);

/// Lloyd and single moves in turn until neither improves (Hartigan 1975): a partition that no single move betters.
/// Collective.
Partition polished(Points const& points, Partition partition);

}  // namespace kroma::sdp_clustering
