#include "problems/chromatography/retention.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "problems/chromatography/gas.hpp"

namespace kroma::chromatography {

double RetentionLaw::factor(double temperature) const {
  return std::exp(std::min(a + b / temperature + c * std::log(temperature), std::log(kMostRetention)));
}

RetentionLaw RetentionLaw::characteristic(double temperature, double theta, double heat_capacity,
                                          double thickness_ratio) {
  double const c = heat_capacity / kGasConstant, lead = c + temperature / theta;
  return {-lead - c * std::log(temperature) + std::log(thickness_ratio), lead * temperature, c};
}

RetentionLaw RetentionLaw::thermodynamic(double enthalpy, double entropy, double heat_capacity, double reference,
                                         double thickness_ratio) {
  double const h = enthalpy - heat_capacity * reference, s = entropy - heat_capacity * (1 + std::log(reference));
  return {s / kGasConstant + std::log(thickness_ratio), -h / kGasConstant, heat_capacity / kGasConstant};
}

double RetentionLaw::characteristic_temperature(double guess) const {
  double t = guess;
  for (int k = 0; k < 100; ++k) {
    double const step = -(a + b / t + c * std::log(t)) / slope(t);
    t += std::clamp(step, -0.2 * t, 0.2 * t);
    if (std::abs(step) < 1e-12 * t) return t;
  }
  throw solver_failed("a retention law has no characteristic temperature", "Check its coefficients.");
}

}  // namespace kroma::chromatography
