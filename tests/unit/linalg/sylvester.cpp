#include "linalg/sylvester.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace {

using kroma::HostMatrix;
using kroma::HostTensor;
using kroma::linalg::complex_schur;
using kroma::linalg::SylvesterSum;

/// A matrix without symmetry, far from normal, with complex eigenvalues.
HostMatrix skewed(std::size_t n, double seed) {
  HostMatrix a{"a", n, n};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j)
      a(i, j) = std::sin(seed + 3.1 * i + 7.7 * j) + (i == j ? 4.0 : j > i ? 2.0 : 0.0);
  }
  return a;
}

/// (A0 on axis 0 + B on axis 1 + A2 on axis 2 + shift) x, or with the transposes; B diagonal.
HostTensor apply(HostMatrix a0, std::vector<double> const& b, HostMatrix a2, double shift, HostTensor x,
                 bool transposed) {
  HostTensor y{"y", x.extent(0), x.extent(1), x.extent(2)};
  auto const entry = [&](HostMatrix a, std::size_t i, std::size_t j) { return transposed ? a(j, i) : a(i, j); };
  for (std::size_t i = 0; i < x.extent(0); ++i) {
    for (std::size_t j = 0; j < x.extent(1); ++j) {
      for (std::size_t k = 0; k < x.extent(2); ++k) {
        y(i, j, k) = (b[j] + shift) * x(i, j, k);
        for (std::size_t l = 0; l < x.extent(0); ++l) y(i, j, k) += entry(a0, i, l) * x(l, j, k);
        for (std::size_t l = 0; l < x.extent(2); ++l) y(i, j, k) += entry(a2, k, l) * x(i, j, l);
      }
    }
  }
  return y;
}

// Verifies: with a diagonal axis between two general ones, the solution of the system and of its transpose come back to
// rounding; the eigenvalue sums are at least about 1 here.
TEST(SylvesterSum, UndoesTheSumAndItsTranspose) {
  auto const a0 = skewed(7, 0.3), a2 = skewed(5, 1.9);
  std::vector<double> const b{1.0, 2.5, -0.5, 4.0};
  SylvesterSum const sum{{{{}, complex_schur(a0)}, {b, {}}, {{}, complex_schur(a2)}}, 0.7, 1e-12};
  HostTensor truth{"truth", 7, 4, 5};
  for (std::size_t i = 0; i < truth.size(); ++i) truth.data()[i] = std::cos(0.7 * i * i);
  for (bool const transposed : {false, true}) {
    auto const x = apply(a0, b, a2, 0.7, truth, transposed);
    sum.solve(x, transposed);
    for (std::size_t i = 0; i < truth.size(); ++i) EXPECT_NEAR(x.data()[i], truth.data()[i], 1e-10) << transposed;
  }
}

// Verifies: a sum of eigenvalues that is 0 counts as the floor instead of dividing by it.
TEST(SylvesterSum, FloorsEigenvalues) {
  SylvesterSum const sum{{{{0.0, 2.0}, {}}, {{0.0}, {}}, {{0.0}, {}}}, 0.0, 0.5};
  HostTensor x{"x", 2, 1, 1};
  x(0, 0, 0) = x(1, 0, 0) = 1.0;
  sum.solve(x, false);
  EXPECT_EQ(x(0, 0, 0), 2.0);
  EXPECT_EQ(x(1, 0, 0), 0.5);
}

}  // namespace
