#include "linalg/eigen_tracker.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace {

using namespace kroma;

HostMatrix random_symmetric(std::size_t n, unsigned seed) {
  std::mt19937_64 engine{seed};
  std::normal_distribution<double> normal;
  HostMatrix a{"test::symmetric", n, n};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) a(i, j) = a(j, i) = normal(engine);
  }
  return a;
}

// Verifies: from the pairs of one matrix, a few improvements find those of a nearby one to rounding, and their defects
// are |A v - lambda v|; a tracker that remembers nothing, or too little, says so.
TEST(EigenTracker, FollowsASlowlyChangingMatrix) {
  constexpr std::size_t n = 150;
  auto const a = random_symmetric(n, 1), change = random_symmetric(n, 2);
  linalg::EigenTracker tracker;
  EXPECT_FALSE(tracker.improved(a, 5, -30));
  tracker.exact(a, 5);
  EXPECT_FALSE(tracker.improved(a, 40, -30));
  for (std::size_t i = 0; i < a.size(); ++i) a.data()[i] += 0.02 * change.data()[i];
  auto const known = linalg::highest_eigen(a, 5);
  double const floor = linalg::lowest_eigenvalues(a, 1).front();
  auto const once = tracker.improved(a, 5, floor);
  ASSERT_TRUE(once);
  EXPECT_LT(tracker.defects().back(), 0.05);
  auto found = once;
  for (int i = 0; i < 12; ++i) found = tracker.improved(a, 5, floor);
  for (std::size_t k = 0; k < 5; ++k) {
    EXPECT_NEAR(found->values[k], known.values[k], 1e-10);
    double defect = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double sum = -found->values[k] * found->vectors(i, k);
      for (std::size_t j = 0; j < n; ++j) sum += a(i, j) * found->vectors(j, k);
      defect += sum * sum;
    }
    EXPECT_NEAR(std::sqrt(defect), tracker.defects()[k], 1e-12);
    EXPECT_LT(tracker.defects()[k], 1e-6);
  }
}

}  // namespace
