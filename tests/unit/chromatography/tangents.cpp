#include "problems/chromatography/tangents.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "problems/chromatography/method.hpp"
#include "problems/chromatography/pass.hpp"
#include "unit/chromatography/directions.hpp"

namespace kroma::chromatography {
namespace {

/// Largest difference of the derivatives of the outlet to differences of outlets of fourth order, each component's over
/// its largest. Steps adapt to the state, so that two runs differ by time errors too: tolerances are small.
double deviation(Column const& column, Level const& level, Change const& change, double relative = 1e-3) {
  Samples samples;
  for (int k = 0; k <= 60; ++k) samples.times.push_back(column.end() * k / 60.0);
  auto slopes_over = [&](double step) {
    auto const wide = direction(column, change, step);
    Pass up{wide.plus, level, samples}, down{wide.minus, level, samples};
    up.run([] { return false; });
    down.run([] { return false; });
    std::vector<double> slopes;
    for (std::size_t k = 0; k < up.outlet().size(); ++k) {
      slopes.push_back((up.outlet()[k] - down.outlet()[k]) / wide.width);
    }
    return slopes;
  };
  auto const narrow = slopes_over(relative), wide = slopes_over(2 * relative);
  std::vector<Direction> const directions{direction(column, change, 1e-5)};
  Pass pass{column, level, samples, directions};
  pass.run([] { return false; });
  double worst = 0;
  for (std::size_t i = 0; i < column.count(); ++i) {
    double error = 0, largest = 0;
    for (std::size_t k = i; k < narrow.size(); k += column.count()) {
      double const slope = (4 * narrow[k] - wide[k]) / 3;
      error = std::max(error, std::abs(pass.slopes()[k] - slope));
      largest = std::max(largest, std::abs(slope));
    }
    worst = std::max(worst, error / largest);
  }
  return worst;
}

// Verifies: derivatives of linear columns by parameters of each kind of term against differences of outlets.
TEST(Tangents, LinearColumns) {
  Level const level{{8, 4, 5}, 5, 1e-10};
  for (auto const& change : {kLength, kVelocity, kDispersion, kPhaseRatio, kAdsorption, kFeed}) {
    EXPECT_LT(deviation(linear(ColumnModel::lumped_rate), level, change), 1e-6);
    EXPECT_LT(deviation(linear(ColumnModel::lumped_rate, false), level, change), 1e-6);
  }
  for (auto const& change : {kLength, kBedPorosity, kPorosity, kFilm, kPoreDiffusion, kAdsorption}) {
    EXPECT_LT(deviation(linear(ColumnModel::general_rate), level, change), 1e-6);
  }
}

// Verifies: the same of nonlinear columns, with Jacobians that differ between stages, and of the initial loading.
TEST(Tangents, NonlinearColumns) {
  Level const level{{8, 3, 1}, 5, 1e-10};
  Change const charge = [](Column& c) -> double& { return c.binding.charge[1]; };
  Change const capacity = [](Column& c) -> double& { return c.binding.ionic_capacity; };
  Change const gradient = [](Column& c) -> double& { return c.sections[2].slope[0]; };
  for (auto const& change : {kAdsorption, charge, capacity, gradient, kPorosity}) {
    EXPECT_LT(deviation(proteins(ColumnModel::lumped_rate_with_pores, 700), level, change), 3e-5);
  }
  Change const affinity = [](Column& c) -> double& { return c.binding.affinity[0]; };
  Change const initial = [](Column& c) -> double& { return c.initial_concentration[0]; };
  for (auto const& change : {affinity, initial, kPhaseRatio}) {
    EXPECT_LT(deviation(langmuir(ColumnModel::lumped_rate, false), level, change), 1e-5);
  }
  EXPECT_LT(deviation(langmuir(ColumnModel::lumped_rate, true), level, affinity), 1e-5);
}

// Verifies: a section's end as the parameter: the state's derivative jumps there, also in rapid equilibrium.
TEST(Tangents, EndOfASection) {
  auto check = [](Column const& column, double bound) {
    Level const level{{16, 4, 5}, 5, 1e-9};
    Samples samples;
    for (int k = 1; k <= 40; ++k) samples.times.push_back(column.end() * k / 40.0);
    auto outlet = [&](double until) {
      auto c = column;
      c.sections[0].end = c.sections[1].begin = until;
      return c;
    };
    auto run = [&](Column const& c, std::vector<Direction> const& directions) {
      Pass pass{c, level, samples, directions};
      pass.run([] { return false; });
      return directions.empty() ? pass.outlet() : pass.slopes();
    };
    auto const slopes = run(column, {{outlet(10.0001), outlet(9.9999), 2e-4, 10}});
    auto const up = run(outlet(10.001), {}), down = run(outlet(9.999), {});
    double error = 0, largest = 0;
    for (std::size_t k = 0; k < up.size(); ++k) {
      double const difference = (up[k] - down[k]) / 2e-3;
      error = std::max(error, std::abs(slopes[k] - difference));
      largest = std::max(largest, std::abs(difference));
    }
    EXPECT_LT(error, bound * largest);
  };
  check(linear(ColumnModel::lumped_rate_with_pores), 1e-5);
  check(linear(ColumnModel::lumped_rate), 1e-5);
  check(langmuir(ColumnModel::lumped_rate, false), 1e-4);
}

// Verifies: to rounding of the transform, what derivatives are of a column and not only of its discretisation.
TEST(Tangents, AgreeWithTheTransform) {
  auto column = linear(ColumnModel::general_rate);
  column.phase_ratio = 0;
  Samples samples;
  for (int k = 1; k <= 40; ++k) samples.times.push_back(column.end() * k / 40.0);
  for (auto const& change : {kLength, kVelocity, kPorosity, kPoreDiffusion, kAdsorption}) {
    std::vector<Direction> const directions{direction(column, change, 1e-5)};
    Pass pass{column, {{16, 5, 8}, 5, 1e-8}, samples, directions};
    pass.run([] { return false; });
    auto const& d = directions[0];
    auto const up = solve_semi_analytic(d.plus, samples.times, 1e-6).concentration;
    auto const down = solve_semi_analytic(d.minus, samples.times, 1e-6).concentration;
    double error = 0, largest = 0;
    for (std::size_t k = 0; k < up.size(); ++k) {
      double const difference = (up[k] - down[k]) / d.width;
      error = std::max(error, std::abs(pass.slopes()[k] - difference));
      largest = std::max(largest, std::abs(difference));
    }
    EXPECT_LT(error, 5e-7 * largest);
  }
}

}  // namespace
}  // namespace kroma::chromatography
