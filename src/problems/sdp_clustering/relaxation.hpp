#pragma once

#include "problems/sdp_clustering/certificate.hpp"
#include "problems/sdp_clustering/options.hpp"
#include "problems/sdp_clustering/outcome.hpp"
#include "problems/sdp_clustering/pauses.hpp"

namespace kroma::sdp_clustering {

/// What the methods for the K-means relaxation share.

/// Labels from a relaxed solution: the rows of Z X are points with most of their noise removed; k-means on them, Lloyd
/// and single moves on X. Returns the better of that and `earlier`.
///   denoised (local, d): this rank's rows of Z X
/// Collective.
Partition rounded(Points const& points, Matrix denoised, Partition earlier, std::uint64_t seed);

/// Best of k-means with its labels polished: where every K-means method starts from. Collective.
Partition first_partition(Points const& points, int clusters, Options const& options);

/// The dense relaxation: first the certificate of the best partition at hand, and if that leaves a gap, the ADMM. Rank
/// 0 works on all points, the others wait. With `pauses` it can stop early and go on. Collective.
Outcome by_dense_sdp(Points const& points, int clusters, Options const& options, Solver const& solver,
                     Pauses* pauses = nullptr);

/// The relaxation by a nonnegative factor. With `pauses` it can stop early and go on. Collective.
Outcome by_low_rank(Points const& points, int clusters, Options const& options, Solver const& solver,
                    Pauses* pauses = nullptr);

}  // namespace kroma::sdp_clustering
