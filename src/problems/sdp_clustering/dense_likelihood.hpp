#pragma once

#include <vector>

#include "problems/sdp_clustering/admm.hpp"

namespace kroma::sdp_clustering {

/// Solution of the likelihood relaxation: z is sum_k Z_k.
struct DenseGroups {
  DenseSolution sum;
  HostMatrix member;  // (n, K): Z_k 1
};

/// The likelihood relaxation, dense: min sum_k <C_k, Z_k> over Z_k psd, nonnegative, of trace 1, (sum_k Z_k) 1 = 1.
/// Nonnegativity and row sums are projected onto together by a semismooth Newton method for the n
/// multipliers of the row sums. The bound needs no feasible multipliers: 1^T y + sum_k lambda_min(C_k - P_k - (y 1^T +
/// 1 y^T) / 2).
///   cost (K) of (n, n), symmetric; start (n, K): memberships of a feasible hard partition
/// Throws solver_failed for NaN. Not collective.
DenseGroups solve_groups(Blocks const& cost, HostMatrix start, DenseLimits const& limits);

/// Projects onto {N_k >= 0, symmetric, sum_k N_k 1 = 1}: N_k = max(M_k - (v 1^T + 1 v^T), 0), in place; v (n) is the
/// start and the result. Returns the Newton steps taken. Throws solver_failed if they do not converge.
int project_row_sums(Blocks& m, std::vector<double>& v);

}  // namespace kroma::sdp_clustering
