#include "problems/chromatography/fit_start.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "problems/chromatography/model.hpp"
#include "problems/chromatography/moments.hpp"
#include "problems/chromatography/peaks.hpp"

namespace kroma::chromatography {
namespace {

/// Duration of the only injection, if all components enter at a constant concentration in the first section and in no
/// other; else 0.
double pulse_duration(Column const& c) {
  for (std::size_t j = 0; j < c.sections.size(); ++j) {
    for (std::size_t i = 0; i < c.count(); ++i) {
      bool const enters = c.sections[j].concentration[i] > 0;
      if (enters != (j == 0) || c.sections[j].slope[i] != 0) return 0;
    }
  }
  return c.sections[0].end;
}

/// Components in the order in which they leave.
std::vector<std::size_t> order_of(Column const& column) {
  auto const laws = moments(column);
  std::vector<std::size_t> order(laws.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return laws[a].mean < laws[b].mean; });
  return order;
}

/// What is left of the variance of a normal law when its tails below `floor` times the height are cut off.
double truncated_variance(double floor) {
  double const a = std::sqrt(-2 * std::log(floor));
  return 1 - a * std::exp(-0.5 * a * a) * std::sqrt(2 / std::numbers::pi) / std::erf(a / std::numbers::sqrt2);
}

/// Mean and variance of a peak in noise: what is hidden in the noise does not enter, and is made up for.
Peak measure_noisy_peak(Measurement const& data, Window const& window, double noise) {
  auto const rough = measure_peak(data.times, data.signal, window.first, window.last, data.baseline);
  double const floor = std::clamp(4 * noise / rough.height, 0.1, 0.6);
  auto peak = measure_peak(data.times, data.signal, window.first, window.last, data.baseline, floor);
  peak.variance /= truncated_variance(floor);
  return peak;
}

}  // namespace

bool start_from_moments(Measurement const& data, DeckParameters const& parameters, std::vector<double>& values) {
  auto const column = make_column(parameters.with(values, data.set));
  double const pulse = pulse_duration(column), tau = column.hold_up(column.length);
  if (column.binding.law != Law::linear || pulse == 0 || column.phase_ratio == 0 || !column.binding.kinetic)
    return false;
  double const noise = find_baseline(data.signal).noise;
  double const step = (data.times.back() - data.times.front()) / static_cast<double>(data.times.size() - 1);
  auto const windows =
      find_peaks(data.signal, column.count(), 3 * noise, static_cast<std::size_t>(0.25 * pulse / step) + 1);
  if (windows.size() != column.count()) return false;
  auto const order = order_of(column);
  std::size_t const none = parameters.all().size();
  auto changed = values;
  for (std::size_t k = 0; k < windows.size(); ++k) {
    auto const i = order[k];
    auto const ka = parameters.find("binding.adsorption_rate", i), kd = parameters.find("binding.desorption_rate", i);
    if (ka == none || kd == none) continue;
    auto const peak = measure_noisy_peak(data, windows[k], noise);
    double const retention = (peak.mean - 0.5 * pulse) / tau - 1, variance = peak.variance - pulse * pulse / 12;
    if (!(retention > 0) || !(variance > 0)) return false;
    changed[kd] = 2 * retention * tau / variance;
    changed[ka] = retention * changed[kd] / column.phase_ratio;
  }
  bool const found = changed != values;
  values = changed;
  return found;
}

}  // namespace kroma::chromatography
