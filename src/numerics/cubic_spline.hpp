#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/space.hpp"

namespace kroma::numerics {

/// What a cubic spline does at its ends, where the data alone leave two conditions open.
enum class SplineEnds {
  natural,    // no curvature; error of order h^2 near the ends unless the function has none either
  not_a_knot  // the outer two pieces are one cubic; error of order h^4 everywhere
};

/// Pieces of a piecewise cubic for kernels: on [knot(i), knot(i+1)] with u = x - knot(i) the value is
/// c(i,0) + u (c(i,1) + u (c(i,2) + u c(i,3))). Outside it goes on as a straight line. Copies share their arrays.
struct SplineTable {
  ConstVector knots;                 // (n), rising
  ConstMatrix coefficients;          // (n-1, 4)
  ConstVector areas;                 // (n) integral from the first knot
  VectorOn<Space, int const> hints;  // (buckets) the last piece that begins at or before the bucket's low end

  KOKKOS_INLINE_FUNCTION int piece(double x) const {
    int const last = knots.extent_int(0) - 2, buckets = hints.extent_int(0);
    double const place = (x - knots(0)) / (knots(last + 1) - knots(0)) * buckets;
    int i = hints(place <= 0.0 ? 0 : place >= buckets ? buckets - 1 : static_cast<int>(place));
    while (i < last && x >= knots(i + 1)) ++i;
    while (i > 0 && x < knots(i)) --i;
    return i;
  }
  /// x moved into the table; what is left over is continued along the end's tangent.
  KOKKOS_INLINE_FUNCTION double inside(double x) const {
    double const low = knots(0), high = knots(knots.extent_int(0) - 1);
    return x < low ? low : x > high ? high : x;
  }
  KOKKOS_INLINE_FUNCTION double operator()(double x) const {
    double const at = inside(x);
    int const i = piece(at);
    double const u = at - knots(i);
    double const value =
        coefficients(i, 0) + u * (coefficients(i, 1) + u * (coefficients(i, 2) + u * coefficients(i, 3)));
    return x == at ? value : value + (x - at) * slope(i, u);
  }
  KOKKOS_INLINE_FUNCTION double derivative(double x) const {
    double const at = inside(x);
    int const i = piece(at);
    return slope(i, at - knots(i));
  }
  /// Integral from the first knot to x.
  KOKKOS_INLINE_FUNCTION double integral(double x) const {
    double const at = inside(x);
    int const i = piece(at);
    double const u = at - knots(i);
    double const area =
        areas(i) + u * (coefficients(i, 0) +
                        u * (coefficients(i, 1) / 2 + u * (coefficients(i, 2) / 3 + u * coefficients(i, 3) / 4)));
    return x == at ? area : area + (x - at) * 0.5 * ((*this)(at) + (*this)(x));
  }

 private:
  KOKKOS_INLINE_FUNCTION double slope(int i, double u) const {
    return coefficients(i, 1) + u * (2 * coefficients(i, 2) + 3 * u * coefficients(i, 3));
  }
};

/// Cubic spline through points, twice continuously differentiable (de Boor 1978, chapter IV), with analytic derivatives
/// and integrals. Beyond its ends it goes on as a straight line. On the host; table() is for kernels.
class CubicSpline {
 public:
  /// x (n) rising, y (n). Throws bad_input if n < 2 (not_a_knot: fewer than 4 points make it the polynomial through
  /// them), if x does not rise or a number is not finite.
  CubicSpline(std::vector<double> x, std::vector<double> y, SplineEnds ends = SplineEnds::not_a_knot);
  /// The same with given slopes at both ends (clamped).
  CubicSpline(std::vector<double> x, std::vector<double> y, double slope_low, double slope_high);

  double operator()(double x) const;
  double derivative(double x) const;
  double second_derivative(double x) const;
  double integral(double from, double to) const;

  std::vector<double> const& knots() const { return x_; }
  std::vector<double> const& values() const { return y_; }

  /// Allocates where kernels run, and copies.
  SplineTable table() const;

 private:
  void solve(SplineEnds const* ends, double slope_low, double slope_high);
  std::size_t piece(double x) const;
  double area_to(double x) const;

  std::vector<double> x_, y_, curvature_, area_;
};

}  // namespace kroma::numerics
