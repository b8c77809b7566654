#include "problems/diffusion_couple/layers.hpp"

#include <array>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr double kTime = 7.2e5;  // 200 h

/// Two line compounds between pure ends: names, compositions, volumes; exact thicknesses and positions in um.
struct Compounds {
  std::array<double, 4> volume;
  double left, middle, right;  // interfaces

  Options options() const {
    Options o;
    double const at[] = {0, 0.25, 5.0 / 11, 1};
    for (std::size_t k = 0; k < 4; ++k) {
      PhaseOptions phase;
      phase.name = std::to_string(k);
      phase.at = at[k];
      phase.molar_volume = deck::Function::constant(volume[k], {"c"});
      o.phases.push_back(phase);
    }
    o.phases[1].layer = deck::Interval{1e-6 * left, 1e-6 * middle};
    o.phases[2].layer = deck::Interval{1e-6 * middle, 1e-6 * right};
    return o;
  }
  MeasuredProfile profile() const {
    MeasuredProfile p;
    p.name = "compounds";
    p.time = kTime;
    p.options.left = {0};
    p.options.right = {1};
    p.c.resize(1);
    for (double x = -20.1; x < 20; x += 0.3) {
      p.x.push_back(1e-6 * x);
      p.c[0].push_back(x < left ? 0 : x < middle ? 0.25 : x < right ? 5.0 / 11 : 1);
    }
    return p;
  }
  Integrated of(int phase) const {
    auto const o = options();
    auto const layered = layered_profile(profile(), find_layers(profile(), o), o, VolumeLaw{1e-5});
    EXPECT_LT(sum_rule_error(layered, kTime), 1e-12);
    return integrated_coefficient(layered, phase, kTime);
  }
};

// Thicknesses that D_int = 3e-18 and 2e-17 m^2/s make in 200 h, from the system of jump conditions in the molar
// coordinate; the interfaces' places follow from the conservation of the first component.
TEST(Layers, EqualVolumes) {
  double const a = 2.36448223, b = 10.14711903;
  double const left = -(0.75 * a + 6.0 / 11 * b);  // the first component in the layers came from there
  Compounds const compounds{{1e-5, 1e-5, 1e-5, 1e-5}, left, left + a, left + a + b};
  EXPECT_NEAR(compounds.of(1).by_composition / 3e-18, 1, 1e-8);
  EXPECT_NEAR(compounds.of(2).by_composition / 2e-17, 1, 1e-8);
  EXPECT_NEAR(compounds.of(1).growth_constant / 3.88248350e-18, 1, 1e-8);
  EXPECT_NEAR(compounds.of(2).growth_constant / 7.15027948e-17, 1, 1e-8);
}

TEST(Layers, UnequalVolumesAreExactInMoleFractionsOnly) {
  double const a = 2.69809267, b = 9.90177382, v[] = {7.1128e-6, 8.59e-6, 10.59e-6, 16.29e-6};
  double const left = -v[0] * (0.75 * a / v[1] + 6.0 / 11 * b / v[2]);
  Compounds const compounds{{v[0], v[1], v[2], v[3]}, left, left + a, left + a + b};
  auto const first = compounds.of(1), second = compounds.of(2);
  EXPECT_NEAR(first.by_composition / 3e-18, 1, 1e-5);
  EXPECT_NEAR(second.by_composition / 2e-17, 1, 1e-5);
  // Converted with the pure component's volume, as for ideal volumes: measured 17 and 18 % too low.
  EXPECT_NEAR(first.by_concentration * v[1] * v[1] / v[0] / 3e-18 - 1, -0.17, 0.01);
  EXPECT_NEAR(second.by_concentration * v[2] * v[2] / v[0] / 2e-17 - 1, -0.18, 0.01);
}

TEST(Layers, InterfacesLieBetweenPoints) {
  Compounds const compounds{{1e-5, 1e-5, 1e-5, 1e-5}, -7, -4, 5};
  auto options = compounds.options();
  options.phases[1].layer.reset();
  options.phases[2].layer.reset();
  auto const layers = find_layers(compounds.profile(), options);
  ASSERT_EQ(layers.size(), 4u);
  EXPECT_NEAR(1e6 * layers[1].low, -7, 0.15001);
  EXPECT_NEAR(1e6 * layers[1].high, -4, 0.15001);
  EXPECT_NEAR(1e6 * layers[2].deviation, 0.3 / std::sqrt(12.0), 1e-9);
}

TEST(Layers, RefusesLayersThatOverlap) {
  Compounds const compounds{{1e-5, 1e-5, 1e-5, 1e-5}, -7, -4, 5};
  auto options = compounds.options();
  options.phases[2].layer = deck::Interval{-8e-6, 5e-6};
  EXPECT_THROW(find_layers(compounds.profile(), options), Error);
}

}  // namespace
}  // namespace kroma::diffusion_couple
