#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/space.hpp"
#include "solve/minimiser.hpp"

namespace kroma::solve {

/// Residuals at x, already divided by their standard deviations where these are known: fills r (m); and, if the pointer
/// is not null, the Jacobian dr/dx (m, n). May leave values that are not finite: the step is then taken back.
using Residuals = std::function<void(std::vector<double> const& x, std::vector<double>& r, HostMatrix const* jacobian)>;

struct LeastSquaresProblem {
  std::size_t residuals = 0;  // m >= n
  std::vector<double> start;  // (n)
  Box box;                    // of start's size, or empty
  Residuals evaluate;
};

struct LeastSquaresTolerances {
  int max_iterations = 100;
  /// Converged when the part of the residual that a step could still remove is below this times the residual, or when
  /// the step is below this times x, both in units of what they do to the residual.
  double relative = 1e-10;
};

struct LeastSquaresReport {
  std::vector<double> x;      // (n)
  double sum_of_squares = 0;  // at x
  int iterations = 0;         // Jacobians used
  bool converged = false;
  std::string reason;
  std::vector<int> at_bound;  // (n) 1 where x was held by a bound
  /// (n, n) inverse of J^T J at x: covariance of x for residuals of unit variance; times variance() where their
  /// variance is not known. Rows of parameters at a bound are 0, of parameters that the residuals do not determine
  /// infinite.
  HostMatrix covariance;
  /// Sum of squares / (m - free parameters).
  double variance = 0;
};

/// Minimises the sum of squares of a few parameters' residuals within bounds: Levenberg and Marquardt's method
/// (Marquardt 1963, with the scaling of More 1978) on a singular value decomposition of the scaled Jacobian per
/// iteration; parameters that lean against a bound leave the step (Gill, Murray and Wright 1981, active sets). Not
/// collective. Throws solver_failed if the residuals at the start are not finite.
LeastSquaresReport minimise_squares(LeastSquaresProblem const& problem, LeastSquaresTolerances const& tolerances = {});

/// Correlation matrix (n, n) of a covariance; 0 where a variance is 0 or infinite, 1 on the diagonal.
HostMatrix correlation_of(HostMatrix const& covariance);

}  // namespace kroma::solve
