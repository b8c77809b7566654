#pragma once

#include <vector>

#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/sampling.hpp"

namespace kroma::gp_pde {

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

/// Posterior of u given its boundary data, exactly, and L u at the nodes with independent noise.
struct PdePosterior {
  Tensor variance;              // at the nodes, this rank's part
  std::vector<Tensor> samples;  // deviations from the mean, at the nodes
  bool exact = false;
  int largest_iterations = 0;  // of all samples
};

/// The posterior on axes with the conditions of `bases`. A nonlinear equation counts as its tangent at `solution`, the
/// coefficients (r0_local, r1, r2) in those bases (Laplace's approximation). Samples solve the precision of
/// posterior_precision.hpp for xi_1 + A^T xi_2 / noise with white noise on core and grid (Papandreou and Yuille 2010),
/// preconditioned by its diagonal. Throws bad_input for an exact variance of too large a core, solver_failed where the
/// iteration does not converge. Collective.
PdePosterior find_posterior(MPI_Comm comm, Equation const& equation, std::vector<AxisBasis> const& bases,
                            ConstTensor solution, PosteriorRequest const& request);

}  // namespace kroma::gp_pde
