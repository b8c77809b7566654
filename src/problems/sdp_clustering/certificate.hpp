#pragma once

#include "problems/sdp_clustering/k_means.hpp"

namespace kroma::sdp_clustering {

/// A lower bound on the sum of squares of every partition into K clusters, and on the Peng-Wei relaxation, from the
/// multipliers that would prove one partition optimal.
struct Certificate {
  double bound = 0;  // <= the optimum, whatever the partition
  double shift = 0;  // tau
  Matrix slope;      // b (local, K) >= 0: row sums of the multiplier of Z >= 0 over each other cluster; 0 for the own
  HostMatrix total;  // T (K, K), symmetric: sums of b over a cluster

  static constexpr double kProof = 1e-9;  // relative gap that counts as none

  /// Whether the partition is optimal to rounding.
  bool proves(Partition const& partition) const { return partition.within - bound <= kProof * partition.within; }
};

/// One pass over the points and an eigenproblem of size d + K (K - 1) (structure of Iguchi, Mixon, Peterson and Villar
/// 2017): the multiplier P of Z >= 0 is a rank-one block b b^T / T for each pair of clusters, so that C - P has low
/// rank. Where the smallest shift that makes all b nonnegative does not prove the partition, lower ones are tried with
/// b clipped, each one more pass. Every cluster must have a point. Collective.
Certificate certify(Points const& points, Partition const& partition, int most_shifts = 12);

/// P (n, n) of a certificate of points that are all on this rank; 0 within clusters.
HostMatrix multiplier_of(Certificate const& certificate, Labels label);

}  // namespace kroma::sdp_clustering
