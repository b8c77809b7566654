#include "problems/chromatography/fit.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "problems/chromatography/method.hpp"
#include "problems/chromatography/model.hpp"

namespace {

using namespace kroma::chromatography;

std::vector<double> const kAdsorption{579, 2953, 9203, 6483, 10168}, kDesorption{5.299, 11.502, 16.940, 11.057, 14.291};
std::vector<double> const kResponse{4.1997e8, 3.3584e8, 2.0356e8, 2.5557e8, 1.8708e8};

/// Five aromatic compounds on a capillary; both rates are to be fitted.
Options five_compounds() {
  Options o;
  o.components = {"benzene", "toluene", "ethylbenzene", "xylene", "o-xylene"};
  o.column.emplace().length = 20;
  o.column->radius = 9e-5;
  o.column->film_thickness = 1e-6;
  o.flow.velocity = 0.41;
  o.flow.closure = Closure::compressible;
  o.flow.inlet_pressure = 4.01e5;
  o.flow.outlet_pressure = 1.013e5;
  o.binding.adsorption_rate = kAdsorption;
  o.binding.desorption_rate = kDesorption;
  o.inlet = {{4, {2.732e-6, 2.732e-6, 2.732e-6, 5.464e-6, 2.732e-6}, {}}, {700, {0}, {}}};
  o.fit.emplace();
  o.fit->parameters = {"binding.adsorption_rate", "binding.desorption_rate"};
  return o;
}

std::vector<double> outlet_of(Column const& column, std::vector<double> const& times) {
  return solve_semi_analytic(column, times, 1e-6).concentration;
}

Solved const kMethod{outlet_of, differences_of(outlet_of), 1e-4};

/// Signal of the true column, without noise.
Measurement clean_data(Options const& o, double step) {
  Measurement m;
  m.name = "made";
  m.response = kResponse;
  m.response.resize(o.components.size());
  auto const column = make_column(o);
  for (int k = 0; k * step <= column.end(); ++k) m.times.push_back(k * step);
  auto const c = outlet_of(column, m.times);
  for (std::size_t k = 0; k < m.times.size(); ++k) {
    m.signal.push_back(3935.4);
    for (std::size_t i = 0; i < m.response.size(); ++i) m.signal[k] += m.response[i] * c[k * m.response.size() + i];
  }
  m.baseline = 3935.4;
  return m;
}

Measurement with_noise(Measurement m, double deviation, unsigned seed) {
  std::mt19937_64 generator{seed};
  std::normal_distribution<double> noise{0, deviation};
  for (auto& y : m.signal) y += noise(generator);
  return m;
}

double truth(Estimate const& e, Options const& o) {
  auto const i =
      static_cast<std::size_t>(std::find(o.components.begin(), o.components.end(), e.component) - o.components.begin());
  if (e.parameter == "baseline") return 3935.4;
  if (e.parameter == "retention_factor") return 2e-6 / 9e-5 * kAdsorption[i] / kDesorption[i];
  return (e.parameter == "binding.adsorption_rate" ? kAdsorption : kDesorption)[i];
}

// Verifies: without noise the parameters come back from start values far off, found again from the peaks' moments.
TEST(Fit, RecoversTheTruthWithoutNoise) {
  auto const o = five_compounds();
  auto const data = clean_data(o, 0.5);
  auto start = o;
  start.binding.adsorption_rate = {1000, 2000, 4000, 5000, 6000};
  start.binding.desorption_rate = {10};
  auto const fit = run_fit(start, {data}, kMethod);
  EXPECT_TRUE(fit.converged);
  EXPECT_TRUE(fit.from_moments);
  EXPECT_LE(fit.iterations, 10);
  for (auto const& e : fit.estimates) EXPECT_NEAR(e.value, truth(e, o), 1e-7 * truth(e, o)) << e.parameter;
}

// Verifies: at a noise of 3 units 95 % intervals hold the truth in 90 to 99 % of 200 draws, for each parameter; the
// worst retention factor is off by a few standard errors of 0.05 %, and the variance of the noise is found.
TEST(Fit, IntervalsCoverTheTruth) {
  auto const o = five_compounds();
  auto const clean = clean_data(o, 1.0);
  std::vector<int> hits;
  int const draws = 200;
  double variance = 0;
  for (unsigned draw = 0; draw < draws; ++draw) {
    auto const fit = run_fit(o, {with_noise(clean, 3.0, 1000 + draw)}, kMethod);
    ASSERT_TRUE(fit.converged);
    EXPECT_LE(fit.iterations, 10);
    hits.resize(fit.estimates.size());
    variance += fit.variance / draws;
    for (std::size_t j = 0; j < fit.estimates.size(); ++j) {
      auto const& e = fit.estimates[j];
      if (std::abs(e.value - truth(e, o)) < 1.96 * e.standard_error) ++hits[j];
      if (e.parameter == "retention_factor") {
        EXPECT_LT(e.standard_error / e.value, 2e-3);
      }
    }
  }
  for (std::size_t j = 0; j < hits.size(); ++j) {
    EXPECT_GE(hits[j], 0.90 * draws) << j;
    EXPECT_LE(hits[j], 0.99 * draws) << j;
  }
  EXPECT_NEAR(variance, 9, 0.2);  // 9 sqrt(2 / (701 * 200)) = 0.03
}

// Verifies: the logarithms of retention factor and desorption rate hardly correlate, where both rates themselves do to
// 0.99; ethylbenzene leaves next to the xylenes, and their joint fit knows both.
TEST(Fit, Correlations) {
  auto const o = five_compounds();
  auto const fit = run_fit(o, {with_noise(clean_data(o, 0.5), 3.0, 5)}, kMethod);
  EXPECT_EQ(fit.estimates[1].parameter, "binding.adsorption_rate");
  EXPECT_EQ(fit.estimates[6].parameter, "binding.desorption_rate");
  EXPECT_EQ(fit.estimates[1].component, fit.estimates[6].component);
  EXPECT_GT(fit.correlation(1, 6), 0.99);
  EXPECT_LT(std::abs(fit.correlation(1, 2)), 0.1);
}

// Verifies: ethylbenzene fitted alone between its valleys, next to the xylenes that overlap with it, comes out wrong
// and with residuals above the noise; the joint fit of both does not.
TEST(Fit, OverlappingPeaksNeedAJointFit) {
  auto const o = five_compounds();
  auto const data = with_noise(clean_data(o, 0.5), 3.0, 9);
  auto const part = [&](double from, double to, std::vector<std::size_t> const& components) {
    auto alone = o;
    Measurement cut = data;
    cut.times.clear();
    cut.signal.clear();
    cut.response.clear();
    alone.components.clear();
    for (auto* list : {&alone.binding.adsorption_rate, &alone.binding.desorption_rate, &alone.inlet[0].concentration}) {
      auto const all = *list;
      list->clear();
      for (auto const i : components) list->push_back(all[i]);
    }
    for (auto const i : components) {
      alone.components.push_back(o.components[i]);
      cut.response.push_back(kResponse[i]);
    }
    for (std::size_t k = 0; k < data.times.size(); ++k) {
      if (data.times[k] < from || data.times[k] > to) continue;
      cut.times.push_back(data.times[k]);
      cut.signal.push_back(data.signal[k]);
    }
    alone.fit->start_from_moments = false;
    alone.fit->nuisance.clear();
    cut.baseline = 3935.4;
    return run_fit(alone, {cut}, kMethod);
  };
  auto const alone = part(420, 464, {2}), joint = part(420, 540, {2, 3});
  auto const off = [&](FitResult const& fit, std::size_t j) {  // of the desorption rate
    return std::abs(fit.estimates[j].value - kDesorption[2]) / fit.estimates[j].standard_error;
  };
  EXPECT_GT(alone.variance, 1.2 * 9);
  EXPECT_LT(joint.variance, 1.2 * 9);
  EXPECT_GT(off(alone, 1), 2);
  EXPECT_LT(off(joint, 2), 2);
}

// Verifies: parameters without exact derivatives (dispersion by the transform, velocity of one of two experiments, an
// amplitude) are found too, from two data sets at different velocities at once.
TEST(Fit, AnyParameterFromTwoExperiments) {
  auto o = five_compounds();
  o.components = {"benzene"};
  o.column->model = ColumnModel::lumped_rate;
  o.column->radius.reset();
  o.column->film_thickness.reset();
  o.column->total_porosity = 0.6;
  o.column->length = 1;
  o.flow = {};
  o.flow.velocity = 1.0 / 30;
  o.dispersion = {1e-4};
  o.binding.adsorption_rate = {1};
  o.binding.desorption_rate = {1};
  o.inlet = {{10, {1}, {}}, {300, {0}, {}}};
  o.fit->parameters = {"dispersion", "binding.adsorption_rate.benzene", "column.length"};
  o.fit->nuisance = {Nuisance::amplitude};
  auto first = clean_data(o, 1.0);
  auto slow = o;
  slow.flow.velocity = 0.01;
  auto second = clean_data(slow, 1.0);
  second.set = {{"flow.velocity", 0.01}};
  auto start = o;
  start.dispersion = {2e-4};
  start.binding.adsorption_rate = {1.3};
  start.column->length = 0.9;
  auto const fit = run_fit(start, {first, second}, kMethod);
  EXPECT_TRUE(fit.converged);
  EXPECT_FALSE(fit.from_moments);
  EXPECT_NEAR(fit.estimates[0].value, 1e-4, 1e-9);
  EXPECT_NEAR(fit.estimates[1].value, 1, 1e-5);
  EXPECT_NEAR(fit.estimates[2].value, 1, 1e-5);
  EXPECT_NEAR(fit.estimates[3].value, 1, 1e-6);
  EXPECT_NEAR(fit.estimates[4].value, 1, 1e-6);
}

// Verifies: keys that are no positive numbers of the deck are refused by name.
TEST(Fit, RefusesParameters) {
  auto const o = five_compounds();
  for (auto const* key :
       {"binding.adsorption_rates", "column.model", "components", "dispersion", "inlet.1.concentration"}) {
    try {
      DeckParameters const parameters{o, {key}, "fit", true};
      ADD_FAILURE() << key << " was taken";
    } catch (kroma::Error const& e) {
      EXPECT_EQ(e.kind(), kroma::Exit::bad_input);
      EXPECT_NE(std::string{e.what()}.find(key), std::string::npos) << e.what();
    }
  }
  EXPECT_THROW((DeckParameters{o, {"column.length", "column.length"}, "fit", true}), kroma::Error);
}

}  // namespace
