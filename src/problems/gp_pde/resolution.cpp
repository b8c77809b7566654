#include "problems/gp_pde/resolution.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <string>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/gp_pde/support.hpp"

namespace kroma::gp_pde {
namespace {

constexpr int kLines = 4;       // through the domain, per axis and function
constexpr int kLongest = 4096;  // points on a line: of a longer axis only a piece is looked at, with the same spacing
constexpr int kFiner = 4;  // a line has this many points for each node, so that it sees twice the axis's limit and more

/// Largest modulus of windowed equispaced `values` below and above a frequency, and where the latter is.
struct Moduli {
  double below = 0, above = 0, frequency = 0;
};

Moduli moduli(std::vector<double> values, double length, double limit) {
  auto const n = static_cast<int>(values.size());
  for (int i = 0; i < n; ++i) values[static_cast<std::size_t>(i)] *= kaiser_window(2.0 * i / (n - 1) - 1.0, 1e-4);
  double const gap = length / (n - 1);
  Moduli result;
  // Steps of 1 / length are finer than the window's main lobe, which is 6 / length wide at this tolerance.
  for (int j = 0; j / length < 0.45 / gap; ++j) {
    double const frequency = j / length;
    auto const turn = std::polar(1.0, 2 * std::numbers::pi * frequency * gap);
    std::complex<double> phase = 1.0, sum = 0.0;
    for (double value : values) {
      sum += value * phase;
      phase *= turn;
    }
    double const modulus = std::abs(sum);
    if (frequency <= limit) {
      result.below = std::max(result.below, modulus);
    } else if (modulus > result.above) {
      result.above = modulus;
      result.frequency = frequency;
    }
  }
  return result;
}

/// Values of f along axis d through `point`; coordinates of axes that there are not stay 0.
std::vector<double> along_line(deck::Function const& f, std::vector<double> const& point, grid::Axis const& axis,
                               std::size_t d) {
  int const all = kFiner * axis.size(), count = std::min(all, kLongest);
  // A piece lies around the point's own place on the axis.
  int const first =
      std::clamp(static_cast<int>((point[d] - axis.low) / axis.length() * all) - count / 2, 0, all - count);
  std::vector<double> arguments, values(static_cast<std::size_t>(count));
  for (int i = first; i < first + count; ++i) {
    auto here = point;
    here.resize(3, 0.0);
    here[d] = axis.low + axis.length() * i / (all - 1);
    arguments.insert(arguments.end(), here.begin(), here.end());
  }
  f.evaluate(arguments, values);
  return values;
}

void refuse_aliases(deck::Function const& f, std::string const& key, double rounding, std::vector<double> const& point,
                    grid::Axis const& axis, std::size_t d) {
  auto const values = along_line(f, point, axis, d);
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); }))
    return;  // named when sampled
  if (std::all_of(values.begin(), values.end(), [&](double v) { return std::abs(v) <= rounding; })) return;
  double const piece = axis.length() * static_cast<double>(values.size() - 1) / (kFiner * axis.size() - 1);
  auto const m = moduli(values, piece, axis.nyquist());
  if (m.above <= 0.1 * m.below) return;
  double const per_frequency = axis.size() / axis.nyquist();
  throw bad_input(
      fmt::format("the {1} nodes along {0} carry frequencies up to {2:.4g} cycles per unit length, but {3} has {4:.4g}",
                  axis.name, axis.size(), axis.nyquist(), key, m.frequency),
      fmt::format("Give at least {} nodes along {}", static_cast<int>(std::ceil(1.2 * m.frequency * per_frequency)),
                  axis.name));
}

}  // namespace

void check_resolution(deck::Function const& source, double rounding, Boundary const& boundary,
                      std::vector<grid::Axis> const& axes) {
  for (std::size_t d = 0; d < axes.size(); ++d) {
    for (int line = 0; line < (axes.size() > 1 ? kLines : 1); ++line) {
      std::vector<double> point;
      for (std::size_t e = 0; e < axes.size(); ++e) {
        // Different lines for different axes, in no simple relation to the nodes.
        point.push_back(jittered(axes[e].low, axes[e].high, kLines, 31 * e + 1)[static_cast<std::size_t>(line)]);
      }
      refuse_aliases(source, "the source", rounding, point, axes[d], d);
      for (std::size_t e = 0; e < axes.size(); ++e) {
        if (e == d) continue;
        for (auto const& condition : boundary.conditions(e)) {
          auto on_face = point;
          on_face[e] = condition.place;
          refuse_aliases(condition.data, "the boundary data", 0.0, on_face, axes[d], d);
        }
      }
    }
  }
}

}  // namespace kroma::gp_pde
