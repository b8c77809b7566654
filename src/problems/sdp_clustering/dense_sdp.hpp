#pragma once

#include "problems/sdp_clustering/admm.hpp"

namespace kroma::sdp_clustering {

/// The Peng-Wei relaxation of K-means,
///   min <C, Z>,  C = -X X^T,  over  Z psd, Z 1 = 1, tr Z = K, Z >= 0,
/// reported as |X|^2 + <C, Z>. Everything but Z >= 0 is one spectral set, projected onto in closed form, because 1 is
/// an eigenvector of all its members.
///   x (n, d) centred; start Z (n, n), feasible; multiplier P (n, n) >= 0, its dual guess, or empty.
/// Where limits.ask makes it return, the solution counts for nothing. Throws solver_failed for NaN. Not collective.
DenseSolution solve_peng_wei(HostMatrix x, int clusters, HostMatrix start, HostMatrix multiplier,
                             DenseLimits const& limits);

/// Lower bound on <C, Z> for any P >= 0: (1/n) 1^T (C - P) 1 + the K - 1 lowest eigenvalues of J (C - P) J on the
/// complement of 1, because Z <= I. `slack` is C - P and is overwritten.
double peng_wei_bound(HostMatrix slack, int clusters);

}  // namespace kroma::sdp_clustering
