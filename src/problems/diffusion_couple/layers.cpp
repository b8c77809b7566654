#include "problems/diffusion_couple/layers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/diffusion_couple/smooth_profile.hpp"

namespace kroma::diffusion_couple {
namespace {

double lowest(PhaseOptions const& phase) { return phase.at.value_or(phase.range ? phase.range->low : 0.0); }
double highest(PhaseOptions const& phase) { return phase.at.value_or(phase.range ? phase.range->high : 1.0); }

int nearest_phase(double c, std::vector<PhaseOptions> const& phases) {
  int best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < phases.size(); ++k) {
    double const away = std::max({0.0, lowest(phases[k]) - c, c - highest(phases[k])});
    if (away < least) least = away, best = static_cast<int>(k);
  }
  return best;
}

double volume_of(PhaseOptions const& phase, double c, VolumeLaw const& volume) {
  return phase.molar_volume ? (*phase.molar_volume)({c}) : volume(c);
}

/// Integrals of Y w from the left and (1-Y) w to the right at every point; f straight between points.
struct Sides {
  std::vector<double> y, left, right;
  double rise;
  double braces(std::size_t i) const { return (1 - y[i]) * left[i] + y[i] * right[i]; }
};

Sides sides_of(LayeredProfile const& p, bool concentration) {
  auto const n = p.x.size();
  auto const value = [&](double c, std::size_t i) { return concentration ? c / p.volume[i] : c; };
  double const low = value(p.minus, 0), high = value(p.plus, n - 1);
  Sides s{{}, std::vector<double>(n, 0.0), std::vector<double>(n, 0.0), high - low};
  for (std::size_t i = 0; i < n; ++i) s.y.push_back((value(p.c[i], i) - low) / s.rise);
  auto const weight = [&](std::size_t i) { return concentration ? 1.0 : 1 / p.volume[i]; };
  for (std::size_t i = 1; i < n; ++i) {
    s.left[i] = s.left[i - 1] + 0.5 * (p.x[i] - p.x[i - 1]) * (s.y[i] * weight(i) + s.y[i - 1] * weight(i - 1));
  }
  for (std::size_t i = n - 1; i-- > 0;) {
    s.right[i] =
        s.right[i + 1] + 0.5 * (p.x[i + 1] - p.x[i]) * ((1 - s.y[i]) * weight(i) + (1 - s.y[i + 1]) * weight(i + 1));
  }
  return s;
}

}  // namespace

std::vector<MeasuredLayer> find_layers(MeasuredProfile const& profile, Options const& options) {
  auto const& phases = options.phases;
  auto c = profile.composition();
  bool const falls = c.back() < c.front();
  if (falls) {
    for (double& value : c) value = 1 - value;
  }
  c = isotonic(std::move(c));
  std::vector<MeasuredLayer> layers;
  for (std::size_t i = 0; i < c.size(); ++i) {
    int const phase = nearest_phase(falls ? 1 - c[i] : c[i], phases);
    if (!layers.empty() && layers.back().phase == phase) continue;
    double const at = i == 0 ? profile.x[0] : 0.5 * (profile.x[i - 1] + profile.x[i]);
    // A place known to lie between two points has the deviation of a uniform distribution.
    double const deviation = i == 0 ? 0 : (profile.x[i] - profile.x[i - 1]) / std::sqrt(12.0);
    if (!layers.empty()) layers.back().high = at;
    layers.push_back({phase, at, profile.x.back(), deviation});
  }
  for (auto& layer : layers) {
    auto const& given = phases[static_cast<std::size_t>(layer.phase)].layer;
    if (given) layer.low = given->low, layer.high = given->high, layer.deviation = 0;
  }
  for (std::size_t k = 1; k < layers.size(); ++k) {  // a given layer ends its neighbours
    bool const mine = phases[static_cast<std::size_t>(layers[k].phase)].layer.has_value();
    bool const before = phases[static_cast<std::size_t>(layers[k - 1].phase)].layer.has_value();
    (mine ? layers[k - 1].high : layers[k].low) = mine ? layers[k].low : layers[k - 1].high;
    if (before) layers[k].deviation = 0;
    if (layers[k - 1].high > layers[k].high || layers[k - 1].low > layers[k - 1].high) {
      throw bad_input(fmt::format("{}: the layers of {} and {} overlap", profile.name,
                                  phases[static_cast<std::size_t>(layers[k - 1].phase)].name,
                                  phases[static_cast<std::size_t>(layers[k].phase)].name),
                      "Look at the keys `layer` of the phases.");
    }
  }
  return layers;
}

LayeredProfile layered_profile(MeasuredProfile const& profile, std::vector<MeasuredLayer> const& layers,
                               Options const& options, VolumeLaw const& volume) {
  LayeredProfile result;
  auto c = profile.composition();
  bool const falls = c.back() < c.front();
  auto const flip = [&] {
    if (falls) std::transform(c.begin(), c.end(), c.begin(), [](double value) { return 1 - value; });
  };
  flip();
  c = isotonic(std::move(c));
  flip();
  result.minus = profile.options.left.empty() ? plateau(profile, 0, 0).value : profile.options.left.front();
  result.plus = profile.options.right.empty() ? plateau(profile, 0, 1).value : profile.options.right.front();
  for (auto const& layer : layers) {
    auto const& phase = options.phases[static_cast<std::size_t>(layer.phase)];
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i < profile.x.size(); ++i) {
      if (profile.x[i] >= layer.low && profile.x[i] <= layer.high) points.emplace_back(profile.x[i], c[i]);
    }
    auto const at = [&](double value) {
      return phase.at ? *phase.at : std::clamp(value, lowest(phase), highest(phase));
    };
    auto const add = [&](double x, double value) {
      result.x.push_back(x);
      result.c.push_back(at(value));
      result.volume.push_back(volume_of(phase, result.c.back(), volume));
      result.phase.push_back(layer.phase);
    };
    double const middle = 0.5 * (lowest(phase) + highest(phase));
    if (points.empty() || points.front().first > layer.low)
      add(layer.low, points.empty() ? middle : points.front().second);
    for (auto const& [x, value] : points) add(x, value);
    if (points.empty() || points.back().first < layer.high)
      add(layer.high, points.empty() ? middle : points.back().second);
  }
  return result;
}

Integrated integrated_coefficient(LayeredProfile const& p, int phase, double time) {
  auto const composition = sides_of(p, false), concentration = sides_of(p, true);
  Integrated result;
  for (std::size_t i = 0; i + 1 < p.x.size(); ++i) {
    if (p.phase[i] != phase || p.phase[i + 1] != phase) continue;
    double const step = p.x[i + 1] - p.x[i];
    result.thickness += step;
    // D dc = (V / 2 t) braces (c+ - c-) dx: no gradient is needed, so that compounds are included.
    result.by_composition += step / (4 * time) * composition.rise *
                             (p.volume[i] * composition.braces(i) + p.volume[i + 1] * composition.braces(i + 1));
    result.by_concentration +=
        step / (4 * time) * concentration.rise * (concentration.braces(i) + concentration.braces(i + 1));
  }
  result.growth_constant = result.thickness * result.thickness / (2 * time);
  return result;
}

double sum_rule_error(LayeredProfile const& p, double time) {
  auto const s = sides_of(p, false);
  std::vector<double> m(p.x.size(), 0.0);
  for (std::size_t i = 1; i < p.x.size(); ++i) {
    m[i] = m[i - 1] + 0.5 * (p.x[i] - p.x[i - 1]) * (1 / p.volume[i] + 1 / p.volume[i - 1]);
  }
  double const plane = m.back() - s.left.back();
  double moment = 0, mobility = 0;
  for (std::size_t i = 0; i + 1 < p.x.size(); ++i) {
    double const a = m[i] - plane, b = m[i + 1] - plane;
    moment += (s.y[i + 1] - s.y[i]) * (a * a + a * b + b * b) / 3;
    mobility += (m[i + 1] - m[i]) / (4 * time) * (s.braces(i) + s.braces(i + 1));
  }
  return std::abs(moment - 2 * time * mobility) / moment;
}

}  // namespace kroma::diffusion_couple
