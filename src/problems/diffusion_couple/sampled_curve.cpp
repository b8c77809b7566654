#include "problems/diffusion_couple/sampled_curve.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr int kNodes = 600;

double step_area(std::vector<double> const& x, std::vector<double> const& f, std::vector<double> const& slope,
                 std::size_t i) {
  double const h = x[i + 1] - x[i];
  return h / 2 * (f[i] + f[i + 1]) + h * h / 12 * (slope[i] - slope[i + 1]);
}

}  // namespace

double place_of(Curve const& curve, double c) {
  double const rise = curve.plus - curve.minus;
  double low = curve.low, high = curve.high;
  double x = 0.5 * (low + high);
  for (int i = 0; i < 100 && high - low > 1e-14 * (std::abs(low) + std::abs(high)); ++i) {
    double const difference = (curve.value(x) - c) / rise;
    (difference < 0 ? low : high) = x;
    double const step = x - difference * rise / curve.slope(x);
    if (std::abs(step - x) < 1e-13 * (curve.high - curve.low)) return step;
    x = step > low && step < high ? step : 0.5 * (low + high);
  }
  return x;
}

SampledCurve sample_at_places(Curve const& curve, VolumeLaw const& volume, std::vector<double> const& places) {
  SampledCurve s;
  s.minus = curve.minus;
  s.plus = curve.plus;
  for (int i = 0; i <= kNodes; ++i) s.x.push_back(curve.low + (curve.high - curve.low) * i / kNodes);
  s.x.insert(s.x.end(), places.begin(), places.end());
  std::sort(s.x.begin(), s.x.end());
  s.x.erase(std::unique(s.x.begin(), s.x.end()), s.x.end());
  for (double const place : places) {
    s.asked.push_back(static_cast<std::size_t>(std::lower_bound(s.x.begin(), s.x.end(), place) - s.x.begin()));
  }
  for (double const x : s.x) {
    s.c.push_back(curve.value(x));
    s.slope.push_back(curve.slope(x));
    s.volume.push_back(volume(s.c.back()));
    s.dvolume.push_back(volume.slope(s.c.back()));
  }
  return s;
}

SampledCurve sample_at_compositions(Curve const& curve, VolumeLaw const& volume,
                                    std::vector<double> const& compositions) {
  std::vector<double> places;
  for (double const c : compositions) {
    double const y = (c - curve.minus) / (curve.plus - curve.minus);
    if (!(y > 0 && y < 1)) {
      throw bad_input(fmt::format("the composition {:g} does not lie between the end members {:g} and {:g}", c,
                                  curve.minus, curve.plus));
    }
    places.push_back(place_of(curve, c));
  }
  return sample_at_places(curve, volume, places);
}

std::vector<double> integral_from_left(std::vector<double> const& x, std::vector<double> const& f,
                                       std::vector<double> const& slope) {
  std::vector<double> sum(x.size(), 0.0);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) sum[i + 1] = sum[i] + step_area(x, f, slope, i);
  return sum;
}

std::vector<double> integral_to_right(std::vector<double> const& x, std::vector<double> const& f,
                                      std::vector<double> const& slope) {
  std::vector<double> sum(x.size(), 0.0);
  for (std::size_t i = x.size() - 1; i-- > 0;) sum[i] = sum[i + 1] + step_area(x, f, slope, i);
  return sum;
}

}  // namespace kroma::diffusion_couple
