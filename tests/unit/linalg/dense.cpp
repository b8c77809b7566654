#include "linalg/dense.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <gtest/gtest.h>

#include "support/tensors.hpp"

namespace {

using namespace kroma::linalg;
using kroma::HostMatrix;
using kroma::test::numbered_matrix;

double largest_difference(HostMatrix a, HostMatrix b) {
  double worst = 0;
  for (int i = 0; i < a.extent_int(0); ++i) {
    for (int j = 0; j < a.extent_int(1); ++j) worst = std::max(worst, std::abs(a(i, j) - b(i, j)));
  }
  return worst;
}

HostMatrix identity(int n) {
  HostMatrix a{"identity", static_cast<std::size_t>(n), static_cast<std::size_t>(n)};
  for (int i = 0; i < n; ++i) a(i, i) = 1.0;
  return a;
}

// Verifies: U diag(s) V^T is the matrix, U and V are orthonormal, s descends; tall and wide.
TEST(Dense, SvdRebuildsTheMatrix) {
  for (auto const& [m, n] : {std::pair{7, 4}, std::pair{3, 8}}) {
    auto const a = numbered_matrix(m, n, 5);
    auto const f = svd(a);
    auto us = multiply(f.u, identity(static_cast<int>(f.s.size())));
    for (int i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < f.s.size(); ++j) us(i, j) *= f.s[j];
    }
    EXPECT_LT(largest_difference(multiply(us, f.vt), a), 1e-13);
    EXPECT_LT(largest_difference(multiply(f.u, f.u, true), identity(f.u.extent_int(1))), 1e-13);
    EXPECT_LT(largest_difference(multiply(f.vt, f.vt, false, true), identity(f.vt.extent_int(0))), 1e-13);
    EXPECT_TRUE(std::is_sorted(f.s.rbegin(), f.s.rend()));
  }
}

// Verifies: the null space is orthonormal, complete, and sent to zero.
TEST(Dense, NullSpace) {
  auto const b = numbered_matrix(2, 6, 3);
  auto const n = null_space(b);
  ASSERT_EQ(n.extent_int(1), 4);
  EXPECT_LT(largest_difference(multiply(n, n, true), identity(4)), 1e-14);
  EXPECT_LT(largest_difference(multiply(b, n), HostMatrix{"zero", 2, 4}), 1e-14);
}

// Verifies: least squares solves consistent systems and is orthogonal to the columns otherwise.
TEST(Dense, LeastSquares) {
  auto const a = numbered_matrix(8, 3, 1), x = numbered_matrix(3, 2, 9);
  EXPECT_LT(largest_difference(least_squares(a, multiply(a, x), 1e-14), x), 1e-12);
  auto const b = numbered_matrix(8, 2, 4);
  auto r = multiply(a, least_squares(a, b, 1e-14));
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 2; ++j) r(i, j) -= b(i, j);
  }
  EXPECT_LT(largest_difference(multiply(a, r, true), HostMatrix{"zero", 3, 2}), 1e-13);
}

}  // namespace
