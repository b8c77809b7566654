#include "problems/diffusion_couple/volume_law.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::diffusion_couple {
namespace {

using Function = std::function<double(double)>;

Function line(double at_0, double at_1) {
  return [=](double c) { return at_0 + c * (at_1 - at_0); };
}

/// c (1-c) sum_k L_k (1-2c)^k
double redlich_kister(std::vector<double> const& coefficients, double c) {
  double sum = 0;
  for (std::size_t k = coefficients.size(); k-- > 0;) sum = coefficients[k] + (1 - 2 * c) * sum;
  return c * (1 - c) * sum;
}

double redlich_kister_slope(std::vector<double> const& coefficients, double c) {
  double sum = 0, slope = 0;
  for (std::size_t k = coefficients.size(); k-- > 0;) {
    slope = -2 * sum + (1 - 2 * c) * slope;
    sum = coefficients[k] + (1 - 2 * c) * sum;
  }
  return (1 - 2 * c) * sum + c * (1 - c) * slope;
}

}  // namespace

VolumeLaw::VolumeLaw(Function value, Function slope) : value_{std::move(value)}, slope_{std::move(slope)} {
  double const first = value_(0);
  constant_ = true;
  for (int i = 0; i <= 100; ++i) {
    double const c = 0.01 * i, volume = value_(c);
    if (!(volume > 0) || !std::isfinite(volume) || !std::isfinite(slope_(c))) {
      throw bad_input(
          fmt::format("the molar volume at mole fraction {:g} is {:g} m^3/mol; it must be above 0", c, volume),
          "Look at molar_volume, excess_volume or volume.");
    }
    constant_ = constant_ && std::abs(volume - first) <= 1e-14 * first;
  }
}

VolumeLaw::VolumeLaw(double value) : VolumeLaw{line(value, value), line(0, 0)} {}

VolumeLaw::VolumeLaw(Options const& options) {
  if (options.volume) {
    auto const slope = options.volume->derivative({1});
    *this = VolumeLaw{[f = *options.volume](double c) { return f({c}); }, [slope](double c) { return slope({c}); }};
  } else if (options.molar_volume.empty()) {
    *this = VolumeLaw{};
  } else {
    double const first = options.molar_volume.at(options.components.at(0));
    double const second = options.molar_volume.at(options.components.at(1));
    *this = VolumeLaw{
        [=, excess = options.excess_volume](double c) { return line(first, second)(c) + redlich_kister(excess, c); },
        [=, excess = options.excess_volume](double c) { return second - first + redlich_kister_slope(excess, c); }};
  }
}

VolumeLaw VolumeLaw::ideal() const {
  double const first = value_(0), second = value_(1);
  return VolumeLaw{line(first, second), line(second - first, second - first)};
}

}  // namespace kroma::diffusion_couple
