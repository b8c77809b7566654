#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/space.hpp"

namespace kroma::numerics {

/// Cubic B-splines on given breakpoints (de Boor 1978, chapter X): n = breakpoints + 2 functions, the ends clamped, so
/// that they are a partition of unity. Beyond the ends every function goes on as a straight line. On the host.
class BSplineBasis {
 public:
  /// The four functions that do not vanish around a point, and their values there.
  struct Values {
    int first;
    std::array<double, 4> value;
  };

  /// Throws bad_input if there are fewer than two breakpoints or they do not rise.
  explicit BSplineBasis(std::vector<double> breakpoints);

  int size() const { return static_cast<int>(breakpoints_.size()) + 2; }
  std::vector<double> const& breakpoints() const { return breakpoints_; }

  /// Values (order 0) or derivatives (order 1, 2) of the functions at x.
  Values at(double x, int order = 0) const;
  /// The spline with `coefficients` (n), or its derivative, at x.
  double evaluate(std::span<double const> coefficients, double x, int order = 0) const;

  /// P (n, n): integral of the product of second derivatives over the breakpoints' interval. c^T P c is the roughness
  /// of a spline; straight lines have none. Exact.
  HostMatrix roughness() const;
  /// R (2 spans, n) with R^T R = P: second derivatives at Gauss points, for least squares.
  HostMatrix roughness_root() const;
  /// Greville's abscissae (n): a straight line has its own values there as coefficients.
  std::vector<double> abscissae() const;

 private:
  Values inside(double x, int order) const;

  std::vector<double> breakpoints_;
  std::vector<double> knots_;  // the ends four times
};

/// `count` breakpoints that part [low, high] equally.
std::vector<double> equal_parts(double low, double high, int count);

}  // namespace kroma::numerics
