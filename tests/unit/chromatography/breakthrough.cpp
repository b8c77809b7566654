#include "problems/chromatography/breakthrough.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "problems/chromatography/method.hpp"
#include "support/chromatography.hpp"

namespace {

using namespace kroma::chromatography;

std::optional<Breakthrough> of(Column const& column) {
  std::vector<double> times;
  for (int k = 0; k <= 20000; ++k) times.push_back(column.end() * k / 20000);
  return breakthrough(column, 0, times, solve_semi_analytic(column, times, 1e-6).concentration);
}

// Verifies: the stoichiometric time of linear sorption is the mean retention time, and the loading k_a / k_d times the
// feed, for films and for particles; half of the feed leaves near it.
TEST(Breakthrough, LinearSorption) {
  auto lumped = kroma::test::lumped_column();
  lumped.binding.adsorption_rate = {2.0};
  lumped.sections = {{0, 20, {0.0}, {0.0}}, {20, 320, {0.5}, {0.0}}};
  auto const b = of(lumped);
  ASSERT_TRUE(b);
  EXPECT_NEAR(b->stoichiometric_time, 30 * (1 + 2 * 0.4 / 0.6), 1e-4);
  EXPECT_NEAR(b->loading, 2 * 0.5, 1e-5);
  EXPECT_NEAR(b->saturation, 1, 1e-10);
  EXPECT_LT(b->at_5, b->at_50);
  EXPECT_LT(b->at_50, b->at_95);
  EXPECT_NEAR(b->at_50, b->stoichiometric_time, 3);
  auto particles = kroma::test::packed_column(ColumnModel::general_rate);
  particles.sections = {{0, 8000, {0.3}, {0.0}}};
  auto const p = of(particles);
  ASSERT_TRUE(p);
  EXPECT_NEAR(p->loading, 35.5 * 0.3, 1e-3);
  EXPECT_NEAR(p->saturation, 1, 1e-8);
}

// Verifies: pulses, ramps and feeds that change are no breakthrough.
TEST(Breakthrough, OnlyOfAConstantFeed) {
  auto column = kroma::test::lumped_column();
  EXPECT_FALSE(of(column));
  column.sections = {{0, 10, {1.0}, {0.0}}, {10, 300, {2.0}, {0.0}}};
  EXPECT_FALSE(of(column));
  column.sections = {{0, 10, {1.0}, {0.0}}, {10, 20, {0.0}, {0.0}}, {20, 300, {1.0}, {0.0}}};
  EXPECT_FALSE(of(column));
  column.sections = {{0, 300, {1.0}, {0.1}}};
  EXPECT_FALSE(of(column));
}

}  // namespace
