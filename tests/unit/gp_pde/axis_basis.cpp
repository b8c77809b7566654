#include "problems/gp_pde/axis_basis.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace {

using namespace kroma::gp_pde;
using kroma::HostMatrix;
using kroma::grid::make_axis;
using kroma::grid::Nodes;
using kroma::linalg::multiply;

AxisBasis basis_on(Nodes kind) {
  auto const axis = make_axis("x", kind, 90, 0.5, 2.0);
  return make_axis_basis(axis, band_features({{0.0, 8.0}}, axis.length()), {1e-12, 60});
}

void expect_diagonal(HostMatrix a, auto diagonal, double tolerance) {
  for (int i = 0; i < a.extent_int(0); ++i) {
    for (int j = 0; j < a.extent_int(1); ++j)
      EXPECT_NEAR(a(i, j), i == j ? diagonal(i) : 0.0, tolerance) << i << ' ' << j;
  }
}

class AxisBasisOn : public testing::TestWithParam<Nodes> {};

// Verifies: Q, W and Z have orthonormal columns, and the second derivative is diagonal on the interior functions. The
// product loses digits in proportion to the largest stiffness.
TEST_P(AxisBasisOn, InteriorFunctionsDiagonaliseTheSecondDerivative) {
  auto const b = basis_on(GetParam());
  auto const one = [](int) { return 1.0; };
  expect_diagonal(multiply(b.values, b.values, true), one, 1e-13);
  expect_diagonal(multiply(b.interior, b.interior, true), one, 1e-13);
  expect_diagonal(multiply(b.interior_values, b.interior_values, true), one, 1e-13);
  expect_diagonal(
      multiply(b.interior_second, b.interior_second, true),
      [&](int i) { return b.stiffness[static_cast<std::size_t>(i)]; }, 1e-13 * b.stiffness.back());
}

// Verifies: interior functions vanish at both ends, lifting functions are 1 at one end and 0 at the other.
TEST_P(AxisBasisOn, Ends) {
  auto const b = basis_on(GetParam());
  // entries of `ends` can reach 1e1, and cancel in 30 products
  expect_diagonal(
      multiply(b.ends, b.interior), [](int) { return 0.0; }, 1e-11);
  expect_diagonal(
      multiply(b.ends, b.lifting), [](int) { return 1.0; }, 1e-11);
}

// Verifies: a function inside the band, and its derivatives, come back from their projection at points off the nodes.
TEST_P(AxisBasisOn, ReproducesFunctionsOfTheBand) {
  auto const b = basis_on(GetParam());
  auto const u = [](double x, int order) {
    double const w = 31.0;
    return std::pow(w, order) * std::cos(w * x + 0.4 + order * std::acos(-1.0) / 2);
  };
  HostMatrix data{"data", static_cast<std::size_t>(b.axis.size()), 1};
  for (int i = 0; i < b.axis.size(); ++i) {
    auto const at = static_cast<std::size_t>(i);
    data(i, 0) = std::sqrt(b.axis.weights[at]) * u(b.axis.nodes[at], 0);
  }
  auto const c = multiply(b.values, data, true);
  std::vector<double> const points{0.5, 0.77, 1.3, 1.99, 2.0};
  for (int order = 0; order <= 2; ++order) {
    auto const values = multiply(evaluate(b, points, order), c);
    for (std::size_t i = 0; i < points.size(); ++i) {
      // the cut-off 1e-12 times the last basis functions at the ends, which reach 1e3 to 1e4 on uniform nodes
      EXPECT_NEAR(values(static_cast<int>(i), 0) / std::pow(50.0, order), u(points[i], order) / std::pow(50.0, order),
                  1e-8);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AllNodes, AxisBasisOn,
                         testing::Values(Nodes::uniform, Nodes::gauss_legendre, Nodes::chebyshev));

// Verifies: a prior that leaves no room for a solution is refused with the axis's name.
TEST(AxisBasis, RefusesTooFewFunctions) {
  auto const axis = make_axis("depth", Nodes::uniform, 20, 0.0, 1.0);
  EXPECT_THROW(make_axis_basis(axis, band_features({{0.0, 4.0}}, 1.0), {1e-12, 2}), kroma::Error);
}

}  // namespace
