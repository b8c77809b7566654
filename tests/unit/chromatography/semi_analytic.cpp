#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "problems/chromatography/closed_form.hpp"
#include "problems/chromatography/goldstein.hpp"
#include "problems/chromatography/method.hpp"
#include "problems/chromatography/moments.hpp"
#include "problems/chromatography/transform.hpp"
#include "support/chromatography.hpp"

namespace {

using namespace kroma::chromatography;
using kroma::test::btex_column;
using kroma::test::lumped_column;
using kroma::test::packed_column;

struct Check {
  double time, value;
};

void expect_outlet(Column const& column, std::vector<Check> const& checks, double relative) {
  std::vector<double> times;
  for (auto const& check : checks) times.push_back(check.time);
  auto outlet = solve_semi_analytic(column, times, 1e-6);
  judge_semi_analytic(column, times, outlet);
  for (std::size_t k = 0; k < checks.size(); ++k) {
    EXPECT_NEAR(outlet.concentration[k], checks[k].value, relative * checks[k].value) << "at " << times[k] << " s";
  }
  EXPECT_LT(outlet.error_estimate, 1e-13);
  EXPECT_LT(outlet.mass_balance_error, 1e-10);
}

// Verifies: the published linear benchmarks of the three packed-bed models, to the thirteen digits they are given in.
TEST(SemiAnalytic, LumpedRate) {
  expect_outlet(lumped_column(),
                {{40, 7.618982350223e-2},
                 {45, 2.523555172190e-1},
                 {50, 4.512404432655e-1},
                 {54, 5.066063067692e-1},
                 {58, 4.397930689879e-1},
                 {65, 2.065530018217e-1},
                 {70, 8.700411567374e-2}},
                1e-12);
}
TEST(SemiAnalytic, LumpedRateWithPores) {
  expect_outlet(packed_column(ColumnModel::lumped_rate_with_pores),
                {{100, 1.547780106530e-3},
                 {200, 1.075287300965e-2},
                 {300, 2.212735333020e-2},
                 {400, 2.504221641314e-2},
                 {600, 1.164836056457e-2},
                 {1000, 2.941158829261e-4}},
                1e-12);
}
TEST(SemiAnalytic, GeneralRate) {
  expect_outlet(packed_column(ColumnModel::general_rate),
                {{100, 6.731361533398e-3},
                 {200, 1.553292065679e-2},
                 {300, 1.941689385299e-2},
                 {400, 1.830024212387e-2},
                 {600, 1.022771268646e-2},
                 {1000, 1.221499500921e-3}},
                1e-12);
}

// Verifies: the fast transform on a uniform grid gives what the sum itself gives, with another contour.
TEST(SemiAnalytic, FastTransformIsTheSum) {
  auto const column = packed_column(ColumnModel::general_rate);
  std::vector<double> times;
  for (int j = 2; j < 120; ++j) times.push_back(12.5 * j);
  auto const fast = invert_transform(column, times).values;
  auto const sum = invert_transform(column, times, Contour::up_to(1500, 4)).values;
  for (std::size_t k = 0; k < times.size(); ++k) EXPECT_NEAR(fast[k], sum[k], 1e-15) << times[k];
}

// Verifies: areas, means, deviations, maxima and single values of five aromatic compounds on a capillary with an
// expanding carrier, against independently computed figures of ten digits.
TEST(SemiAnalytic, ClosedFormOfFiveCompounds) {
  struct Row {
    double mean, deviation, at_most, most;
    std::array<Check, 3> checks;
  };
  std::array<Row, 5> const rows{Row{119.163615,
                                    5.714447,
                                    118.8922,
                                    0.0705835195,
                                    {{{108, 1.0166273130e-2}, {119, 7.0571020246e-2}, {131, 8.5726694888e-3}}}},
                                Row{231.167368,
                                    5.936227,
                                    231.0421,
                                    0.0679043765,
                                    {{{219, 8.1621838425e-3}, {231, 6.7902671949e-2}, {243, 9.4375722602e-3}}}},
                                Row{448.786251,
                                    7.074427,
                                    448.6999,
                                    0.0569795609,
                                    {{{435, 8.4789338076e-3}, {449, 5.6928427693e-2}, {463, 7.6345586387e-3}}}},
                                Row{481.486180,
                                    9.048825,
                                    481.3532,
                                    0.0445510487,
                                    {{{463, 5.4607390616e-3}, {481, 4.4517195830e-2}, {500, 5.5570463703e-3}}}},
                                Row{576.552730,
                                    8.772567,
                                    576.4492,
                                    0.0459525118,
                                    {{{559, 6.1583413725e-3}, {577, 4.5862213629e-2}, {594, 6.4052486695e-3}}}}};
  auto const column = btex_column();
  auto const laws = moments(column);
  for (std::size_t i = 0; i < 5; ++i) {
    auto const& row = rows[i];
    std::vector<double> times;
    for (auto const& check : row.checks) times.push_back(check.time);
    times.push_back(row.at_most);
    times.push_back(row.at_most - 1e-3);  // the time of the maximum is given to 1e-4
    times.push_back(row.at_most + 1e-3);
    auto const values = solve_semi_analytic(column, times, 1e-6).concentration;
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(values[k * 5 + i], row.checks[k].value, 1e-9 * row.checks[k].value) << i;
    }
    EXPECT_NEAR(values[3 * 5 + i], row.most, 2e-9 * row.most) << i;
    EXPECT_GT(values[3 * 5 + i], values[4 * 5 + i]);
    EXPECT_GT(values[3 * 5 + i], values[5 * 5 + i]);
    EXPECT_NEAR(laws[i].mean + 2, row.mean, 1e-6);  // a pulse of 4 s adds 2 s, and 16 / 12 s^2
    EXPECT_NEAR(std::sqrt(laws[i].variance + 16.0 / 12), row.deviation, 1e-6);
  }
}

// Verifies: dispersion along the expanding carrier, whose neglect costs these parts of the peaks (independently found
// to two digits), and which vanishes continuously.
TEST(SemiAnalytic, DispersionOfTheExpandingCarrier) {
  std::array const cost{1.6e-4, 5.1e-4, 1.3e-3, 7.6e-4, 1.2e-3};
  std::vector<double> times;
  for (int j = 0; j <= 1400; ++j) times.push_back(0.5 * j);
  auto column = btex_column();
  auto const without = solve_semi_analytic(column, times, 1e-6).concentration;
  column.dispersion = {2.884e-6, 2.599e-6, 2.377e-6, 2.06e-6, 2.06e-6};
  auto const with = solve_semi_analytic(column, times, 1e-6).concentration;
  column.dispersion.assign(5, 1e-16);
  auto const vanishing = solve_semi_analytic(column, times, 1e-6).concentration;
  for (std::size_t i = 0; i < 5; ++i) {
    double most = 0, change = 0, rest = 0;
    for (std::size_t k = 0; k < times.size(); ++k) {
      most = std::max(most, without[k * 5 + i]);
      change = std::max(change, std::abs(with[k * 5 + i] - without[k * 5 + i]));
      rest = std::max(rest, std::abs(vanishing[k * 5 + i] - without[k * 5 + i]));
    }
    EXPECT_NEAR(change / most, cost[i], 0.05 * cost[i]) << i;
    EXPECT_LT(rest / most, 1e-12) << i;
  }
}

// Verifies: without a pressure drop the compressible carrier with dispersion is the constant one, whose transform is
// known in closed form; the drop of 1e-6 moves the peak by as much.
TEST(SemiAnalytic, CompressibleCarrierWithoutExpansion) {
  auto column = lumped_column();
  std::vector<double> const times{45, 50, 58};
  auto const constant = solve_semi_analytic(column, times, 1e-6).concentration;
  column.flow = {Closure::compressible, column.flow.velocity, 1e5, 1e5 * (1 - 1e-9)};
  auto const compressible = solve_semi_analytic(column, times, 1e-6).concentration;
  for (std::size_t k = 0; k < times.size(); ++k) EXPECT_NEAR(compressible[k], constant[k], 1e-8);
}

// Verifies: a ramp is the integral of steps: many short steps approach the closed form of a slope with second order.
TEST(ClosedForm, SlopesAreLimitsOfSteps) {
  auto column = btex_column();
  column.sections = {{0, 40, std::vector<double>(5, 0.2), std::vector<double>(5, 0.03)},
                     {40, 700, std::vector<double>(5, 0.0), std::vector<double>(5, 0.0)}};
  std::vector<double> const times{100, 119, 131, 150, 230, 460, 500};
  auto const ramp = solve_semi_analytic(column, times, 1e-6).concentration;
  auto steps = column;
  steps.sections.clear();
  int const count = 400;
  for (int j = 0; j < count; ++j) {
    double const begin = 40.0 * j / count, end = 40.0 * (j + 1) / count;
    steps.sections.push_back(
        {begin, end, std::vector<double>(5, 0.2 + 0.03 * 0.5 * (begin + end)), std::vector<double>(5, 0.0)});
  }
  steps.sections.push_back(column.sections.back());
  auto const staircase = solve_semi_analytic(steps, times, 1e-6).concentration;
  for (std::size_t k = 0; k < ramp.size(); ++k) EXPECT_NEAR(ramp[k], staircase[k], 1e-6) << k;
}

// Verifies: derivatives by ln k' and ln k_d against central differences, also with a slope and before the impulse has
// passed a short bed (A = 3).
TEST(ClosedForm, Gradient) {
  for (double const share : {1.0, 0.003}) {
    auto column = btex_column();
    for (auto& ka : column.binding.adsorption_rate) ka *= share;
    column.sections[0].slope.assign(5, 0.1);
    std::vector<double> times;
    for (int j = 1; j < 100; ++j) times.push_back(7.0 * j + 0.123);
    auto const at = [&](double dk, double dkd) {
      auto moved = column;
      for (std::size_t i = 0; i < 5; ++i) {
        moved.binding.desorption_rate[i] *= std::exp(dkd);
        moved.binding.adsorption_rate[i] *= std::exp(dk + dkd);
      }
      return solve_semi_analytic(moved, times, 1e-6).concentration;
    };
    kroma::Tensor const gradient{"gradient", 5, times.size(), 3};
    closed_form_gradient(kroma::Space{}, make_closed_form(column), to_device(times), gradient);
    auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, gradient);
    double const h = 1e-5;
    auto const value = at(0, 0), k_up = at(h, 0), k_down = at(-h, 0), kd_up = at(0, h), kd_down = at(0, -h);
    for (std::size_t k = 0; k < times.size(); ++k) {
      for (std::size_t i = 0; i < 5; ++i) {
        auto const index = k * 5 + i;
        EXPECT_NEAR(host(i, k, 0), value[index], 1e-14);
        EXPECT_NEAR(host(i, k, 1), (k_up[index] - k_down[index]) / (2 * h), 3e-7);
        EXPECT_NEAR(host(i, k, 2), (kd_up[index] - kd_down[index]) / (2 * h), 3e-7);
      }
    }
  }
}

// Verifies: Goldstein's function for few events against its series of Poisson and gamma laws, and the symmetry
// J(x, y) + J(y, x) = 1 + e^{-x-y} I_0(2 sqrt(x y)), through and beyond the bell.
TEST(Goldstein, SeriesAndSymmetry) {
  for (double const x : {0.3, 2.0, 9.0, 31.0, 440.0, 7700.0}) {
    for (double const y : {0.01 * x, 0.8 * x, x, 1.3 * x, 5 * x}) {
      double const sum = goldstein(x, y, kPanel) + goldstein(y, x, kPanel);
      // rounding of sqrt(7700) in the exponent of the bell
      EXPECT_NEAR(sum, 1 + mixed_bessel(0, x, y), 2e-14) << x << ' ' << y;
    }
  }
  double const x = 2.0, y = 1.5;
  double series = std::exp(-x), poisson = std::exp(-x);
  for (int n = 1; n < 60; ++n) {
    poisson *= x / n;
    double term = std::exp(-y), tail = term;  // P(n, y) = 1 - sum_{m < n} e^-y y^m / m!
    for (int m = 1; m < n; ++m) tail += (term *= y / m);
    series += poisson * (1 - tail);
  }
  EXPECT_NEAR(goldstein(x, y, kPanel), series, 1e-15);
}

// Verifies: cumulants of the impulse response: n! A / k_d^n for kinetics without dispersion (A = 50, k_d = 2, tau = 3),
// and what axial dispersion of a closed column adds to the variance.
TEST(Moments, Cumulants) {
  auto column = lumped_column();
  column.flow.velocity = 1.0 / 3;
  column.dispersion = {0};
  column.binding.adsorption_rate = {50 / (3 * column.phase_ratio)};
  column.binding.desorption_rate = {2};
  auto const plug = moments(column)[0];
  EXPECT_NEAR(plug.mean, 28, 1e-12);
  EXPECT_NEAR(plug.variance, 25, 1e-12);
  EXPECT_NEAR(plug.third, 37.5, 1e-12);
  EXPECT_NEAR(plug.fourth, 75, 1e-11);
  column.dispersion = {0.02};
  double const peclet = 1.0 / 3 / 0.02;
  auto const mixed = moments(column)[0];
  EXPECT_NEAR(mixed.mean, 28, 1e-12);
  EXPECT_NEAR(mixed.variance, 25 + 28 * 28 * (2 / peclet - 2 * (1 - std::exp(-peclet)) / peclet / peclet), 1e-10);
}

// Verifies: moments of the general rate model against those of the curve itself, for each shape of particle and two
// kinds at once.
TEST(Moments, OfTheCurve) {
  for (auto const geometry : {Geometry::sphere, Geometry::cylinder, Geometry::slab}) {
    auto column = packed_column(ColumnModel::general_rate);
    column.particles[0].geometry = geometry;
    column.particles.push_back({Geometry::sphere, 2e-5, 0.6, 0.3, {9e-6}, {3e-11}, {0.0}});
    column.particles[0].fraction = 0.7;
    column.sections = {{0, 1e-3, {1000.0}, {0.0}}, {1e-3, 6000, {0.0}, {0.0}}};
    std::vector<double> times;
    for (int j = 0; j <= 12000; ++j) times.push_back(0.5 * j);
    auto const c = solve_semi_analytic(column, times, 1e-6).concentration;
    double area = 0, first = 0, second = 0;
    for (std::size_t k = 0; k < times.size(); ++k) {
      area += c[k];
      first += c[k] * times[k];
      second += c[k] * times[k] * times[k];
    }
    auto const law = moments(column)[0];
    double const mean = first / area, variance = second / area - mean * mean;
    EXPECT_NEAR(area * 0.5, 1, 1e-8);
    EXPECT_NEAR(mean, law.mean + 0.5e-3, 1e-6 * mean);
    EXPECT_NEAR(variance, law.variance, 1e-5 * variance);
  }
}

// Verifies: what the transform cannot do is said beforehand.
TEST(SemiAnalytic, Obstacles) {
  EXPECT_EQ(semi_analytic_obstacle(packed_column(ColumnModel::general_rate)), "");
  auto steep = packed_column(ColumnModel::lumped_rate_with_pores);
  steep.dispersion = {0};
  steep.length = 1e-3;  // 2 % of the solute passes without being caught: a jump
  EXPECT_NE(semi_analytic_obstacle(steep).find("steep"), std::string::npos);
  auto filled = lumped_column();
  filled.initial_adsorbed = {1.0};
  EXPECT_NE(semi_analytic_obstacle(filled), "");
}

// Verifies: rapid equilibrium is the limit of fast kinetics, with dispersion (smooth) and without (translation).
TEST(SemiAnalytic, RapidEquilibrium) {
  auto equilibrium = lumped_column();
  equilibrium.binding.kinetic = false;
  std::vector<double> const times{40, 45, 50, 55, 60, 70};
  auto const limit = solve_semi_analytic(equilibrium, times, 1e-6).concentration;
  for (double const rate : {1e4, 1e6}) {
    auto fast = lumped_column();
    fast.binding.adsorption_rate = fast.binding.desorption_rate = {rate};
    auto const c = solve_semi_analytic(fast, times, 1e-6).concentration;
    for (std::size_t k = 0; k < times.size(); ++k) EXPECT_NEAR(c[k], limit[k], 1 / rate);
  }
  equilibrium.dispersion = {0};
  auto const c = solve_semi_analytic(equilibrium, {49.9, 50.1, 59.9, 60.1}, 1e-6).concentration;
  EXPECT_EQ(c, (std::vector<double>{0, 1, 1, 0}));
}

}  // namespace
