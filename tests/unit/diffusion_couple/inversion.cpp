#include "problems/diffusion_couple/inversion.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "exact_couple.hpp"
#include "noisy_couple.hpp"

namespace kroma::diffusion_couple {
namespace {

/// Largest difference between a model's tangents and difference quotients, relative to each column's largest value.
double tangent_error(CoupleModel const& model, std::vector<double> const& parameters, CoupleState const& state) {
  auto const at = model(parameters, state, Wanted::tangents);
  double worst = 0;
  for (std::size_t j = 0; j < parameters.size(); ++j) {
    auto up = parameters, down = parameters;
    double const h = 1e-4;
    up[j] += h, down[j] -= h;
    auto const high = model(up, state, Wanted::values).value, low = model(down, state, Wanted::values).value;
    double largest = 1e-12, error = 0;
    for (std::size_t i = 0; i < high.size(); ++i) {
      double const quotient = (high[i] - low[i]) / (2 * h);
      largest = std::max(largest, std::abs(quotient));
      error = std::max(error, std::abs(quotient - at.tangent(i, j)));
    }
    worst = std::max(worst, error / largest);
  }
  return worst;
}

std::vector<double> parameters_of(LogDiffusivity const& law) {
  return law.nearest([](std::size_t, double c) { return std::log(test::noisy_law(c)); }, [](double) { return 1.0; });
}

// Values are extrapolated from two grids, tangents are those of the coarser one (errors of second order on 200
// intervals) interpolated on straight lines. Gauss-Newton stops where T^T r = 0 with these tangents T = J + E instead
// of J: the parameters are off by (J^T J)^-1 E^T r, of the order |E| / |J| < 1 % of their standard errors.
TEST(InfiniteCouple, TangentsAreThoseOfTheMap) {
  auto const options = test::two_components({-1.5e-6});
  auto const profile = test::noisy_profile(0.002, 1);
  LogDiffusivity const law{{}, 0, 1, 8};
  auto const model = infinite_couple(profile, {}, law, options, VolumeLaw{options}, profile.time);
  EXPECT_LT(tangent_error(model, parameters_of(law), {3e-6, 0, 1}), 1e-2);
}

TEST(InfiniteCouple, ReproducesTheExactProfile) {
  auto const options = test::two_components({}, false);
  auto const profile = test::exact_profile(test::noisy_law, VolumeLaw{1e-5}, 4e-6);
  LogDiffusivity const law{{}, 0, 1, 40};
  auto const model = infinite_couple(profile, {}, law, options, VolumeLaw{options}, profile.time);
  auto const c = model(parameters_of(law), {0, 0, 1}, Wanted::values).value;
  for (std::size_t i = 0; i < c.size(); ++i) EXPECT_NEAR(c[i], profile.c[0][i], 5e-5);
}

TEST(FiniteCouple, TangentsAreThoseOfTheScheme) {
  auto options = test::two_components({-1.5e-6});
  options.fit.cells = 120;
  options.fit.steps = 20;
  auto profile = test::noisy_profile(0.002, 1);
  LogDiffusivity const law{{}, 0, 1, 8};
  auto const model = finite_couple(profile, law, options, VolumeLaw{options}, profile.time);
  EXPECT_LT(tangent_error(model, parameters_of(law), {3e-6, 0, 1}), 1e-6);
}

TEST(FiniteCouple, AgreesWithTheInfiniteOneBeforeTheEndsAreReached) {
  auto options = test::two_components({}, false);
  auto const profile = test::exact_profile(test::noisy_law, VolumeLaw{1e-5}, 4e-6);
  LogDiffusivity const law{{}, 0, 1, 40};
  double last = 0;
  for (int const cells : {150, 300}) {
    options.fit.cells = cells;
    options.fit.steps = cells;
    auto const c = finite_couple(profile, law, options, VolumeLaw{options}, profile.time)(parameters_of(law), {0, 0, 1},
                                                                                          Wanted::values);
    double error = 0;
    for (std::size_t i = 0; i < c.value.size(); ++i) error = std::max(error, std::abs(c.value[i] - profile.c[0][i]));
    if (last > 0) {
      EXPECT_NEAR(std::log2(last / error), 2, 0.4);
    }
    last = error;
  }
  EXPECT_LT(last, 5e-4);
}

TEST(FiniteCouple, HoldsWhatItHad) {
  auto options = test::two_components({}, false);
  auto profile = test::noisy_profile(0.002, 1);
  double const low = -4e-5, high = 4e-5;  // the profile reaches both faces
  profile.x.clear();
  for (int i = 0; i < 4000; ++i) profile.x.push_back(low + (high - low) * (i + 0.5) / 4000);
  profile.c[0].assign(4000, 0.5);
  profile.options.left_face = low;
  profile.options.right_face = high;
  LogDiffusivity const law{{}, 0, 1, 8};
  auto const c = finite_couple(profile, law, options, VolumeLaw{options}, profile.time)(parameters_of(law),
                                                                                        {1e-5, 0, 1}, Wanted::values);
  double mean = 0;
  for (double const value : c.value) mean += value / 4000;
  EXPECT_NEAR(mean, 3.0 / 8, 1e-5);  // by the midpoint rule on straight pieces
  EXPECT_GT(c.value.front(), 0.01);
}

// The table of errors: ln D by Gauss-Newton, within a factor 1.5 over 30 seeds; and what the bands cover.
TEST(Inversion, ErrorsAndCoverage) {
  struct Row {
    double deviation;
    std::array<double, 5> expected;
  };
  auto const options = test::two_components({}, false);
  int inside = 0, all = 0;
  for (auto const& row : {Row{0.001, {.025, .010, .0039, .0066, .018}}, Row{0.002, {.042, .019, .0073, .013, .031}},
                          Row{0.005, {.078, .044, .017, .027, .051}}}) {
    test::NoisyErrors errors;
    for (int seed = 2001; seed <= 2030; ++seed) {
      auto profile = test::noisy_profile(row.deviation, seed);
      auto const found = invert_profiles({profile}, options);
      std::vector<double> d;
      for (double const c : errors.at()) d.push_back(found.law.diffusivity(found.parameters, 0, c));
      errors.add(d);
      for (double c = 0.05; c < 0.96; c += 0.05) {
        double const away = std::abs(found.law.value(found.parameters, 0, c) - std::log(test::noisy_law(c)));
        inside += away < 1.96 * log_deviation(found, 0, c);
        ++all;
      }
      EXPECT_NEAR(found.states[0].contact, 0, 4 * row.deviation / 0.002 * 1e-6);
    }
    auto const rms = errors.root_mean_squares();
    for (std::size_t part = 0; part < 5; ++part) {
      EXPECT_LT(rms[part], 1.5 * row.expected[part]) << "noise " << row.deviation << ", part " << part;
    }
  }
  EXPECT_GE(inside, 0.90 * all);
  EXPECT_LE(inside, 0.99 * all);
}

}  // namespace
}  // namespace kroma::diffusion_couple
