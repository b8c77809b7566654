#pragma once

#include <vector>

#include "core/space.hpp"
#include "problems/led_by_root.hpp"
#include "problems/sdp_clustering/outcome.hpp"

namespace kroma::sdp_clustering {

/// When a dense solver stops.
struct DenseLimits {
  double tolerance = 1e-6;  // relative KKT residual
  double gap = 0;           // or this rigorous relative gap to `upper`; 0: not
  int most_iterations = 20000;
  double upper = 0;                // objective of a feasible point
  Ask ask = {};                    // where given: asked after each iteration
  std::vector<double> state = {};  // what an earlier solve gave to `ask`, to go on from bit for bit, or empty
};

/// A dense solution and what is proven of it.
struct DenseSolution {
  HostMatrix z;          // (n, n), symmetric, nonnegative
  double objective = 0;  // of z
  double bound = 0;      // <= the optimum of the relaxation, whatever the iterate
  double kkt_residual = 0;
  int iterations = 0;
  bool converged = false;
  std::vector<Step> history;
};

/// The Peng-Wei relaxation of K-means,
///   min <C, Z>,  C = -X X^T,  over  Z psd, Z 1 = 1, tr Z = K, Z >= 0,
/// reported as |X|^2 + <C, Z>. Two-set ADMM (Boyd et al. 2011): one set holds everything but Z >= 0 and is projected
/// onto in closed form, because 1 is an eigenvector of all its members: the spectrum of the centred matrix goes to a
/// capped simplex (`SpectralSet`, `Penalty`). The last residual is that of an exact projection.
///   x (n, d) centred; start Z (n, n), feasible; multiplier P (n, n) >= 0, its dual guess, or empty.
/// Where limits.ask makes it return, the solution counts for nothing. Throws solver_failed for NaN. Not collective.
DenseSolution solve_peng_wei(HostMatrix x, int clusters, HostMatrix start, HostMatrix multiplier,
                             DenseLimits const& limits);

/// Lower bound on <C, Z> for any P >= 0: (1/n) 1^T (C - P) 1 + the K - 1 lowest eigenvalues of J (C - P) J on the
/// complement of 1, because Z <= I. `slack` is C - P and is overwritten.
double peng_wei_bound(HostMatrix slack, int clusters);

}  // namespace kroma::sdp_clustering
