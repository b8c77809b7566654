#include "problems/chromatography/thomas.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "problems/chromatography/closed_form.hpp"

namespace {

using namespace kroma::chromatography;

/// X(n, T) by the box scheme on a grid of `cells` in both directions: with X = c / c_0 and Y = q / q_m the column is
/// X_n = -r / (1 - R), Y_T = r, r = (1 - R) X (1 - Y) - R Y. Second order.
double by_boxes(double n, double T, double R, int cells) {
  double const dn = n / cells, dt = T / cells;
  auto const rate = [&](double x, double y) { return (1 - R) * x * (1 - y) - R * y; };
  std::vector<double> x(static_cast<std::size_t>(cells) + 1), y(x.size());  // along the bed at one time
  x[0] = 1;
  for (std::size_t i = 1; i < x.size(); ++i) {  // what passes the empty bed at T = 0
    double const k = 0.5 * dn;
    x[i] = x[i - 1] * (1 - k) / (1 + k);
  }
  for (int step = 0; step < cells; ++step) {
    auto const old_x = x, old_y = y;
    double r_below = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      double const r_old = rate(old_x[i], old_y[i]);
      double xi = i == 0 ? 1.0 : x[i - 1], yi = old_y[i];
      for (int sweep = 0; sweep < 60; ++sweep) {  // fixed point: dn and dt are small
        double const r = rate(xi, yi);
        yi = old_y[i] + 0.5 * dt * (r_old + r);
        if (i > 0) xi = x[i - 1] - 0.5 * dn / (1 - R) * (r_below + r);
      }
      x[i] = xi;
      y[i] = yi;
      r_below = rate(xi, yi);
    }
  }
  return x.back();
}

// Verifies: the formula solves the equations, against a scheme of second order extrapolated to fourth.
TEST(Thomas, SolvesTheColumn) {
  for (double const R : {1.0 / 3, 0.7}) {
    for (double const T : {3.0, 9.0, 16.0}) {
      double const coarse = by_boxes(6, T, R, 200), fine = by_boxes(6, T, R, 400);
      EXPECT_NEAR(thomas(6, T, R, kPanel), fine + (fine - coarse) / 3, 2e-7) << R << ' ' << T;
    }
  }
}

// Verifies: what a bed keeps back is its equilibrium loading: the integral of 1 - X over T is n, whatever R; and R = 1
// is the linear column.
TEST(Thomas, StoichiometryAndTheLinearLimit) {
  for (double const R : {1.0 / 11, 1.0 / 3, 0.9}) {
    for (double const n : {5.0, 48.0, 120.0}) {
      double const step = 0.1;
      double kept = 0;
      int const count = static_cast<int>((n + 60 + 12 * std::sqrt(n)) / R / step);
      for (int k = 0; k <= count; ++k) kept += step * (k == 0 ? 0.5 : 1.0) * (1 - thomas(n, k * step, R, kPanel));
      EXPECT_NEAR(kept / n, 1, 1e-4) << R << ' ' << n;
    }
  }
  for (double const T : {10.0, 48.0, 70.0}) {
    EXPECT_NEAR(thomas(48, T, 1 - 1e-12, kPanel), goldstein(48, T, kPanel), 1e-10);
  }
  EXPECT_EQ(thomas(48, -1, 0.5, kPanel), 0);
}

}  // namespace
