#include "problems/diffusion_couple/volume_law.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace kroma::diffusion_couple {
namespace {

Options ni_pd() {
  Options options;
  options.components = {"Ni", "Pd"};
  options.molar_volume = {{"Ni", 6.589e-6}, {"Pd", 8.862e-6}};
  return options;
}

TEST(VolumeLaw, IdealPartialVolumesAreThoseOfThePureComponents) {
  VolumeLaw const volume{ni_pd()};
  EXPECT_DOUBLE_EQ(volume(0.25), 0.75 * 6.589e-6 + 0.25 * 8.862e-6);
  EXPECT_DOUBLE_EQ(volume.partial_first(0.3), 6.589e-6);
  EXPECT_DOUBLE_EQ(volume.partial_second(0.3), 8.862e-6);
  EXPECT_FALSE(volume.is_constant());
  EXPECT_TRUE(VolumeLaw{}.is_constant());
}

TEST(VolumeLaw, RedlichKisterExcessAndItsSlope) {
  auto options = ni_pd();
  options.excess_volume = {1e-6, -4e-7, 2e-7};
  VolumeLaw const volume{options};
  double const c = 0.3, d = 1 - 2 * c, h = 1e-5;
  EXPECT_NEAR(volume(c), volume.ideal()(c) + c * (1 - c) * (1e-6 - 4e-7 * d + 2e-7 * d * d), 1e-20);
  EXPECT_NEAR(volume.slope(c), (volume(c + h) - volume(c - h)) / (2 * h), 1e-15);
  EXPECT_NEAR(volume.partial_first(c) * (1 - c) + volume.partial_second(c) * c, volume(c), 1e-20);
}

TEST(VolumeLaw, AnyFunction) {
  Options options;
  options.volume = deck::Function::expression("7e-6*(1+0.2*c^2)", {"c"});
  VolumeLaw const volume{options};
  EXPECT_DOUBLE_EQ(volume.slope(0.5), 7e-6 * 0.2);
  options.volume = deck::Function::expression("1e-6-2e-6*c", {"c"});
  EXPECT_THROW(VolumeLaw{options}, Error);
}

}  // namespace
}  // namespace kroma::diffusion_couple
