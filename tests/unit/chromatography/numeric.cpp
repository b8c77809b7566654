#include "problems/chromatography/numeric.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "problems/chromatography/batch.hpp"
#include "unit/chromatography/directions.hpp"

namespace kroma::chromatography {
namespace {

std::vector<double> seconds(double step, double end) {
  std::vector<double> times;
  for (double t = 0; t <= end; t += step) times.push_back(t);
  return times;
}

// Verifies: stopped after any step, saved, and taken up by another object, a run gives the bits of one that was not
// stopped, its derivatives too, wherever it stops: in any level, after a rejected step, at a restart.
TEST(NumericSolver, GoesOnBitForBit) {
  auto const column = proteins(ColumnModel::lumped_rate_with_pores, 500);
  auto const times = seconds(10, 500), positions = std::vector<double>{0, 0.007, 0.014};
  std::vector<Direction> const directions{direction(column, kAdsorption, 1e-5), direction(column, kPorosity, 1e-5)};
  NumericSolver whole{column, times, positions, 1e-3, {}, directions};
  ASSERT_TRUE(whole.run([] { return false; }));
  std::vector<double> state;
  int parts = 0;
  for (bool done = false; !done; ++parts) {
    NumericSolver part{column, times, positions, 1e-3, {}, directions};
    if (!state.empty()) part.load(state);
    int steps = 0;
    done = part.run([&] { return ++steps == 17; });
    state = part.save();
    if (!done) continue;
    EXPECT_EQ(part.outlet().concentration, whole.outlet().concentration);
    EXPECT_EQ(part.inside().adsorbed, whole.inside().adsorbed);
    EXPECT_EQ(part.outlet().slopes, whole.outlet().slopes);
    EXPECT_EQ(part.outlet().steps, whole.outlet().steps);
    EXPECT_EQ(part.outlet().mass_balance_error, whole.outlet().mass_balance_error);
  }
  EXPECT_GT(parts, 5);
}

// Verifies: components of a linear column are solved alone, each as it would be in a column of its own.
TEST(NumericSolver, LinearComponentsAreAlone) {
  auto column = pulse_column(ColumnModel::lumped_rate_with_pores);
  column.initial_adsorbed = {0};
  column.binding.adsorption_rate = {3.55};
  column.binding.desorption_rate = {0.1};
  auto const times = seconds(50, 1500);
  NumericSolver one{column, times, {}, 1e-4, {}};
  one.run([] { return false; });
  auto both = packed_column(ColumnModel::lumped_rate_with_pores, 2);
  both.sections = {{0, 10, {1, 2}, {0, 0}}, {10, 1500, {0, 0}, {0, 0}}};
  both.initial_adsorbed = {0, 0};
  both.binding.adsorption_rate = {3.55, 1.0};
  both.binding.desorption_rate = {0.1, 0.1};
  NumericSolver two{both, times, {}, 1e-4, {}};
  two.run([] { return false; });
  for (std::size_t k = 0; k < times.size(); ++k) {
    EXPECT_EQ(two.outlet().concentration[2 * k], one.outlet().concentration[k]);
  }
}

// Verifies: columns of a batch come out as they do one by one, one that fails is named, and the others are not
// disturbed.
TEST(Batch, ColumnsAreIndependent) {
  auto const one = proteins(ColumnModel::lumped_rate_with_pores, 500);
  auto stronger = one, broken = one;
  stronger.binding.adsorption_rate[1] = 50;
  broken.binding.adsorption_rate[2] = NAN;
  Level const level{{8, 3, 1}, 3, 1e-5};
  auto const times = seconds(50, 500);
  auto const batch = solve_batch(MPI_COMM_SELF, {one, broken, stronger}, level, times);
  ASSERT_EQ(batch.count, 3u);
  EXPECT_EQ(batch.failures[0], "");
  EXPECT_NE(batch.failures[1].find("component 3"), std::string::npos) << batch.failures[1];
  auto const alone = solve_batch(MPI_COMM_SELF, {stronger}, level, times);
  auto const size = times.size() * 4;
  EXPECT_TRUE(std::equal(alone.outlet.begin(), alone.outlet.end(), batch.outlet.begin() + static_cast<long>(2 * size)));
  EXPECT_NE(batch.outlet[size - 1], batch.outlet[3 * size - 1]);
}

}  // namespace
}  // namespace kroma::chromatography
