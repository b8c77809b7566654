#include "problems/chromatography/model.hpp"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "problems/chromatography/moments.hpp"

namespace {

using namespace kroma::chromatography;

Options capillary() {
  Options o;
  o.components = {"o-xylene", "p+m-xylene", "ethylbenzene", "toluene", "benzene"};
  auto& c = o.column.emplace();
  c.length = 20;
  c.radius = 9e-5;
  c.film_thickness = 1e-6;
  o.flow.closure = Closure::compressible;
  o.flow.velocity = 0.41;
  o.flow.inlet_pressure = 4.01e5;
  o.flow.outlet_pressure = 1.013e5;
  o.dispersion = {2.06e-6, 2.06e-6, 2.377e-6, 2.599e-6, 2.884e-6};
  o.binding.adsorption_rate = {10168, 6483, 9203, 2953, 579};
  o.binding.desorption_rate = {14.291, 11.057, 16.940, 11.502, 5.299};
  o.inlet = {{4, {1}, {}}, {700, {0}, {}}};
  return o;
}

// Verifies: the laminar profile adds these parts, independently found, to the variances of five peaks.
TEST(Model, TaylorArisDispersion) {
  std::array const parts{0.157, 0.101, 0.123, 0.038, 0.007};
  auto o = capillary();
  auto const diffusion = moments(make_column(o));
  o.taylor_aris = true;
  auto const laminar = moments(make_column(o));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    double const variance = diffusion[i].variance + 16.0 / 12;  // a pulse of 4 s adds to it
    EXPECT_NEAR((laminar[i].variance - diffusion[i].variance) / variance, parts[i], 0.002) << o.components[i];
  }
}

// Verifies: without a velocity it follows from Poiseuille's law for an expanding carrier, 0.4132 m/s here, and the
// hold-up time is then 128/3 L^2 / d^2 mu (p_0^3 - p_L^3) / (p_0^2 - p_L^2)^2.
TEST(Model, LaminarVelocity) {
  auto o = capillary();
  o.flow.velocity.reset();
  o.flow.viscosity = 2.3e-5;
  auto const column = make_column(o);
  EXPECT_NEAR(column.flow.velocity, 0.4132, 5e-5);
  double const p0 = 4.01e5, pl = 1.013e5, d = 1.8e-4;
  double const cubes = p0 * p0 * p0 - pl * pl * pl, squares = p0 * p0 - pl * pl;
  EXPECT_NEAR(column.hold_up(20), 128.0 / 3 * 400 / (d * d) * 2.3e-5 * cubes / (squares * squares), 1e-10);
  EXPECT_NEAR(column.expansion(), pl / p0, 1e-15);
}

}  // namespace
