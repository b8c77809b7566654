#include "problems/diffusion_couple/intrinsic.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "exact_couple.hpp"
#include "problems/diffusion_couple/estimators.hpp"

namespace kroma::diffusion_couple {
namespace {

struct Couple {
  char const* name;
  VolumeLaw volume;
  double place;        // um after 100 h of the Kirkendall plane, from the root of x = 2 t v
  double composition;  // there, to four digits
};

std::vector<Couple> couples() {
  double const um = 600 * 1e6;  // of lambda
  return {{"constant", VolumeLaw{1e-5}, -8.483145189e-8 * um, .4790},
          {"ideal", VolumeLaw{test::two_components()}, -8.704700943e-8 * um, .3952},
          {"expansion", VolumeLaw{test::two_components({1e-6})}, -8.252751203e-8 * um, .3898},
          {"contraction", VolumeLaw{test::two_components({-1.5e-6})}, -9.471438658e-8 * um, .4028}};
}

struct AtPlane {
  test::Darken law;
  SampledCurve curve;
  std::size_t node;

  explicit AtPlane(Couple const& couple)
      : law{couple.volume},
        curve{sample_at_places(interpolate(test::exact_profile(law, couple.volume, 0.5e-6)).best, couple.volume,
                               {1e-6 * couple.place})},
        node{curve.asked.front()} {}
  double c() const { return curve.c[node]; }
};

TEST(Intrinsic, MoleFractionsAreExactForAnyVolume) {
  for (auto const& couple : couples()) {
    AtPlane const at{couple};
    EXPECT_NEAR(at.c(), couple.composition, 5e-5) << couple.name;
    auto const d = intrinsic_by_composition(at.curve, at.node, test::kHundredHours);
    EXPECT_NEAR(d.first / at.law.first(at.c()), 1, 2e-5) << couple.name;
    EXPECT_NEAR(d.second / at.law.second(at.c()), 1, 2e-5) << couple.name;
    EXPECT_NEAR(ratio_without_gradient(at.curve, at.node) / d.ratio, 1, 1e-9) << couple.name;
    auto const direct = interdiffusion(at.curve, Method::wagner, test::kHundredHours).front();
    EXPECT_NEAR(darken(at.curve, at.node, d) / direct, 1, 1e-12) << couple.name;
  }
}

TEST(Intrinsic, ConcentrationsAreExactForIdealVolumesOnly) {
  double const expected[] = {0, 0, 0.10, -0.15};  // of the first component; the second stays exact
  double const tolerance[] = {2e-5, 2e-5, 5e-3, 1e-2};
  for (std::size_t k = 0; k < 4; ++k) {
    AtPlane const at{couples()[k]};
    auto const d = intrinsic_by_concentration(at.curve, at.node, test::kHundredHours);
    EXPECT_NEAR(d.first / at.law.first(at.c()) - 1, expected[k], tolerance[k]);
    EXPECT_NEAR(d.second / at.law.second(at.c()), 1, 2e-5);
  }
}

TEST(Intrinsic, HeumannNeedsTheContactPlane) {
  for (std::size_t k = 0; k < 2; ++k) {
    AtPlane const at{couples()[k]};
    auto const d = heumann(at.curve, at.node, test::kHundredHours, 0.0);
    EXPECT_NEAR(d.first / at.law.first(at.c()), 1, 2e-5);
    EXPECT_NEAR(d.second / at.law.second(at.c()), 1, 2e-5);
    // The markers' law of motion x = 2 t v.
    EXPECT_NEAR(2 * test::kHundredHours * d.velocity * 1e6, couples()[k].place, 1e-6 * 60);
  }
}

TEST(Intrinsic, AMarkerOffByOneMicrometre) {
  auto couple = couples()[0];
  auto const exact = intrinsic_by_composition(AtPlane{couple}.curve, AtPlane{couple}.node, test::kHundredHours);
  couple.place += 1;
  AtPlane const off{couple};
  auto const d = intrinsic_by_composition(off.curve, off.node, test::kHundredHours);
  EXPECT_NEAR(std::abs(d.ratio / exact.ratio - 1), 0.02, 0.01);
}

}  // namespace
}  // namespace kroma::diffusion_couple
