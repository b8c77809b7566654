#include "linalg/anderson.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "linalg/dense.hpp"

namespace {

using namespace kroma;

constexpr std::size_t kSize = 40;

/// s -> B s + 1 with B diagonal, contracting by 0.99 at worst; its fixed point is 1 / (1 - B).
double rate(std::size_t i) { return 0.99 - 0.02 * static_cast<double>(i); }

std::vector<double> image_of(std::vector<double> const& s) {
  std::vector<double> image(s.size());
  for (std::size_t i = 0; i < s.size(); ++i) image[i] = rate(i) * s[i] + 1.0;
  return image;
}

double error_of(std::vector<double> const& s) {
  double most = 0;
  for (std::size_t i = 0; i < s.size(); ++i) most = std::max(most, std::abs(s[i] - 1.0 / (1.0 - rate(i))));
  return most;
}

// Verifies: on a linear map the accelerated iteration is far ahead of the plain one, as GMRES is of Richardson.
TEST(Anderson, ConvergesWhereThePlainIterationCrawls) {
  linalg::Anderson accelerator{kSize, 8};
  std::vector<double> fast(kSize, 0.0), plain(kSize, 0.0);
  for (int i = 0; i < 100; ++i) {
    accelerator.advance(fast, image_of(fast));
    plain = image_of(plain);
  }
  EXPECT_GT(error_of(plain), 10.0);
  EXPECT_LT(error_of(fast), 1e-2);
}

// Verifies: the first step, and the first after forgetting, is the plain one; a point whose residual has grown is given
// up for the image of the one before.
TEST(Anderson, FallsBackToThePlainIteration) {
  linalg::Anderson accelerator{2, 3};
  std::vector<double> point{0.0, 0.0};
  accelerator.advance(point, std::vector<double>{1.0, 0.5});
  EXPECT_EQ(point, (std::vector<double>{1.0, 0.5}));
  accelerator.advance(point, std::vector<double>{1.5, 0.75});
  EXPECT_NE(point, (std::vector<double>{1.5, 0.75}));
  accelerator.advance(point, std::vector<double>{100.0, 100.0});
  EXPECT_EQ(point, (std::vector<double>{1.5, 0.75}));
  EXPECT_EQ(accelerator.rejected(), 1);
  accelerator.advance(point, std::vector<double>{2.0, 1.0});
  EXPECT_EQ(point, (std::vector<double>{2.0, 1.0}));
}

// Verifies: an iteration goes on bit for bit from what was saved.
TEST(Anderson, GoesOnFromWhatWasSaved) {
  linalg::Anderson one{kSize, 5}, other{kSize, 5};
  std::vector<double> point(kSize, 0.0);
  for (int i = 0; i < 7; ++i) one.advance(point, image_of(point));
  std::vector<double> saved;
  one.save(saved);
  double const* from = saved.data();
  other.load(from);
  EXPECT_EQ(from, saved.data() + saved.size());
  auto same = point;
  for (int i = 0; i < 3; ++i) {
    one.advance(point, image_of(point));
    other.advance(same, image_of(same));
  }
  EXPECT_EQ(point, same);
}

}  // namespace
