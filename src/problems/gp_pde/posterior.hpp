#pragma once

#include <vector>

#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/sampling.hpp"

namespace kroma::gp_pde {

/// One axis of a process that is known on both its ends: u = sum_j xi_j phi_j with independent standard normal xi.
/// Conditioning a product covariance on all faces of a box leaves a product of the axes' conditioned covariances, whose
/// square roots these functions are: the prior's features, restricted to combinations that vanish at both ends.
struct ConditionedAxis {
  Features features;
  grid::Axis axis;
  HostMatrix to_features;  // (columns, m): phi in terms of features

  int size() const { return to_features.extent_int(1); }
  /// Derivative of phi of any order at points, (points, m).
  HostMatrix evaluate(std::vector<double> const& points, int order) const;
};

/// The functions, turned so that their Gram matrices S of values and R of second derivatives at the nodes are near
/// diagonal at once: eigenvectors of K / tr K + R / (100 tr R), K = - sym(phi^T phi''). K rises with frequency, which
/// tells apart what a flat prior leaves degenerate; S alone does not.
ConditionedAxis condition_on_ends(AxisBasis const& basis);

/// How a variance is found.
enum class VarianceMethod {
  automatic,  // exact where the core has at most kLargestExactCore functions, by samples beyond
  exact,      // one Cholesky factor of the whole precision
  samples     // mean square of posterior samples: a relative standard deviation of sqrt(2 / samples)
};
inline constexpr int kLargestExactCore = 3000;

struct PosteriorRequest {
  double noise = 0;      // standard deviation of the equation's values at the nodes, in the source's unit
  double amplitude = 1;  // factor of the prior's standard deviation
  VarianceMethod method = VarianceMethod::automatic;
  int samples = 64, kept = 0;  // drawn, and kept to be written
  std::uint64_t seed = 1;
  double rtol = 1e-6;  // of conjugate gradients for each sample
  int max_iterations = 2000;
};

/// Posterior of u given its values on the boundary, exactly, and L u at the nodes with independent noise.
struct PdePosterior {
  Tensor variance;              // at the nodes, this rank's part
  std::vector<Tensor> samples;  // deviations from the mean, at the nodes
  bool exact = false;
  int largest_iterations = 0;  // of all samples
};

/// The precision in the coordinates xi is I + A^T A / noise^2, with A the values of L phi at the nodes. Samples solve
/// it for xi_1 + A^T xi_2 / noise with white noise on core and grid (Papandreou and Yuille 2010), preconditioned by its
/// diagonal; random numbers depend on seed and global index alone. Throws bad_input for coefficients that vary or an
/// exact variance of too large a core, solver_failed where the iteration does not converge. Collective.
PdePosterior find_posterior(MPI_Comm comm, Equation const& equation, std::vector<AxisBasis> const& bases,
                            PosteriorRequest const& request);

}  // namespace kroma::gp_pde
