#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "problems/chromatography/fit_run.hpp"
#include "problems/chromatography/method.hpp"
#include "problems/chromatography/model.hpp"
#include "problems/chromatography/numeric.hpp"

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

// Verifies: at a noise of 3 units 95 % intervals hold the truth in 90 to 99 % of 200 draws, for each parameter;
// retention factors are within 0.1 % of it, as their standard errors say, and the variance of the noise is found.
TEST(Fit, IntervalsCoverTheTruth) {
  auto const o = five_compounds();
  auto const clean = clean_data(o, 0.5);
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
        EXPECT_LT(e.standard_error / e.value, 1e-3);
      }
    }
  }
  for (std::size_t j = 0; j < hits.size(); ++j) {
    EXPECT_GE(hits[j], 0.90 * draws) << j;
    EXPECT_LE(hits[j], 0.99 * draws) << j;
  }
  EXPECT_NEAR(variance, 9, 0.1);  // 9 sqrt(2 / (1401 * 200)) = 0.02
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

/// A small bed with Langmuir kinetics, whose capacity and affinity are to be fitted by the numeric method.
Options langmuir_bed() {
  Options o;
  o.components = {"solute"};
  o.column.emplace();
  o.column->model = ColumnModel::lumped_rate;
  o.column->total_porosity = 0.6;
  o.column->length = 0.2;
  o.flow.velocity = 0.01;
  o.dispersion = {1e-5};
  o.binding.law = Law::langmuir;
  o.binding.capacity = {2};
  o.binding.affinity = {3};
  o.binding.desorption_rate = {1};
  o.inlet = {{20, {1}, {}}, {200, {0}, {}}};
  o.accuracy = 1e-3;
  o.fit.emplace();
  o.fit->parameters = {"binding.capacity", "binding.affinity"};
  o.fit->nuisance.clear();
  return o;
}

Measurement made_numerically(Options const& o) {
  Measurement m;
  m.response = {1};
  for (int k = 0; k <= 50; ++k) m.times.push_back(4.0 * k);
  NumericSolver solver{make_column(o), m.times, {}, 1e-5, {}};
  solver.run([] { return false; });
  m.signal = solver.outlet().concentration;
  return m;
}

// Verifies: a fit that is stopped again and again, in the middle of a column and after one, and goes on from what was
// saved ends at the bits of one that was not stopped.
TEST(Fit, GoesOnBitForBit) {
  auto start = langmuir_bed();
  auto const data = made_numerically(start);
  start.binding.capacity = {2.5};
  start.binding.affinity = {2};
  NumericOptions expert;
  expert.elements = 4;
  Journal whole;
  auto const expected = run_recorded_fit(start, {data}, true, expert, whole, {});
  ASSERT_TRUE(expected && expected->converged);
  EXPECT_NEAR(expected->estimates[0].value, 2, 0.02);
  std::vector<double> saved;
  int parts = 0;
  for (bool done = false; !done; ++parts) {
    auto journal = saved.empty() ? Journal{} : Journal::load(saved);
    int questions = 0;
    kroma::Ask const ask = [&](std::int64_t, auto const&, auto const& state) {
      if (++questions < 60) return false;
      saved = state();
      return true;
    };
    auto const fit = run_recorded_fit(start, {data}, true, expert, journal, ask);
    done = fit.has_value();
    if (!done) continue;
    for (std::size_t j = 0; j < 2; ++j) {
      EXPECT_EQ(fit->estimates[j].value, expected->estimates[j].value);
      EXPECT_EQ(fit->estimates[j].standard_error, expected->estimates[j].standard_error);
    }
    EXPECT_EQ(fit->model, expected->model);
  }
  EXPECT_GT(parts, 5);
}

// Verifies: from a start in a valley of its own (one peak sought where the signal has another) several starts find the
// best.
TEST(Fit, SeveralStarts) {
  auto o = five_compounds();
  o.components = {"benzene"};
  o.binding.adsorption_rate = {579};
  o.binding.desorption_rate = {5.299};
  o.inlet = {{4, {2.732e-6}, {}}, {700, {0}, {}}};
  o.fit->start_from_moments = false;
  auto const data = clean_data(o, 1.0);
  o.binding.adsorption_rate = {12000};  // leaves long after the data end
  auto const alone = run_fit(o, {data}, kMethod);
  EXPECT_GT(alone.misfit, 0.5);
  o.fit->starts = 30;
  o.fit->spread = 40;
  auto const best = run_fit(o, {data}, kMethod);
  EXPECT_TRUE(best.converged);
  EXPECT_NEAR(best.estimates[0].value, 579, 1e-3);
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
