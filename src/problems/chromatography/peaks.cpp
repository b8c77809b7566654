#include "problems/chromatography/peaks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <tuple>
#include <utility>
#include <vector>

namespace kroma::chromatography {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Where the signal crosses `level` next to the highest sample `top`, towards `last` or, backwards, towards `first`.
double crossing(std::span<double const> t, std::span<double const> y, std::size_t top, std::size_t end, int step,
                double level) {
  for (std::size_t k = top; k != end; k += static_cast<std::size_t>(step)) {
    auto const next = k + static_cast<std::size_t>(step);
    if (y[next] <= level) return t[k] + (t[next] - t[k]) * (y[k] - level) / (y[k] - y[next]);
  }
  return kNone;
}

/// Vertex of the parabola through three points, the middle one highest: {place, height}.
std::pair<double, double> vertex(std::span<double const> t, std::span<double const> y, std::size_t k) {
  double const a = t[k] - t[k - 1], b = t[k + 1] - t[k];
  double const left = (y[k] - y[k - 1]) / a, right = (y[k + 1] - y[k]) / b, bend = (right - left) / (a + b);
  if (!(bend < 0)) return {t[k], y[k]};
  double const slope = (left * b + right * a) / (a + b), shift = -slope / (2 * bend);
  return {t[k] + shift, y[k] - slope * slope / (4 * bend)};
}

std::vector<double> smoothed(std::span<double const> y, std::size_t window) {
  std::vector<double> result(y.size());
  for (std::size_t k = 0; k < y.size(); ++k) {
    std::size_t const from = k > window ? k - window : 0, to = std::min(y.size(), k + window + 1);
    double sum = 0;
    for (std::size_t j = from; j < to; ++j) sum += y[j];
    result[k] = sum / static_cast<double>(to - from);
  }
  return result;
}

double median(std::vector<double> values) {
  auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Maxima and the minima between them, each more than `noise` away from the extremum before it.
struct Extrema {
  std::vector<std::size_t> maxima, minima;  // a minimum before and behind each maximum
};

Extrema extrema_of(std::vector<double> const& y, double noise) {
  Extrema found;
  std::size_t low = 0, high = 0;
  bool rising = true;
  found.minima.push_back(0);
  for (std::size_t k = 1; k < y.size(); ++k) {
    if (rising) {
      if (y[k] > y[high]) high = k;
      if (found.maxima.empty() && high == 0 && y[k] < y[low]) low = high = found.minima.back() = k;
      if (y[k] < y[high] - noise && y[high] > y[found.minima.back()] + noise) {
        found.maxima.push_back(high);
        rising = false;
        low = k;
      } else if (y[k] < y[found.minima.back()]) {
        found.minima.back() = high = k;
      }
    } else {
      if (y[k] < y[low]) low = k;
      if (y[k] > y[low] + noise) {
        found.minima.push_back(low);
        rising = true;
        high = k;
      }
    }
  }
  if (!rising) found.minima.push_back(y.size() - 1);
  return found;
}

}  // namespace

double Peak::plates() const { return 8 * std::numbers::ln2 * retention * retention / (width * width); }

Peak measure_peak(std::span<double const> t, std::span<double const> values, std::size_t first, std::size_t last,
                  double baseline, double floor) {
  std::vector<double> y(values.begin(), values.end());
  for (auto& v : y) v -= baseline;
  Peak peak;
  std::size_t top = first;
  for (std::size_t k = first; k < last; ++k) {
    if (y[k] > y[top]) top = k;
  }
  bool const inside = top > first && top + 1 < last;
  std::tie(peak.retention, peak.height) = inside ? vertex(t, y, top) : std::pair{t[top], y[top]};
  double const half_front = crossing(t, y, top, first, -1, 0.5 * peak.height);
  double const half_back = crossing(t, y, top, last - 1, 1, 0.5 * peak.height);
  double const front = crossing(t, y, top, first, -1, 0.1 * peak.height);
  double const back = crossing(t, y, top, last - 1, 1, 0.1 * peak.height);
  peak.width = half_back - half_front;
  peak.asymmetry = (back - peak.retention) / (peak.retention - front);
  double mass = 0, second = 0;
  for (std::size_t k = first; k + 1 < last; ++k) {
    double const h = 0.5 * (t[k + 1] - t[k]);
    peak.area += h * (y[k] + y[k + 1]);
    for (std::size_t const j : {k, k + 1}) {
      if (y[j] < floor * peak.height) continue;
      mass += h * y[j];
      peak.mean += h * y[j] * (t[j] - peak.retention);
      second += h * y[j] * (t[j] - peak.retention) * (t[j] - peak.retention);
    }
  }
  peak.mean /= mass;
  peak.variance = second / mass - peak.mean * peak.mean;
  peak.mean += peak.retention;
  return peak;
}

std::vector<Window> find_peaks(std::span<double const> values, std::size_t count, double noise, std::size_t window) {
  auto const y = smoothed(values, window);
  auto const found = extrema_of(y, noise);
  std::vector<std::size_t> order(found.maxima.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return y[found.maxima[a]] > y[found.maxima[b]]; });
  order.resize(std::min(order.size(), count));
  std::sort(order.begin(), order.end());
  std::vector<Window> windows;
  for (auto const k : order) windows.push_back({found.minima[k], found.minima[k + 1] + 1});
  return windows;
}

Baseline find_baseline(std::span<double const> values) {
  std::vector<double> differences;
  for (std::size_t k = 1; k < values.size(); ++k) differences.push_back(std::abs(values[k] - values[k - 1]));
  double const noise = median(differences) / (0.6745 * std::numbers::sqrt2);  // of a normal law
  // what is above the lower half by more than the noise is peak
  std::vector<double> all(values.begin(), values.end());
  double level = median(all);
  for (int round = 0; round < 20; ++round) {
    std::vector<double> flat;
    for (double const v : values) {
      if (v < level + 3 * noise) flat.push_back(v);
    }
    if (flat.empty()) break;
    double const next = median(flat);
    if (next == level) break;
    level = next;
  }
  return {level, noise};
}

double resolution(Peak const& a, Peak const& b) {
  return std::sqrt(2 * std::numbers::ln2) * std::abs(b.retention - a.retention) / (a.width + b.width);
}

}  // namespace kroma::chromatography
