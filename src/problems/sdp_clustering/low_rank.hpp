#pragma once

#include <vector>

#include "problems/sdp_clustering/outcome.hpp"
#include "problems/sdp_clustering/pauses.hpp"
#include "problems/sdp_clustering/points.hpp"

namespace kroma::sdp_clustering {

/// minimise  sum_k <C_k, U_k U_k^T>   over U_k >= 0 (n, rank) with  sum_k U_k U_k^T 1 = 1,  |U_k|_F^2 = trace_k,
/// where C_k = -F M_k F^T comes from features F (n, p) whose last column is 1: K-means has one block with M = diag(I,
/// 0), the likelihood one for each cluster.
struct FactorProblem {
  Points points;                 // F
  std::vector<HostMatrix> cost;  // M_k (p, p), symmetric
  std::vector<double> trace;     // of each block
  int rank = 2;                  // columns of each block

  int columns() const { return rank * static_cast<int>(cost.size()); }
};

struct FactorLimits {
  double tolerance = 1e-6;  // of |R| / sqrt(n) and of the projected gradient step
  int most_sweeps = 20000;
  Pauses* pauses = nullptr;  // where given: asked between minimisations, and gone on from
  int start = 0;             // number of this start
};

struct FactorSolution {
  Matrix factor;         // U (local, columns)
  HostMatrix projected;  // F^T U (p, columns)
  Vector multiplier;     // of U U^T 1 = 1, (local), in units of the cost
  double objective = 0;  // sum_k <C_k, U_k U_k^T>
  double residual = 0;   // the larger of the two that the tolerance limits
  std::int64_t sweeps = 0;
  bool converged = false;
  std::vector<Step> history;
  int start = 0;  // of the limits, or that of the state that was gone on from
};

/// Scaled augmented Lagrangian with spectral projected gradient steps (Zhuang, Chen, Yang and Zhang 2024; Birgin,
/// Martinez and Raydan 2000). Each trial is one sweep over the rows and one reduction of columns * (p + 2 columns + 1)
/// numbers: value, gradient products and step length follow from small matrices; the gradient itself is formed row by
/// row and never stored.
///   start (local, columns), nonnegative, overwritten
/// Throws solver_failed for NaN, and what Pauses throws. Collective.
FactorSolution solve_low_rank(FactorProblem const& problem, Matrix start, FactorLimits const& limits);

/// |N(0, 1)| by row number: the same on any number of ranks.
Matrix random_factor(Points const& points, int columns, std::uint64_t seed);

/// Near the partition with these labels: each column is 1 on the points of one of K clusters, with some noise, which
/// leaves the columns of a cluster free to part. The same on any number of ranks.
Matrix labelled_factor(Points const& points, Labels label, int clusters, int columns, std::uint64_t seed);

}  // namespace kroma::sdp_clustering
