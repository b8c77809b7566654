#include "deck/sampling.hpp"

#include <cmath>
#include <set>
#include <utility>

#include <gtest/gtest.h>

namespace {

using kroma::deck::kSobolDimensions;
using kroma::deck::sobol;

// Verifies: every coordinate fills 256 strata with 256 points, in every block of them, scrambled in several ways.
TEST(Sobol, OneDimension) {
  for (std::size_t d = 0; d < kSobolDimensions; ++d) {
    for (int seed : {1, 2}) {
      auto const points = sobol(seed, "key", d, 512);
      for (std::size_t begin : {0u, 256u}) {
        std::set<int> strata;
        for (std::size_t i = begin; i < begin + 256; ++i) strata.insert(static_cast<int>(points[i] * 256));
        EXPECT_EQ(strata.size(), 256u) << "dimension " << d;
      }
    }
  }
}

// Verifies: the first two coordinates make a (0, 2)-sequence: 64 points, one in each of the 64 boxes of every shape.
TEST(Sobol, TwoDimensions) {
  auto const x = sobol(1, "x", 0, 64), y = sobol(1, "y", 1, 64);
  for (int across : {1, 2, 4, 8, 16, 32, 64}) {
    std::set<std::pair<int, int>> boxes;
    for (std::size_t i = 0; i < 64; ++i) {
      boxes.emplace(static_cast<int>(x[i] * across), static_cast<int>(y[i] * (64 / across)));
    }
    EXPECT_EQ(boxes.size(), 64u) << across;
  }
}

// Verifies: a product over all 21 coordinates is integrated much better than by as many random points, whose standard
// error would be sqrt((1 + 1/300)^21 - 1) / sqrt(4096) = 4e-3; so the direction numbers belong to each other.
TEST(Sobol, ManyDimensions) {
  int const count = 4096;
  std::vector<double> product(static_cast<std::size_t>(count), 1.0);
  for (std::size_t d = 0; d < kSobolDimensions; ++d) {
    auto const x = sobol(5, std::string(d + 1, 'k'), d, count);
    for (std::size_t i = 0; i < product.size(); ++i) product[i] *= 1 + 0.2 * (x[i] - 0.5);
  }
  double sum = 0;
  for (double const p : product) sum += p;
  EXPECT_NEAR(sum / count, 1.0, 2e-4);
}

// Verifies: seed and key make another sequence, nothing else does.
TEST(Sobol, Stable) {
  EXPECT_EQ(sobol(1, "a", 3, 16), sobol(1, "a", 3, 16));
  EXPECT_NE(sobol(1, "a", 3, 16), sobol(2, "a", 3, 16));
  EXPECT_NE(sobol(1, "a", 3, 16), sobol(1, "b", 3, 16));
}

}  // namespace
