#pragma once

#include "problems/sdp_clustering/dense_likelihood.hpp"
#include "problems/sdp_clustering/low_rank.hpp"
#include "problems/sdp_clustering/mixture.hpp"
#include "problems/sdp_clustering/options.hpp"

namespace kroma::sdp_clustering {

// The likelihood relaxation as a factor problem, with features [x, -q_1..-q_K, 1], q_k = x^T S_k^-1 x / 2, in which
// every cost C_k = q_k 1^T + 1 q_k^T - X S_k^-1 X^T + l_k 1 1^T has low rank; l_k = log |S_k| - 2 log weight_k.

/// `weights` empty: none. `rank` columns for each cluster, 0: 2. Throws bad_input unless covariances are positive
/// definite.
FactorProblem make_group_problem(Points const& points, std::vector<HostMatrix> const& covariances,
                                 std::vector<double> const& weights, int rank);

struct GroupSolution {
  FactorSolution factor;
  Matrix member;  // (local, K): Z_k 1
};

/// Low-rank solve from labels: each column of cluster k is 1 on its points with some noise. Collective.
GroupSolution solve_group_problem(FactorProblem const& problem, Labels start, FactorLimits const& limits,
                                  std::uint64_t seed);

/// argmax_k (Z_k 1)_i.
Labels hard_labels(Matrix member);

/// Moments whose mixture maximises the lifted likelihood: scatters X^T diag(Z_k 1) X - X^T Z_k X. Collective.
Moments lifted_moments(Points const& points, FactorProblem const& problem, GroupSolution const& solution);

/// <C_k, 1 1^T> / n of a cluster with these moments.
double group_cost(HostMatrix moment, Whitening const& white);

/// The dense relaxation from labels; rank 0 works. `upper`: objective of the labels. Collective.
DenseGroups solve_dense_groups(Points const& points, std::vector<HostMatrix> const& covariances,
                               std::vector<double> const& weights, Labels start, Solver const& solver, double upper);

}  // namespace kroma::sdp_clustering
