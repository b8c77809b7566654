#include "problems/chromatography/tangents.hpp"

#include <cmath>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "problems/chromatography/method.hpp"
#include "problems/chromatography/pass.hpp"
#include "unit/chromatography/columns.hpp"

namespace kroma::chromatography {
namespace {

using Change = std::function<double&(Column&)>;

Column linear(ColumnModel model, bool kinetic = true) {
  auto c = pulse_column(model, 800);
  c.binding.adsorption_rate = {3.55};
  c.binding.desorption_rate = {0.1};
  c.binding.kinetic = kinetic;
  c.initial_adsorbed = {0};
  c.particles[0].surface_diffusion = {0};
  return c;
}

/// A bed that is loaded at the start, in equilibrium with Langmuir's law.
Column langmuir(ColumnModel model, bool kinetic) {
  auto c = pulse_column(model, 300);
  c.binding.law = Law::langmuir;
  c.binding.kinetic = kinetic;
  c.binding.capacity = {2};
  c.binding.affinity = {4};
  c.binding.desorption_rate = {1};
  c.initial_concentration = {0.2};
  c.initial_adsorbed = {2 * 0.8 / 1.8};
  return c;
}

Direction direction(Column const& column, Change const& change, double relative) {
  Direction d{column, column, 0, 1};
  double const value = change(d.plus);
  change(d.plus) = value * (1 + relative);
  change(d.minus) = value * (1 - relative);
  d.width = 2 * relative * value;
  d.scale = std::abs(value);
  return d;
}

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

Change const kLength = [](Column& c) -> double& { return c.length; };
Change const kVelocity = [](Column& c) -> double& { return c.flow.velocity; };
Change const kDispersion = [](Column& c) -> double& { return c.dispersion[0]; };
Change const kPhaseRatio = [](Column& c) -> double& { return c.phase_ratio; };
Change const kBedPorosity = [](Column& c) -> double& { return c.bed_porosity; };
Change const kPorosity = [](Column& c) -> double& { return c.particles[0].porosity; };
Change const kFilm = [](Column& c) -> double& { return c.particles[0].film_coefficient[0]; };
Change const kPoreDiffusion = [](Column& c) -> double& { return c.particles[0].pore_diffusion[0]; };
Change const kAdsorption = [](Column& c) -> double& { return c.binding.adsorption_rate.back(); };
Change const kFeed = [](Column& c) -> double& { return c.sections[0].concentration[0]; };

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
