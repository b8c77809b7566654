#include "problems/chromatography/programme.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::chromatography {
namespace {

/// Time and variance, and what a place adds to them per metre.
using State = std::array<double, 2>;

struct Place {
  double slowness;  // r = (1 + k) / u, s/m
  double height;    // of a plate, m
  double factor;    // k
};

Place place_at(GasColumn const& column, Analyte const& analyte, double x, double t) {
  double const temperature = column.temperature(t), u = carrier_velocity(column, x, t);
  double const k = analyte.retention.factor(temperature);
  double const d =
      diffusivity_times_pressure(column.carrier, analyte.molecule, temperature) / carrier_pressure(column, x, t);
  return {(1 + k) / u, plate_height(column.radius, column.film, k, u, d), k};
}

/// dr/dt by central differences: r changes over seconds, so that 1e-3 s is small and above rounding.
double slowness_change(GasColumn const& column, Analyte const& analyte, double x, double t) {
  double const h = 1e-3, from = std::max(t - h, 0.0);
  return (place_at(column, analyte, x, t + h).slowness - place_at(column, analyte, x, from).slowness) / (t + h - from);
}

State rate(GasColumn const& column, Analyte const& analyte, double x, State const& y) {
  auto const at = place_at(column, analyte, x, y[0]);
  return {at.slowness, at.height * at.slowness * at.slowness + 2 * y[1] * slowness_change(column, analyte, x, y[0])};
}

/// One step of Dormand and Prince's pair of orders 5 and 4: new state and the difference of the two.
std::pair<State, State> step(GasColumn const& column, Analyte const& analyte, double x, State const& y, double h) {
  constexpr double c[7] = {0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1};
  constexpr double a[7][6] = {{0, 0, 0, 0, 0, 0},
                              {1.0 / 5, 0, 0, 0, 0, 0},
                              {3.0 / 40, 9.0 / 40, 0, 0, 0, 0},
                              {44.0 / 45, -56.0 / 15, 32.0 / 9, 0, 0, 0},
                              {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729, 0, 0},
                              {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656, 0},
                              {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}};
  constexpr double e[7] = {71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40};
  std::array<State, 7> k{};
  State last = y;
  for (std::size_t stage = 0; stage < 7; ++stage) {
    last = y;
    for (std::size_t j = 0; j < stage; ++j) {
      for (std::size_t i = 0; i < 2; ++i) last[i] += h * a[stage][j] * k[j][i];
    }
    k[stage] = rate(column, analyte, x + c[stage] * h, last);
  }
  State error{};
  for (std::size_t stage = 0; stage < 7; ++stage) {
    for (std::size_t i = 0; i < 2; ++i) error[i] += h * e[stage] * k[stage][i];
  }
  return {last, error};
}

}  // namespace

double carrier_pressure(GasColumn const& column, double x, double t) {
  double const in = column.inlet_pressure(t), out = column.outlet_pressure(t);
  return std::sqrt(in * in - (in * in - out * out) * x / column.length);
}

double carrier_velocity(GasColumn const& column, double x, double t) {
  double const in = column.inlet_pressure(t), out = column.outlet_pressure(t);
  return column.radius * column.radius * (in * in - out * out) /
         (16 * viscosity(column.carrier, column.temperature(t)) * column.length * carrier_pressure(column, x, t));
}

double inlet_pressure_for_flow(GasColumn const& column, double flow, double temperature, double outlet_pressure) {
  double const square = column.radius * column.radius;
  double const drop = 16 * viscosity(column.carrier, temperature) * column.length * flow * 101325 * temperature /
                      (298.15 * std::numbers::pi * square * square);
  return std::sqrt(outlet_pressure * outlet_pressure + drop);
}

Elution migrate(GasColumn const& column, Analyte const& analyte, double begin, double end, double tolerance) {
  State y{begin, 0};
  double x = 0, h = 1e-3 * column.length;
  for (int tries = 0; x < column.length; ++tries) {
    h = std::min(h, column.length - x);
    auto const [next, error] = step(column, analyte, x, y, h);
    double const scale_time = std::max(next[0], 1e-300), scale_variance = std::max(next[1], 1e-300);
    double const size = std::max(std::abs(error[0]) / scale_time, std::abs(error[1]) / scale_variance) / tolerance;
    if (!std::isfinite(size) || tries > 100000) {
      throw solver_failed(
          fmt::format("{} cannot be followed beyond {:.3g} m, reached at {:.3g} s", analyte.name, x, y[0]),
          "Check its retention law and the programme's temperatures and pressures.");
    }
    if (size <= 1) {
      x = x + h >= column.length * (1 - 1e-15) ? column.length : x + h;
      y = next;
    }
    if (y[0] > end) {
      throw solver_failed(
          fmt::format("{} has not left by {} s: it is {:.3g} m from the inlet then", analyte.name, end, x),
          "Let the run go on longer, or heat more.");
    }
    h *= std::clamp(0.9 * std::pow(std::max(size, 1e-10), -0.2), 0.2, 5.0);
  }
  return {y[0], std::sqrt(y[1]), place_at(column, analyte, column.length, y[0]).factor};
}

}  // namespace kroma::chromatography
