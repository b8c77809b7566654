#include "numerics/tridiagonal.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

namespace {

// Verifies: for even and odd numbers of rows, one included, the solution fulfils every equation to rounding.
TEST(Tridiagonal, FulfilsItsEquations) {
  for (std::size_t n = 1; n <= 10; ++n) {
    std::vector<double> below(n), diagonal(n), above(n), right(n);
    for (std::size_t i = 0; i < n; ++i) {
      auto const at = static_cast<double>(i);
      below[i] = std::sin(3 * at + 1);
      above[i] = std::cos(2 * at);
      diagonal[i] = 2.5 + std::sin(at);
      right[i] = std::cos(5 * at + 2);
    }
    auto x = right, d = diagonal;
    kroma::numerics::solve_tridiagonal(below, d, above, x);
    for (std::size_t i = 0; i < n; ++i) {
      double const left = i > 0 ? below[i] * x[i - 1] : 0.0, next = i + 1 < n ? above[i] * x[i + 1] : 0.0;
      EXPECT_NEAR(left + diagonal[i] * x[i] + next, right[i], 1e-14) << "row " << i << " of " << n;
    }
  }
}

}  // namespace
