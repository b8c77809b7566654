#include "problems/diffusion_couple/smooth_profile.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "numerics/cubic_spline.hpp"

namespace kroma::diffusion_couple {
namespace {

double mean(std::vector<double> const& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// End members: given, or the means of the outer points.
std::pair<double, double> pilot_ends(MeasuredProfile const& profile) {
  auto const& o = profile.options;
  return {o.left.empty() ? plateau(profile, 0, 0).value : o.left.front(),
          o.right.empty() ? plateau(profile, 0, 1).value : o.right.front()};
}

/// Standard deviation of white noise from fourth differences, whose coefficients square to 70.
double noise_of(std::vector<double> const& c) {
  std::vector<double> squares;
  for (std::size_t i = 2; i + 2 < c.size(); ++i) {
    double const d = c[i - 2] - 4 * c[i - 1] + 6 * c[i] - 4 * c[i + 1] + c[i + 2];
    squares.push_back(d * d / 70);
  }
  return std::sqrt(mean(squares));
}

Curve interpolating_curve(MeasuredProfile const& profile, std::vector<double> const& c) {
  auto const [minus, plus] = pilot_ends(profile);
  numerics::CubicSpline const spline{profile.x, c};
  return {profile.x.front(),
          profile.x.back(),
          minus,
          plus,
          [spline](double x) { return spline(x); },
          [spline](double x) { return spline.derivative(x); }};
}

}  // namespace

std::vector<double> isotonic(std::vector<double> c) {
  struct Pool {
    double sum;
    std::size_t count;
  };
  std::vector<Pool> pools;
  auto const level = [](Pool const& p) { return p.sum / static_cast<double>(p.count); };
  for (double const value : c) {
    pools.push_back({value, 1});
    while (pools.size() > 1 && level(pools[pools.size() - 2]) > level(pools.back())) {
      auto const last = pools.back();
      pools.pop_back();
      pools.back().sum += last.sum;
      pools.back().count += last.count;
    }
  }
  std::size_t i = 0;
  for (auto const& pool : pools) {
    for (std::size_t k = 0; k < pool.count; ++k) c[i++] = level(pool);
  }
  return c;
}

SmoothProfile interpolate(MeasuredProfile const& profile) {
  auto const& c = profile.composition();
  SmoothProfile result;
  result.best = interpolating_curve(profile, c);
  double const rise = result.best.plus - result.best.minus;
  for (std::size_t i = 1; i < c.size(); ++i) {
    if ((c[i] - c[i - 1]) * rise < -1e-12 * rise * rise) {
      throw bad_input(fmt::format("{}: without smoothing the profile must be monotone, which it is not at {:g} um",
                                  profile.name, 1e6 * profile.x[i]),
                      "Use smoothing: probit.");
    }
  }
  constexpr int kPairs = 32;
  result.deviation = noise_of(c);
  result.freedoms = static_cast<double>(c.size());
  result.step = std::sqrt(static_cast<double>(kPairs));
  for (int k = 0; k < kPairs; ++k) {
    std::mt19937_64 generator{static_cast<std::uint64_t>(k) + 1};
    std::normal_distribution<double> normal{0, result.deviation};
    auto up = c, down = c;
    for (std::size_t i = 0; i < c.size(); ++i) {
      double const noise = normal(generator);
      up[i] += noise;
      down[i] -= noise;
    }
    result.up.push_back(interpolating_curve(profile, up));
    result.down.push_back(interpolating_curve(profile, down));
  }
  return result;
}

SmoothProfile smooth(MeasuredProfile const& profile, SmoothingOptions const& options) {
  return options.method == Smoothing::none ? interpolate(profile) : smooth_probit(profile, options);
}

Propagated propagate(SmoothProfile const& profile, std::function<std::vector<double>(Curve const&)> const& quantities) {
  Propagated result;
  result.value = quantities(profile.best);
  std::vector<double> variance(result.value.size(), 0.0);
  for (std::size_t k = 0; k < profile.up.size(); ++k) {
    auto const up = quantities(profile.up[k]), down = quantities(profile.down[k]);
    for (std::size_t i = 0; i < variance.size(); ++i) {
      double const change = (up[i] - down[i]) / (2 * profile.step);
      variance[i] += change * change;
    }
  }
  for (double const v : variance) result.standard_error.push_back(std::sqrt(v));
  return result;
}

}  // namespace kroma::diffusion_couple
