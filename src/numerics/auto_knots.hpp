#pragma once

#include <functional>

#include "numerics/cubic_spline.hpp"

namespace kroma::numerics {

/// How closely auto_knots() follows a function, and how hard it looks for what it might have missed.
struct AutoKnotsOptions {
  double tolerance = 1e-8;  // |f - S| <= tolerance (|f| + scale); the same of the integral over each bin
  double scale = 0;         // size below which f does not matter; 0: 1e-3 of its largest value met
  int initial_knots = 33;   // fewer miss a step between plateaus (measured: 6 knots miss erf on [-6, 6])
  int refinements = 2;      // how often bins that are wide among the others are tested again
  double refine_above = 1;  // such are those wider than mean + refine_above * standard deviation
  int max_knots = 100000;
};

struct AutoKnots {
  CubicSpline spline;
  int evaluations;  // of f
  double error;     // largest |f - S| / (|f| + scale) on points that had no part in making the spline
};

/// Cubic spline through f on [low, high] whose knots lie where f needs them (AutoKnots: Vitenti, de Simoni, Penna-Lima
/// and Barroso 2025): bins are halved until value and integral at each midpoint agree. Plateaus fool that test, so that
/// it begins with many knots, tests wide bins again, and at last holds the spline against f at two points in each bin
/// that were no midpoints; what fails there is halved too.
///
/// For functions, not for noisy data. Throws bad_input if high <= low or the tolerance is not in (0, 1); solver_failed
/// if f is not finite somewhere or max_knots do not suffice (a jump).
AutoKnots auto_knots(std::function<double(double)> const& f, double low, double high,
                     AutoKnotsOptions const& options = {});

}  // namespace kroma::numerics
