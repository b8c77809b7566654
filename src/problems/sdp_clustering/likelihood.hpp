#pragma once

#include "problems/sdp_clustering/data.hpp"
#include "problems/sdp_clustering/outcome.hpp"
#include "problems/sdp_clustering/pauses.hpp"

namespace kroma::sdp_clustering {

/// Likelihood-adjusted relaxations (Zhuang, Chen and Yang 2023): labels are parameters, means are profiled out, and
///   -2 log L = sum_k <C_k, Z_k>,   C_k = D_k / 2 + log |S_k| 1 1^T,   (D_k)_ij = (x_i - x_j)^T S_k^-1 (x_i - x_j),
/// is linear in the group-wise membership matrices Z_k (psd, nonnegative, trace 1, row sums of their sum 1).

/// The covariances that the deck gives, as (d, d) matrices in scaled coordinates, one for each cluster. Throws
/// bad_input: wrong shape, not positive definite.
std::vector<HostMatrix> given_covariances(Data const& data, CovarianceOptions const& options, int clusters);

/// LA-SDP: known covariances. Low-rank from a start whose clusters are matched to the covariances, dense with a bound
/// for few points; equal covariances reduce it to the K-means relaxation of whitened points. Can stop early and go on,
/// except in the dense part. Collective.
Outcome by_la_sdp(Data const& data, int clusters, Options const& options, Solver const& solver, Pauses& pauses);

/// iLA-SDP: covariances (and weights) re-estimated from the relaxed memberships until the labels settle, from several
/// starts, of which the one of highest labelled likelihood counts. Can stop early and go on between starts. Collective.
Outcome by_ila_sdp(Data const& data, int clusters, Options const& options, Solver const& solver, Pauses& pauses);

}  // namespace kroma::sdp_clustering
