#include "problems/chromatography/programme.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "problems/chromatography/gas.hpp"
#include "problems/chromatography/retention.hpp"

namespace {

using namespace kroma::chromatography;

GasColumn capillary() {
  auto const constant = [](double value) { return [value](double) { return value; }; };
  return {30, 0.125e-3, 0.25e-6, Carrier::helium, constant(353.15), constant(1.5e5), constant(1.013e5)};
}

/// Four aromatic compounds on a 17 % phenyl phase, parameters from the collection RetentionData (Brehmer et al. 2023).
std::vector<Analyte> aromatics() {
  auto const law = [](double celsius, double theta, double heat) {
    return RetentionLaw::characteristic(celsius + 273.15, theta, heat, 1.0);
  };
  // the expected widths take helium's molar mass as 4 g/mol; what that changes in 1 / M + 1 / 4.0026 is put into M
  auto const compound = [](std::string const& formula) {
    auto m = molecule(formula, 1);
    m.molar_mass = 1 / (1 / m.molar_mass + 1 / 4.0 - 1 / 4.002602);
    return m;
  };
  return {{"toluene", law(60.799, 28.234, 70.101), compound("C7H8")},
          {"ethylbenzene", law(81.076, 29.203, 92.253), compound("C8H10")},
          {"m-xylene", law(82.057, 29.116, 76.562), compound("C8H10")},
          {"o-xylene", law(89.118, 29.958, 65.94), compound("C8H10")}};
}

void expect_elution(GasColumn const& column, std::vector<std::array<double, 2>> const& expected) {
  auto const analytes = aromatics();
  for (std::size_t i = 0; i < analytes.size(); ++i) {
    auto const elution = migrate(column, analytes[i], 0, 2000);
    EXPECT_NEAR(elution.retention, expected[i][0], 6e-5) << analytes[i].name;
    EXPECT_NEAR(elution.deviation, expected[i][1], 6e-6) << analytes[i].name;
  }
}

// Verifies: hold-up, retention and widths at 80 degC against independently computed figures of seven digits.
TEST(Programme, Isothermal) {
  auto const column = capillary();
  auto never = aromatics()[0];
  never.retention = {-100, 0, 0};
  EXPECT_NEAR(migrate(column, never, 0, 2000).retention, 213.2993, 6e-5);
  expect_elution(column, {{326.8828, 1.26309}, {434.6405, 1.61823}, {442.3428, 1.64748}, {505.5210, 1.88756}});
}

// Verifies: the same for 40 degC (1 min), then 10 K/min to 200 degC.
TEST(Programme, Ramp) {
  auto column = capillary();
  column.temperature = [](double t) { return 313.15 + std::clamp((t - 60) / 6, 0.0, 160.0); };
  expect_elution(column, {{403.0585, 1.09055}, {507.3591, 1.16521}, {512.3632, 1.16740}, {551.1549, 1.21320}});
}

// Verifies: the three forms of a retention law are one: values, slope, and the way back.
TEST(Retention, FormsOfOneLaw) {
  double const tc = 355.207, theta = 29.116, heat = 76.562;
  auto const law = RetentionLaw::characteristic(tc, theta, heat, 1.0);
  EXPECT_NEAR(law.factor(tc), 1, 1e-12);
  EXPECT_NEAR(law.slope(tc), -1 / theta, 1e-14);
  EXPECT_NEAR(law.characteristic_temperature(500), tc, 1e-9);
  // ln k = 0 and its slope -dH / (R T^2) ... give enthalpy and entropy at the characteristic temperature
  double const enthalpy = -kGasConstant * tc * tc / theta, entropy = enthalpy / tc;
  auto const same = RetentionLaw::thermodynamic(enthalpy, entropy, heat, tc, 1.0);
  for (double const t : {310.0, 355.0, 470.0}) EXPECT_NEAR(same.factor(t) / law.factor(t), 1, 1e-11);
  EXPECT_NEAR(RetentionLaw::characteristic(tc, theta, heat, 2.0).factor(400) / law.factor(400), 2, 1e-12);
  EXPECT_NEAR(law.factor(10) / kMostRetention, 1, 1e-12);
}

// Verifies: viscosities at 0 degC are the tabulated ones, and a diffusivity against one worked out by hand.
TEST(Gas, Properties) {
  EXPECT_DOUBLE_EQ(viscosity(Carrier::nitrogen, 273.15), 16.62e-6);
  EXPECT_NEAR(viscosity(Carrier::helium, 353.15), 18.63e-6 * std::pow(353.15 / 273.15, 0.6958 - 0.0071 * 80 / 273.15),
              1e-20);
  auto const toluene = molecule("C7H8", 1);
  EXPECT_NEAR(toluene.molar_mass, 92.141, 1e-3);
  EXPECT_NEAR(toluene.diffusion_volume, 7 * 15.9 + 8 * 2.31 - 18.3, 1e-12);
  // 1e-7 * 298.15^1.75 * sqrt(1/92.141 + 1/28.0134) / (111.48^(1/3) + 18.5^(1/3))^2 m^2/s at one atmosphere
  EXPECT_NEAR(diffusivity_times_pressure(Carrier::nitrogen, toluene, 298.15) / 101300, 8.299e-6, 0.001e-6);
  EXPECT_THROW(molecule("C7Xx", 0), kroma::Error);
  EXPECT_THROW(molecule("CH4", 5), kroma::Error);
}

// Verifies: a controller's inlet pressure lets its flow through, at 25 degC and at 200 degC: u p A / T in the middle of
// the column is that of the flow at reference conditions.
TEST(Programme, FlowControl) {
  auto column = capillary();
  double const flow = 1e-6 / 60, area = std::acos(-1.0) * 0.125e-3 * 0.125e-3;
  for (double const temperature : {298.15, 473.15}) {
    double const inlet = inlet_pressure_for_flow(column, flow, temperature, 1.013e5);
    column.temperature = [=](double) { return temperature; };
    column.inlet_pressure = [=](double) { return inlet; };
    double const passes = carrier_velocity(column, 15, 0) * carrier_pressure(column, 15, 0) * area / temperature;
    EXPECT_NEAR(passes, flow * 101325 / 298.15, 1e-12 * passes);
  }
}

// Verifies: what does not leave in time is an error with its place.
TEST(Programme, WhatStays) {
  auto const column = capillary();
  EXPECT_THROW(migrate(column, aromatics()[3], 0, 400), kroma::Error);
}

}  // namespace
