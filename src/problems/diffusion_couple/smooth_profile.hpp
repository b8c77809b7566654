#pragma once

#include <functional>
#include <vector>

#include "core/space.hpp"
#include "numerics/b_spline.hpp"
#include "problems/diffusion_couple/measured_profile.hpp"

namespace kroma::diffusion_couple {

/// A smooth, monotone profile c(x), as the classical methods take it.
struct Curve {
  double low = 0, high = 0;    // m; beyond them the end members are reached
  double minus = 0, plus = 1;  // end members, left and right
  std::function<double(double)> value, slope;
};

/// A curve through a measured profile, and what the noise does to it: the variance of any quantity q of a curve is
/// the sum over k of ((q(up[k]) - q(down[k])) / (2 step))^2.
struct SmoothProfile {
  Curve best;
  std::vector<Curve> up, down;
  double step = 1;
  double deviation = 0;              // of one point, from the residuals
  double penalty = 0, freedoms = 0;  // weight of the roughness, effective number of parameters
};

/// c(x) = c- + (c+ - c-) Phi(z(x)), Phi(z) = (1 + erf z) / 2, z a cubic B-spline over the part of the couple that
/// changes, with straight tails: z is straight where D is constant, and tails are Gaussian. Minimises
/// sum_i w_i (c_i - c(x_i))^2 + mu integral z''^2 by Gauss-Newton; mu by generalised cross-validation (with effective
/// parameters counted 1.4 times), among monotone fits only. End members that the profile does not give are fitted.
/// Covariance (J^T W J + mu P)^-1 sigma^2.
///
/// x (points) m, rising; c (points); deviation (points) or empty. Throws Error(solver_failed) if no monotone fit is
/// found, Error(bad_input) if the profile does not change.
SmoothProfile smooth_probit(MeasuredProfile const& profile, SmoothingOptions const& options);

/// Cubic spline through all points, for data without noise; noise of the size of their fourth differences is carried
/// through by 32 pairs of perturbed data. Throws Error(bad_input) if the profile is not monotone.
SmoothProfile interpolate(MeasuredProfile const& profile);

/// Whichever of the two the options ask for.
SmoothProfile smooth(MeasuredProfile const& profile, SmoothingOptions const& options);

/// Values of quantities of a curve, and their standard errors.
struct Propagated {
  std::vector<double> value, standard_error;
};
Propagated propagate(SmoothProfile const& profile, std::function<std::vector<double>(Curve const&)> const& quantities);

/// Monotone (isotonic) regression of c (n) with weights one: the nearest rising sequence (pool adjacent violators).
std::vector<double> isotonic(std::vector<double> c);

}  // namespace kroma::diffusion_couple
