#include "linalg/cholesky.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace kroma::linalg {
namespace {

HostMatrix example() {
  HostMatrix a{"a", 3, 3};
  double const values[3][3] = {{4, 1, -1}, {1, 3, 0.5}, {-1, 0.5, 2}};
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) a(i, j) = values[i][j];
  }
  return a;
}

TEST(Cholesky, SolvesAndInverts) {
  Cholesky const factor{example()};
  auto const x = factor.solve({1, 2, 3});
  auto const inverse = factor.inverse(), root = factor.inverse_root();
  auto const product = multiply(root, root, false, true), one = multiply(example(), inverse);
  double const right[3] = {1, 2, 3};
  for (int i = 0; i < 3; ++i) {
    double sum = 0;
    for (int j = 0; j < 3; ++j) {
      sum += example()(i, j) * x[static_cast<std::size_t>(j)];
      EXPECT_NEAR(product(i, j), inverse(i, j), 1e-15);
      EXPECT_NEAR(one(i, j), i == j, 1e-15);
    }
    EXPECT_NEAR(sum, right[i], 1e-14);
  }
  EXPECT_NEAR(factor.log_determinant(), std::log(17.0), 1e-14);
}

TEST(Cholesky, RefusesWhatIsNotPositive) {
  auto a = example();
  a(2, 2) = -1;
  EXPECT_FALSE(Cholesky::of(a));
  EXPECT_THROW(Cholesky{a}, Error);
}

}  // namespace
}  // namespace kroma::linalg
