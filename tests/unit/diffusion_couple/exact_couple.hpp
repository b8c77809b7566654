#pragma once

#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "numerics/cubic_spline.hpp"
#include "problems/diffusion_couple/measured_profile.hpp"
#include "problems/diffusion_couple/similarity.hpp"
#include "problems/diffusion_couple/volume_law.hpp"

namespace kroma::test {

/// Options of a couple of A and B with lattice parameters near those of nickel and palladium (dossier values of molar
/// volume); `excess` Redlich-Kister. Without volumes: equal ones.
inline diffusion_couple::Options two_components(std::vector<double> excess = {}, bool volumes = true) {
  diffusion_couple::Options options;
  options.components = {"A", "B"};
  double const a = 3.524e-10, b = 3.890e-10, avogadro = 6.02214076e23;
  if (volumes) {
    options.molar_volume = {{"A", a * a * a * avogadro / 4}, {"B", b * b * b * avogadro / 4}};
    options.excess_volume = std::move(excess);
  }
  return options;
}

/// Intrinsic coefficients that differ by a factor and by their slopes, and what Darken's equation makes of them.
struct Darken {
  diffusion_couple::VolumeLaw volume;
  double first(double c) const { return 2e-14 * std::exp(1.5 * c); }
  double second(double c) const { return 0.5e-14 * std::exp(2.5 * c); }
  double operator()(double c) const {
    return (c * volume.partial_second(c) * first(c) + (1 - c) * volume.partial_first(c) * second(c)) / volume(c);
  }
};

inline constexpr double kHundredHours = 3.6e5;

/// The exact profile of an infinite couple after `time`, on points `step` apart that reach `reach` beyond where it
/// changes. Positions: the far left at rest, the contact plane at 0.
inline diffusion_couple::MeasuredProfile exact_profile(std::function<double(double)> const& d,
                                                       diffusion_couple::VolumeLaw const& volume, double step,
                                                       double time = kHundredHours, double left = 0, double right = 1,
                                                       double reach = 60e-6) {
  double const reference = 1e-5;
  diffusion_couple::Phase const phase{std::min(left, right), std::max(left, right),
                                      [=](double c) { return d(c) * std::pow(reference / volume(c), 2); }, 0};
  auto const profile =
      diffusion_couple::similarity_profile(left, right, {phase}, 2000,
                                           {[=](int, double c) { return volume(c) / reference; },
                                            [=](int, double c) { return volume.slope(c) / reference; }});
  // A spline through the solver's points: what tests ask for is the slope of the profile, too. The end members have the
  // place of their neighbours.
  numerics::CubicSpline const smooth{{profile.x.begin() + 1, profile.x.end() - 1},
                                     {profile.c.begin() + 1, profile.c.end() - 1}};
  double const root = std::sqrt(time);
  diffusion_couple::MeasuredProfile measured;
  measured.name = "exact";
  measured.time = time;
  measured.options.left = {left};
  measured.options.right = {right};
  measured.c.resize(1);
  double const low = profile.x.front() * root - reach, high = profile.x.back() * root + reach;
  for (double x = std::ceil(low / step) * step; x <= high; x += step) {
    measured.x.push_back(x);
    bool const inside = x / root > smooth.knots().front() && x / root < smooth.knots().back();
    measured.c[0].push_back(inside ? smooth(x / root) : x < 0 ? left : right);
  }
  return measured;
}

/// The same with normal noise.
inline diffusion_couple::MeasuredProfile with_noise(diffusion_couple::MeasuredProfile profile, double deviation,
                                                    int seed) {
  std::mt19937_64 generator{static_cast<std::uint64_t>(seed)};
  std::normal_distribution<double> normal{0, deviation};
  for (double& c : profile.c[0]) c += normal(generator);
  return profile;
}

}  // namespace kroma::test
