#pragma once

#include <vector>

#include "core/space.hpp"
#include "problems/sdp_clustering/points.hpp"

namespace kroma::sdp_clustering {

/// Assignment of rows to columns of lowest total cost, by the Hungarian method (Kuhn 1955, in the form of Jonker and
/// Volgenant 1987): cost (n, m), n <= m; returns the column of every row. Not collective.
std::vector<int> assign(HostMatrix cost);

/// How found labels compare with known ones.
struct Confusion {
  HostMatrix count;          // (K, L): points with found label k and known label l
  std::vector<int> match;    // (K): known label that stands for each found one, -1 for none
  double misclustering = 0;  // share of points outside the best one-to-one matching
};

/// Collective.
Confusion compare(Points const& points, Labels found, int clusters, std::vector<int> const& truth, int known);

}  // namespace kroma::sdp_clustering
