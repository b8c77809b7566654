#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "problems/chromatography/method.hpp"
#include "problems/chromatography/numeric.hpp"
#include "unit/chromatography/columns.hpp"

namespace {

using namespace kroma::chromatography;

/// B2 of the public set, fed by a cubic that rises from 0 and comes back to it, in `pieces` straight ones if that is
/// above 0.
Column bump(int pieces) {
  auto c = pulse_column(ColumnModel::lumped_rate_with_pores);
  c.phase_ratio = 0;
  c.binding.adsorption_rate = {3.55};
  c.binding.desorption_rate = {0.1};
  c.initial_adsorbed = {0};
  Section const curved{0, 60, {0}, {0}, {3e-3}, {-5e-5}};
  c.sections = {curved};
  if (pieces > 0) c.sections.clear();
  for (int k = 0; k < pieces; ++k) {
    double const a = 60.0 * k / pieces, b = 60.0 * (k + 1) / pieces, c0 = curved.at(0, a), c1 = curved.at(0, b);
    c.sections.push_back({a, b, {c0}, {(c1 - c0) / (b - a)}});
  }
  c.sections.push_back({60, 1500, {0}, {0}});
  return c;
}

double largest_difference(std::vector<double> const& a, std::vector<double> const& b) {
  double largest = 0;
  for (std::size_t k = 0; k < a.size(); ++k) largest = std::max(largest, std::abs(a[k] - b[k]));
  return largest;
}

// Verifies: a cubic inlet has the outlet that ever finer straight pieces come to, as the square of their length, and
// both methods agree on it.
TEST(CurvedInlet, IsTheLimitOfStraightPieces) {
  std::vector<double> times;
  for (int k = 0; k <= 150; ++k) times.push_back(10.0 * k);
  auto const column = bump(0);
  ASSERT_EQ(semi_analytic_obstacle(column), "");
  auto outlet = solve_semi_analytic(column, times, 1e-9);
  auto const& exact = outlet.concentration;
  double const coarse = largest_difference(exact, solve_semi_analytic(bump(20), times, 1e-9).concentration);
  double const fine = largest_difference(exact, solve_semi_analytic(bump(40), times, 1e-9).concentration);
  EXPECT_GT(coarse, 1e-5);
  EXPECT_NEAR(coarse / fine, 4, 0.2);
  judge_semi_analytic(column, times, outlet);
  EXPECT_LT(outlet.error_estimate, 1e-11);
  EXPECT_LT(outlet.mass_balance_error, 1e-9);
  NumericSolver numeric{column, times, {}, 1e-7, {}};
  ASSERT_TRUE(numeric.run([] { return false; }));
  EXPECT_LT(largest_difference(exact, numeric.outlet().concentration), 4e-7);  // 1e-7 of the largest, 4 mol/m^3
  EXPECT_LT(numeric.outlet().mass_balance_error, 1e-12);
}

}  // namespace
