#include "problems/diffusion_couple/smooth_profile.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "exact_couple.hpp"
#include "noisy_couple.hpp"
#include "problems/diffusion_couple/estimators.hpp"

namespace kroma::diffusion_couple {
namespace {

/// D by Sauer and Freise on the smoothed profile, with standard errors.
Propagated sauer_freise(SmoothProfile const& smooth, std::vector<double> const& at) {
  return propagate(smooth, [&](Curve const& curve) {
    return interdiffusion(sample_at_compositions(curve, VolumeLaw{1e-5}, at), Method::sauer_freise,
                          test::kHundredHours);
  });
}

// Noise of three sizes: the error falls as measured with an independent prototype, within a factor 1.5.
TEST(ProbitSpline, ErrorsInFivePartsOfTheProfile) {
  struct Row {
    double deviation;
    std::array<double, 5> expected;
  };
  for (auto const& row : {Row{0.001, {.049, .022, .0085, .032, .057}}, Row{0.002, {.10, .049, .014, .046, .090}},
                          Row{0.005, {.20, .11, .025, .070, .17}}}) {
    test::NoisyErrors errors;
    for (int seed = 1; seed <= 30; ++seed) {
      auto const smooth = smooth_probit(test::noisy_profile(row.deviation, seed), {});
      errors.add(interdiffusion(sample_at_compositions(smooth.best, VolumeLaw{1e-5}, errors.at()), Method::sauer_freise,
                                test::kHundredHours));
      EXPECT_NEAR(smooth.deviation, row.deviation, 0.25 * row.deviation);
    }
    auto const found = errors.root_mean_squares();
    for (std::size_t part = 0; part < 5; ++part) {
      EXPECT_LT(found[part], 1.5 * row.expected[part]) << "noise " << row.deviation << ", part " << part;
    }
  }
}

TEST(ProbitSpline, StandardErrorsAreThoseOfTheEstimates) {
  std::vector<double> const at{0.2, 0.5, 0.8};
  std::vector<double> squares(3, 0.0), predicted(3, 0.0);
  for (int seed = 1; seed <= 30; ++seed) {
    auto const d = sauer_freise(smooth_probit(test::noisy_profile(0.002, seed), {}), at);
    for (std::size_t i = 0; i < 3; ++i) {
      squares[i] += std::pow(d.value[i] / test::noisy_law(at[i]) - 1, 2) / 30;
      predicted[i] += std::pow(d.standard_error[i] / d.value[i], 2) / 30;
    }
  }
  // 30 replicates give a standard deviation to 13 %; three of them.
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(std::sqrt(predicted[i] / squares[i]), 1, 0.45) << at[i];
}

TEST(ProbitSpline, ConstantDIsAStraightLineOfTheDeviate) {
  auto const profile = test::exact_profile([](double) { return 1e-14; }, VolumeLaw{1e-5}, 2e-6);
  auto const smooth = smooth_probit(profile, {});
  auto const d = sauer_freise(smooth, {0.003, 0.1, 0.5, 0.997});
  for (double const value : d.value) EXPECT_NEAR(value / 1e-14, 1, 1e-4);
}

TEST(ProbitSpline, FittedEndMembers) {
  auto profile = test::with_noise(
      test::exact_profile(test::noisy_law, VolumeLaw{1e-5}, 4e-6, test::kHundredHours, 0.1, 0.7), 0.002, 3);
  profile.options.left.clear();
  profile.options.right.clear();
  auto const smooth = smooth_probit(profile, {});
  EXPECT_NEAR(smooth.best.minus, 0.1, 0.002);
  EXPECT_NEAR(smooth.best.plus, 0.7, 0.002);
}

TEST(ProbitSpline, RefusesWhatDoesNotChange) {
  auto profile = test::noisy_profile(0.002, 1);
  for (double& c : profile.c[0]) c = 0.3;
  profile.options.left.clear();
  profile.options.right.clear();
  EXPECT_THROW(smooth_probit(profile, {}), Error);
}

TEST(Isotonic, PoolsWhatFalls) {
  EXPECT_EQ(isotonic({1, 3, 2, 2, 5, 4}), (std::vector<double>{1, 7.0 / 3, 7.0 / 3, 7.0 / 3, 4.5, 4.5}));
}

}  // namespace
}  // namespace kroma::diffusion_couple
