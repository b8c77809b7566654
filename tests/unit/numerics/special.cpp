#include "numerics/special.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace kroma::numerics {
namespace {

TEST(InverseErf, UndoesTheErrorFunction) {
  for (double u = -4.5; u <= 4.5; u += 0.1) {
    // Rounding of erf(u) near 1 is magnified by exp(u^2).
    EXPECT_NEAR(inverse_erf(std::erf(u)), u, 1e-15 * (1 + std::exp(u * u)));
  }
  EXPECT_DOUBLE_EQ(inverse_erf(1e-12), 1e-12 * 0.5 * std::sqrt(M_PI));
  EXPECT_TRUE(std::isinf(inverse_erf(1)));
  EXPECT_THROW(inverse_erf(1.5), Error);
}

}  // namespace
}  // namespace kroma::numerics
