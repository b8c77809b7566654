#include "numerics/special.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::numerics {

double inverse_erf(double y) {
  if (!(std::abs(y) <= 1))
    throw bad_input(fmt::format("the inverse error function is defined on [-1, 1], got {:g}", y));
  if (std::abs(y) == 1) return std::copysign(std::numeric_limits<double>::infinity(), y);
  double const a = 0.147, log = std::log1p(-y * y), b = 2 / (std::numbers::pi * a) + 0.5 * log;
  double u = std::copysign(std::sqrt(std::sqrt(b * b - log / a) - b), y);
  for (int i = 0; i < 3; ++i) {
    // Far out 1 - |y| holds the digits, so that the difference is taken of erfc there.
    double const size = std::abs(u);
    double const difference = std::abs(y) < 0.5 ? std::erf(size) - std::abs(y) : (1 - std::abs(y)) - std::erfc(size);
    double const step = difference * 0.5 * std::sqrt(std::numbers::pi) * std::exp(size * size);
    u = std::copysign(size - step / (1 + size * step), y);
  }
  return u;
}

}  // namespace kroma::numerics
