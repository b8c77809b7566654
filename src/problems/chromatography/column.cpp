#include "problems/chromatography/column.hpp"

#include <algorithm>
#include <cmath>

namespace kroma::chromatography {
namespace {

/// (p / p0)^2 at x.
double squared_pressure(Column const& c, double x) {
  double const ratio = c.flow.outlet_pressure / c.flow.inlet_pressure;
  return 1 - (1 - ratio * ratio) * x / c.length;
}

}  // namespace

double Section::at(std::size_t component, double time) const {
  double const x = time - begin, straight = concentration[component] + slope[component] * x;
  if (is_straight()) return straight;
  double const q = quadratic.empty() ? 0 : quadratic[component], r = cubic.empty() ? 0 : cubic[component];
  return straight + (q + r * x) * x * x;
}

double Section::amount(std::size_t component) const {  // Simpson's rule is exact for cubics
  double const middle = at(component, 0.5 * (begin + end));
  return (end - begin) / 6 * (at(component, begin) + 4 * middle + at(component, end));
}

double Section::largest(std::size_t component) const {
  int const pieces = is_straight() ? 1 : 32;
  double most = 0;
  for (int k = 0; k <= pieces; ++k) {
    most = std::max(most, std::abs(at(component, begin + (end - begin) * k / pieces)));
  }
  return most;
}

double Column::relative_velocity(double x) const {
  return flow.closure == Closure::constant ? 1 : 1 / std::sqrt(squared_pressure(*this, x));
}

double Column::velocity(double x) const { return flow.velocity * relative_velocity(x); }

double Column::hold_up(double x) const {
  if (flow.closure == Closure::constant) return x / flow.velocity;
  double const p = std::sqrt(squared_pressure(*this, x));
  // 2 L (1 - p^3) / (3 u0 (1 - P^2)), with 1 - p^2 = (1 - P^2) x / L taken out of 1 - p^3 so that P = 1 is no exception
  return 2 * x * (1 + p + p * p) / (3 * flow.velocity * (1 + p));
}

double Column::expansion() const { return flow.velocity / velocity(length); }

std::vector<double> Column::scales() const {
  std::vector<double> largest(count(), 0.0);
  for (std::size_t i = 0; i < count(); ++i) {
    for (auto const& s : sections) largest[i] = std::max(largest[i], s.largest(i));
    if (largest[i] == 0) largest[i] = 1;
  }
  return largest;
}

}  // namespace kroma::chromatography
