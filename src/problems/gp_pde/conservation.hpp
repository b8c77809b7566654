#pragma once

#include <vector>

#include "core/space.hpp"
#include "problems/gp_pde/regression.hpp"

namespace kroma::gp_pde {

/// What the covariance of a predictive is taken for when it learns of a conserved total.
enum class ConservationUpdate {
  joint,     // the process's own
  diagonal,  // its pointwise variances
  uniform    // the same everywhere: the orthogonal projection
};

/// Mean and variance of a field on a plane of points, (n_x, n_t), and its conserved totals.
struct Predictive {
  HostMatrix mean, variance;
};

/// The constraint g . u(., t) = total(t) at every t, with noise of variance `noise` (0: exact).
struct Conservation {
  std::vector<double> weights;  // g, (n_x): a quadrature rule along the axis that is summed over
  std::vector<double> total;    // (n_t)
  double noise = 0;
};

/// Weights of the trapezoidal rule at ascending points.
std::vector<double> trapezoidal_weights(std::vector<double> const& points);

/// Largest |g . u - total| over all t.
double worst_total(HostMatrix u, Conservation const& constraint);

/// The predictive of `regression` at the points (x, t), given the constraint: exact Bayesian update
///   mean - S G^T M^-1 (G mean - b),   variance - diag(S G^T M^-1 G S),   M = noise I + G S G^T
/// (Hansen, Maddix, Alizadeh, Gupta and Mahoney 2023, eq. 8), with S as `update` says. The joint update's M is a full
/// n_t x n_t matrix, singular where the total is certain already: its eigenvalues below `tolerance` times the largest
/// are cut off, and what these leave of an exact constraint goes to a diagonal update, so that totals are met to
/// rounding. Host code, not collective; the data have two axes, x and t. `plain` is what regression alone says.
Predictive conserve(Regression const& regression, std::vector<std::vector<double>> const& points,
                    Predictive const& plain, Conservation const& constraint, ConservationUpdate update,
                    double tolerance = 1e-10);

/// Mean and variance at a tensor set of points of two axes.
Predictive predict(Regression const& regression, std::vector<std::vector<double>> const& points);

}  // namespace kroma::gp_pde
