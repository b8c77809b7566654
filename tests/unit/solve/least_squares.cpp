#include "solve/least_squares.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace {

using kroma::HostMatrix;
using kroma::solve::LeastSquaresProblem;
using kroma::solve::minimise_squares;

/// y = a (1 - exp(-b x)): the data set Misra1a of the NIST Statistical Reference Datasets, whose certified values have
/// eleven digits.
LeastSquaresProblem misra(std::vector<double> start) {
  LeastSquaresProblem problem;
  problem.residuals = 14;
  problem.start = std::move(start);
  problem.evaluate = [](std::vector<double> const& b, std::vector<double>& r, HostMatrix const* jacobian) {
    constexpr std::array y{10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02,
                           44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78};
    constexpr std::array x{77.6,  114.9, 141.1, 190.8, 239.9, 289.0, 332.8,
                           378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0};
    for (std::size_t i = 0; i < y.size(); ++i) {
      double const decay = std::exp(-b[1] * x[i]);
      r[i] = b[0] * (1 - decay) - y[i];
      if (jacobian == nullptr) continue;
      (*jacobian)(i, 0) = 1 - decay;
      (*jacobian)(i, 1) = b[0] * x[i] * decay;
    }
  };
  return problem;
}

// Verifies: certified parameters, standard errors and residual of a published data set, from the far start.
TEST(LeastSquares, CertifiedValues) {
  auto const report = minimise_squares(misra({500, 1e-4}));
  EXPECT_TRUE(report.converged) << report.reason;
  EXPECT_NEAR(report.x[0], 2.3894212918e2, 1e-8 * 239);
  EXPECT_NEAR(report.x[1], 5.5015643181e-4, 1e-8 * 5.5e-4);
  EXPECT_NEAR(report.sum_of_squares, 1.2455138894e-1, 1e-10);
  EXPECT_NEAR(std::sqrt(report.variance * report.covariance(0, 0)), 2.7070075241, 1e-7);
  EXPECT_NEAR(std::sqrt(report.variance * report.covariance(1, 1)), 7.2668688436e-6, 1e-13);
  auto const correlation = kroma::solve::correlation_of(report.covariance);
  EXPECT_LT(correlation(0, 1), -0.99);
  EXPECT_EQ(correlation(0, 0), 1.0);
}

// Verifies: a bound that excludes the minimum holds its parameter, and the other one is optimal given that: its
// derivative of the sum of squares vanishes.
TEST(LeastSquares, BoundsHold) {
  auto problem = misra({200, 1e-4});
  problem.box = {{0, 0}, {220, 1}};
  auto const report = minimise_squares(problem);
  EXPECT_TRUE(report.converged);
  EXPECT_EQ(report.x[0], 220);
  EXPECT_EQ(report.at_bound, (std::vector<int>{1, 0}));
  EXPECT_EQ(report.covariance(0, 0), 0);
  std::vector<double> r(14);
  HostMatrix const jacobian{"jacobian", 14, 2};
  problem.evaluate(report.x, r, &jacobian);
  double gradient = 0, scale = 0;
  for (std::size_t i = 0; i < 14; ++i) {
    gradient += r[i] * jacobian(i, 1);
    scale += std::abs(r[i] * jacobian(i, 1));
  }
  EXPECT_LT(std::abs(gradient), 1e-6 * scale);
}

// Verifies: a curved valley without noise is followed to its end, and a region without values is stepped back from.
TEST(LeastSquares, CurvedValleyWithAHole) {
  LeastSquaresProblem problem;
  problem.residuals = 2;
  problem.start = {-1.2, 1};
  problem.evaluate = [](std::vector<double> const& x, std::vector<double>& r, HostMatrix const* jacobian) {
    r = {10 * (x[1] - x[0] * x[0]), 1 - x[0]};
    if (x[1] < -2) r[0] = std::numeric_limits<double>::quiet_NaN();
    if (jacobian == nullptr) return;
    (*jacobian)(0, 0) = -20 * x[0];
    (*jacobian)(0, 1) = 10;
    (*jacobian)(1, 0) = -1;
    (*jacobian)(1, 1) = 0;
  };
  auto const report = minimise_squares(problem);
  EXPECT_TRUE(report.converged);
  EXPECT_NEAR(report.x[0], 1, 1e-8);
  EXPECT_NEAR(report.x[1], 1, 1e-8);
}

// Verifies: a parameter that the data do not see has an infinite variance, and the other one its own.
TEST(LeastSquares, UndeterminedParameter) {
  LeastSquaresProblem problem;
  problem.residuals = 3;
  problem.start = {0, 5};
  problem.evaluate = [](std::vector<double> const& x, std::vector<double>& r, HostMatrix const* jacobian) {
    r = {x[0] - 1, x[0] - 2, x[0] - 3};
    if (jacobian == nullptr) return;
    for (std::size_t i = 0; i < 3; ++i) {
      (*jacobian)(i, 0) = 1;
      (*jacobian)(i, 1) = 0;
    }
  };
  auto const report = minimise_squares(problem);
  EXPECT_NEAR(report.x[0], 2, 1e-12);
  EXPECT_EQ(report.x[1], 5);
  EXPECT_NEAR(report.covariance(0, 0), 1.0 / 3, 1e-12);
  EXPECT_TRUE(std::isinf(report.covariance(1, 1)));
}

// Verifies: residuals that are not finite at the start are an error, not an answer.
TEST(LeastSquares, RefusesAStartWithoutValues) {
  auto problem = misra({std::numeric_limits<double>::infinity(), 1});
  EXPECT_THROW(minimise_squares(problem), kroma::Error);
}

}  // namespace
