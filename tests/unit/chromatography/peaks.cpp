#include "problems/chromatography/peaks.hpp"

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace kroma::chromatography;

struct Signal {
  std::vector<double> times, values;
};

/// Normal laws of deviations 2 and 3 around 30 and 40 (the latter twice as high), on a baseline.
Signal two_peaks(double step, double noise) {
  std::mt19937_64 generator{3};
  std::normal_distribution<double> deviate{0, 1};
  Signal s;
  for (double t = 0; t <= 80; t += step) {
    double const a = (t - 30) / 2, b = (t - 40) / 3;
    s.times.push_back(t);
    s.values.push_back(5 + std::exp(-0.5 * a * a) + 2 * std::exp(-0.5 * b * b) + noise * deviate(generator));
  }
  return s;
}

// Verifies: place, height, area, width, symmetry, moments and plates of a normal law, to the second order of the
// samples.
TEST(Peaks, MeasuresANormalLaw) {
  Signal s;
  for (double t = 0; t <= 60; t += 0.25) {
    s.times.push_back(t);
    s.values.push_back(5 + 2 * std::exp(-0.5 * std::pow((t - 30.1) / 3, 2)));
  }
  auto const p = measure_peak(s.times, s.values, 0, s.times.size(), 5);
  double const width = 2 * std::sqrt(2 * std::numbers::ln2) * 3;
  EXPECT_NEAR(p.retention, 30.1, 1e-4);
  EXPECT_NEAR(p.height, 2, 1e-5);
  EXPECT_NEAR(p.area, 2 * 3 * std::sqrt(2 * std::numbers::pi), 1e-9);
  EXPECT_NEAR(p.width, width, 5e-3);
  EXPECT_NEAR(p.asymmetry, 1, 2e-3);
  EXPECT_NEAR(p.mean, 30.1, 1e-9);
  EXPECT_NEAR(p.variance, 9, 1e-9);
  EXPECT_NEAR(p.plates(), std::pow(30.1 / 3, 2), 0.2);
}

// Verifies: two overlapping peaks in noise are found in order of time, and so are baseline and noise.
TEST(Peaks, FindsOverlappingPeaksInNoise) {
  auto const s = two_peaks(0.1, 0.02);
  auto const base = find_baseline(s.values);
  EXPECT_NEAR(base.level, 5, 0.005);
  EXPECT_NEAR(base.noise, 0.02, 0.003);
  auto const windows = find_peaks(s.values, 2, 3 * base.noise, 4);
  ASSERT_EQ(windows.size(), 2u);
  auto const a = measure_peak(s.times, s.values, windows[0].first, windows[0].last, base.level);
  auto const b = measure_peak(s.times, s.values, windows[1].first, windows[1].last, base.level);
  EXPECT_NEAR(a.retention, 30, 0.5);
  EXPECT_NEAR(b.retention, 40, 0.5);
  EXPECT_NEAR(s.times[windows[0].last - 1], 34, 1.5);  // the valley
  EXPECT_NEAR(resolution(a, b), 10 / 10.0, 0.1);       // 1.18 * 10 / (2.355 * 5)
}

// Verifies: noise alone has no peaks, and a signal that never comes down has no width.
TEST(Peaks, NothingWhereThereIsNothing) {
  std::mt19937_64 generator{4};
  std::normal_distribution<double> deviate{0, 1};
  std::vector<double> noise(2000), times(2000);
  for (std::size_t k = 0; k < noise.size(); ++k) {
    noise[k] = deviate(generator);
    times[k] = static_cast<double>(k);
  }
  EXPECT_TRUE(find_peaks(noise, 5, 3, 5).empty());
  EXPECT_TRUE(std::isnan(measure_peak(times, times, 0, times.size()).width));
}

}  // namespace
