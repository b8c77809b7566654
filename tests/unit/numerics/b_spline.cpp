#include "numerics/b_spline.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace kroma::numerics {
namespace {

BSplineBasis const kBasis{{0.0, 0.5, 0.7, 1.5, 2.0}};

std::vector<double> some_coefficients() { return {0.3, -1.0, 2.0, 0.7, 0.1, -0.4, 1.2}; }

TEST(BSpline, PartitionOfUnityAndStraightLines) {
  EXPECT_EQ(kBasis.size(), 7);
  auto const line = kBasis.abscissae();
  for (double x = -1; x <= 3; x += 0.07) {
    EXPECT_NEAR(kBasis.evaluate(std::vector<double>(7, 1.0), x), 1, 1e-14);
    EXPECT_NEAR(kBasis.evaluate(line, x), x, 1e-13);
    EXPECT_NEAR(kBasis.evaluate(line, x, 1), 1, 1e-13);
    EXPECT_NEAR(kBasis.evaluate(line, x, 2), 0, 1e-12);
  }
}

TEST(BSpline, DerivativesAreThoseOfTheValues) {
  auto const c = some_coefficients();
  double const h = 1e-5;
  for (double const x : {0.1, 0.6, 1.1, 1.9}) {
    EXPECT_NEAR(kBasis.evaluate(c, x, 1), (kBasis.evaluate(c, x + h) - kBasis.evaluate(c, x - h)) / (2 * h), 1e-7);
    EXPECT_NEAR(kBasis.evaluate(c, x, 2), (kBasis.evaluate(c, x + h, 1) - kBasis.evaluate(c, x - h, 1)) / (2 * h),
                1e-6);
  }
  EXPECT_NEAR(kBasis.evaluate(c, 2.5), kBasis.evaluate(c, 2.0) + 0.5 * kBasis.evaluate(c, 2.0, 1), 1e-13);
  EXPECT_NEAR(kBasis.evaluate(c, -1), kBasis.evaluate(c, 0.0) - kBasis.evaluate(c, 0.0, 1), 1e-13);
}

TEST(BSpline, RoughnessIsTheIntegralOfTheSquaredSecondDerivative) {
  auto const c = some_coefficients();
  auto const p = kBasis.roughness();
  double form = 0, integral = 0;
  for (int i = 0; i < 7; ++i) {
    for (int j = 0; j < 7; ++j) form += c[static_cast<std::size_t>(i)] * p(i, j) * c[static_cast<std::size_t>(j)];
  }
  int const n = 200000;  // midpoints; the integrand is a parabola on each span: error of order h^2
  for (int i = 0; i < n; ++i) integral += std::pow(kBasis.evaluate(c, 2.0 * (i + 0.5) / n, 2), 2) * 2.0 / n;
  EXPECT_NEAR(form, integral, 1e-8 * integral);
}

TEST(BSpline, RefusesBreakpointsThatDoNotRise) {
  EXPECT_THROW(BSplineBasis({0, 0}), Error);
  EXPECT_THROW(BSplineBasis({1}), Error);
}

TEST(BSpline, EqualPartsEndAtTheEnds) { EXPECT_EQ(equal_parts(1, 2, 3), (std::vector<double>{1, 1.5, 2})); }

}  // namespace
}  // namespace kroma::numerics
