#include "grid/axis.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace {

using kroma::grid::make_axis;
using kroma::grid::Nodes;

double integral(kroma::grid::Axis const& axis, auto f) {
  double sum = 0;
  for (int i = 0; i < axis.size(); ++i) sum += axis.weights[i] * f(axis.nodes[i]);
  return sum;
}

// Verifies: n Gauss-Legendre nodes integrate polynomials of degree 2n-1 exactly, and not of degree 2n.
TEST(Axis, GaussLegendreIsExactToItsDegree) {
  for (int n : {2, 5, 12, 33}) {
    auto const axis = make_axis("x", Nodes::gauss_legendre, n, 0.0, 2.0);
    auto const power = [&](int p) { return integral(axis, [p](double x) { return std::pow(x / 2, p); }); };
    EXPECT_NEAR(power(2 * n - 1), 2.0 / (2 * n), 1e-14) << n;
    if (n <= 5) {
      EXPECT_GT(std::abs(power(2 * n) - 2.0 / (2 * n + 1)), 1e-10) << n;
    }
  }
}

// Verifies: large rules keep full accuracy (Newton's method converged at every node).
TEST(Axis, GaussLegendreLargeRule) {
  auto const axis = make_axis("x", Nodes::gauss_legendre, 1024, -1.0, 1.0);
  EXPECT_NEAR(integral(axis, [](double x) { return std::cos(300 * x); }), 2 * std::sin(300.0) / 300, 1e-14);
  EXPECT_TRUE(std::is_sorted(axis.nodes.begin(), axis.nodes.end()));
}

// Verifies: Clenshaw-Curtis weights integrate polynomials of degree n-1, for even and odd n, with the ends as nodes.
TEST(Axis, ChebyshevIsExactToItsDegree) {
  for (int n : {3, 4, 9, 16}) {
    auto const axis = make_axis("x", Nodes::chebyshev, n, -1.0, 3.0);
    EXPECT_NEAR(integral(axis, [&](double x) { return std::pow((x + 1) / 4, n - 1); }), 4.0 / n, 1e-14) << n;
    EXPECT_EQ(axis.nodes.front(), -1.0);
    EXPECT_EQ(axis.nodes.back(), 3.0);
  }
}

// Verifies: uniform nodes hold both ends and equal steps; the widest gap sets the highest frequency for each kind.
TEST(Axis, GapsAndNyquist) {
  auto const uniform = make_axis("x", Nodes::uniform, 401, 0.0, 2.0);
  EXPECT_NEAR(uniform.nodes[1] - uniform.nodes[0], 0.005, 1e-16);
  EXPECT_NEAR(uniform.nyquist(), 100.0, 1e-9);
  EXPECT_NEAR(std::accumulate(uniform.weights.begin(), uniform.weights.end(), 0.0), 2.0, 1e-13);
  auto const legendre = make_axis("x", Nodes::gauss_legendre, 401, 0.0, 2.0);
  EXPECT_NEAR(legendre.nyquist(), 401 / 4.0 * 2 / std::numbers::pi, 0.3);  // gap pi/2 times the mean, to O(1/n)
}

// Verifies: an axis without extent or with one node is refused with its name.
TEST(Axis, RefusesEmptyIntervals) {
  EXPECT_THROW(make_axis("x", Nodes::uniform, 1, 0.0, 1.0), kroma::Error);
  try {
    make_axis("depth", Nodes::uniform, 5, 1.0, 1.0);
    ADD_FAILURE() << "accepted an empty interval";
  } catch (kroma::Error const& e) {
    EXPECT_NE(std::string{e.what()}.find("depth"), std::string::npos);
  }
}

}  // namespace
