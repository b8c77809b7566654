#include "solve/minimiser.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace {

using kroma::solve::minimise;
using kroma::solve::MinimiserTolerances;

/// Rosenbrock's valley, smallest (0) at (1, 1).
double rosenbrock(std::span<double const> x, std::span<double> gradient) {
  double const a = 1 - x[0], b = x[1] - x[0] * x[0];
  gradient[0] = -2 * a - 400 * x[0] * b;
  gradient[1] = 200 * b;
  return a * a + 100 * b * b;
}

// Verifies: a curved valley is followed to its end.
TEST(Minimiser, FindsTheMinimum) {
  std::vector<double> x{-1.2, 1.0};
  auto const report = minimise("test_", rosenbrock, {}, {1e-9, 0, 0, 500, 5000}, x);
  EXPECT_TRUE(report.converged) << report.reason;
  EXPECT_NEAR(x[0], 1, 1e-7);
  EXPECT_NEAR(x[1], 1, 1e-7);
  EXPECT_GT(report.evaluations, report.iterations);
  EXPECT_LT(report.history.back(), report.history.front());
}

// Verifies: bounds hold, and the point found is stationary along the bound: with x0 <= 0.5 the best x1 is x0^2.
TEST(Minimiser, StaysInTheBox) {
  std::vector<double> x{-1.2, 1.0};
  auto const report = minimise("test_", rosenbrock, {{-2, -2}, {0.5, 2}}, {1e-9, 0, 0, 500, 5000}, x);
  EXPECT_TRUE(report.converged) << report.reason;
  EXPECT_EQ(x[0], 0.5);
  EXPECT_NEAR(x[1], 0.25, 1e-7);
  EXPECT_NEAR(report.value, 0.25, 1e-9);
}

// Verifies: too few iterations are reported, not thrown.
TEST(Minimiser, SaysThatItDidNotConverge) {
  std::vector<double> x{-1.2, 1.0};
  MinimiserTolerances tolerances{1e-9, 0, 0, 3, 5000};
  auto const report = minimise("test_", rosenbrock, {}, tolerances, x);
  EXPECT_FALSE(report.converged);
  EXPECT_EQ(report.reason, "DIVERGED_MAXITS");
}

// Verifies: an exception passes through TAO's C code, and a start without a finite value is refused.
TEST(Minimiser, ErrorsReachTheCaller) {
  std::vector<double> x{0.0};
  int calls = 0;
  auto const throws = [&](std::span<double const>, std::span<double> gradient) -> double {
    if (++calls > 2) throw std::runtime_error("no more");
    gradient[0] = 1;
    return -calls;
  };
  EXPECT_THROW(minimise("test_", throws, {}, {}, x), std::runtime_error);
  auto const nan = [](std::span<double const>, std::span<double>) { return std::numeric_limits<double>::quiet_NaN(); };
  EXPECT_THROW(minimise("test_", nan, {}, {}, x), kroma::Error);
}

}  // namespace
