#include "numerics/cubic_spline.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "numerics/tridiagonal.hpp"

namespace kroma::numerics {
namespace {

void check_points(std::vector<double> const& x, std::vector<double> const& y) {
  if (x.size() != y.size() || x.size() < 2) {
    throw bad_input(
        fmt::format("a spline needs two or more points, got {} positions and {} values", x.size(), y.size()));
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i]))
      throw bad_input(fmt::format("point {} of a spline is not finite", i));
    if (i > 0 && !(x[i] > x[i - 1])) {
      throw bad_input(fmt::format("the positions of a spline must rise, but {:g} follows {:g}", x[i], x[i - 1]));
    }
  }
}

}  // namespace

CubicSpline::CubicSpline(std::vector<double> x, std::vector<double> y, SplineEnds ends)
    : x_{std::move(x)}, y_{std::move(y)} {
  check_points(x_, y_);
  solve(&ends, 0, 0);
}

CubicSpline::CubicSpline(std::vector<double> x, std::vector<double> y, double slope_low, double slope_high)
    : x_{std::move(x)}, y_{std::move(y)} {
  check_points(x_, y_);
  solve(nullptr, slope_low, slope_high);
}

/// Second derivatives M at the knots: h_{i-1} M_{i-1} + 2 (h_{i-1} + h_i) M_i + h_i M_{i+1} = 6 (slope_i -
/// slope_{i-1}).
void CubicSpline::solve(SplineEnds const* ends, double slope_low, double slope_high) {
  std::size_t const n = x_.size();
  auto const step = [&](std::size_t i) { return x_[i + 1] - x_[i]; };
  auto const slope = [&](std::size_t i) { return (y_[i + 1] - y_[i]) / step(i); };
  std::vector<double> below(n, 0.0), diagonal(n, 1.0), above(n, 0.0), right(n, 0.0);
  for (std::size_t i = 1; i + 1 < n; ++i) {
    below[i] = step(i - 1);
    diagonal[i] = 2 * (step(i - 1) + step(i));
    above[i] = step(i);
    right[i] = 6 * (slope(i) - slope(i - 1));
  }
  bool const joined = ends != nullptr && *ends == SplineEnds::not_a_knot && n >= 4;
  if (ends == nullptr) {
    diagonal[0] = 2 * step(0), above[0] = step(0), right[0] = 6 * (slope(0) - slope_low);
    diagonal[n - 1] = 2 * step(n - 2), below[n - 1] = step(n - 2), right[n - 1] = 6 * (slope_high - slope(n - 2));
  } else if (joined) {  // M_0 = M_1 + (M_1 - M_2) h_0 / h_1 put into the first equation, and the same at the other end
    double const first = step(0) / step(1), last = step(n - 2) / step(n - 3);
    diagonal[1] += step(0) * (1 + first), above[1] -= step(0) * first;
    diagonal[n - 2] += step(n - 2) * (1 + last), below[n - 2] -= step(n - 2) * last;
    below[1] = above[n - 2] = 0;
  } else if (*ends == SplineEnds::not_a_knot && n == 3) {  // a parabola
    double const curvature = 2 * (slope(1) - slope(0)) / (x_[2] - x_[0]);
    diagonal = {1, 1, 1}, below = above = {0, 0, 0}, right = {curvature, curvature, curvature};
  }
  solve_tridiagonal(below, diagonal, above, right);
  curvature_ = std::move(right);
  if (joined) {
    curvature_[0] = curvature_[1] + (curvature_[1] - curvature_[2]) * step(0) / step(1);
    curvature_[n - 1] = curvature_[n - 2] + (curvature_[n - 2] - curvature_[n - 3]) * step(n - 2) / step(n - 3);
  }
  area_.assign(n, 0.0);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    double const h = step(i);
    area_[i + 1] = area_[i] + h * (y_[i] + y_[i + 1]) / 2 - h * h * h * (curvature_[i] + curvature_[i + 1]) / 24;
  }
}

std::size_t CubicSpline::piece(double x) const {
  auto const next = std::upper_bound(x_.begin() + 1, x_.end() - 1, x);
  return static_cast<std::size_t>(next - x_.begin()) - 1;
}

double CubicSpline::operator()(double x) const {
  double const at = std::clamp(x, x_.front(), x_.back());
  std::size_t const i = piece(at);
  double const h = x_[i + 1] - x_[i], b = (at - x_[i]) / h, a = 1 - b;
  double const value =
      a * y_[i] + b * y_[i + 1] - h * h / 6 * a * b * ((1 + a) * curvature_[i] + (1 + b) * curvature_[i + 1]);
  return x == at ? value : value + (x - at) * derivative(at);
}

double CubicSpline::derivative(double x) const {
  double const at = std::clamp(x, x_.front(), x_.back());
  std::size_t const i = piece(at);
  double const h = x_[i + 1] - x_[i], b = (at - x_[i]) / h, a = 1 - b;
  return (y_[i + 1] - y_[i]) / h - h / 6 * ((3 * a * a - 1) * curvature_[i] - (3 * b * b - 1) * curvature_[i + 1]);
}

double CubicSpline::second_derivative(double x) const {
  if (x < x_.front() || x > x_.back()) return 0;
  std::size_t const i = piece(x);
  double const b = (x - x_[i]) / (x_[i + 1] - x_[i]);
  return (1 - b) * curvature_[i] + b * curvature_[i + 1];
}

double CubicSpline::area_to(double x) const {
  double const at = std::clamp(x, x_.front(), x_.back());
  std::size_t const i = piece(at);
  double const h = x_[i + 1] - x_[i], u = at - x_[i];
  double const slope = (y_[i + 1] - y_[i]) / h - h * (2 * curvature_[i] + curvature_[i + 1]) / 6;
  double const area =
      area_[i] +
      u * (y_[i] + u * (slope / 2 + u * (curvature_[i] / 6 + u * (curvature_[i + 1] - curvature_[i]) / (24 * h))));
  return x == at ? area : area + (x - at) * 0.5 * ((*this)(at) + (*this)(x));
}

double CubicSpline::integral(double from, double to) const { return area_to(to) - area_to(from); }

SplineTable CubicSpline::table() const {
  int const n = static_cast<int>(x_.size());
  Vector knots{"spline knots", x_.size()}, areas{"spline areas", x_.size()};
  Matrix coefficients{"spline coefficients", x_.size() - 1, 4};
  VectorOn<Space, int> hints{"spline hints", x_.size()};
  auto const host_knots = Kokkos::create_mirror_view(knots);
  auto const host_areas = Kokkos::create_mirror_view(areas);
  auto const host_coefficients = Kokkos::create_mirror_view(coefficients);
  auto const host_hints = Kokkos::create_mirror_view(hints);
  for (int i = 0; i < n; ++i) {
    auto const k = static_cast<std::size_t>(i);
    host_knots(i) = x_[k];
    host_areas(i) = area_[k];
    host_hints(i) = static_cast<int>(piece(x_.front() + (x_.back() - x_.front()) * i / n));
    if (i + 1 == n) break;
    host_coefficients(i, 0) = y_[k];
    host_coefficients(i, 1) = derivative(x_[k]);
    host_coefficients(i, 2) = curvature_[k] / 2;
    host_coefficients(i, 3) = (curvature_[k + 1] - curvature_[k]) / (6 * (x_[k + 1] - x_[k]));
  }
  Kokkos::deep_copy(knots, host_knots);
  Kokkos::deep_copy(areas, host_areas);
  Kokkos::deep_copy(coefficients, host_coefficients);
  Kokkos::deep_copy(hints, host_hints);
  return {knots, coefficients, areas, hints};
}

}  // namespace kroma::numerics
