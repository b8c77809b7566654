#include "problems/chromatography/breakthrough.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace kroma::chromatography {
namespace {

/// Begin and concentration of a feed that lasts; concentration 0 if there is none.
std::pair<double, double> constant_feed(Column const& column, std::size_t i) {
  double const c = column.sections.back().concentration[i];
  double begin = column.end();
  for (auto s = column.sections.rbegin(); s != column.sections.rend(); ++s) {
    if (!s->is_straight() || s->slope[i] != 0 || (s->concentration[i] != c && s->concentration[i] != 0)) return {0, 0};
    if (s->concentration[i] == 0 && begin == column.end()) return {0, 0};
    if (s->concentration[i] == c && begin > s->end && begin != column.end()) return {0, 0};  // fed before, too
    if (s->concentration[i] == c) begin = s->begin;
  }
  return {begin, c};
}

/// First time at which the outlet reaches `level`, by straight lines between samples.
double first_time(std::vector<double> const& times, std::vector<double> const& outlet, double level) {
  for (std::size_t k = 1; k < times.size(); ++k) {
    if (outlet[k] < level) continue;
    if (outlet[k - 1] >= level) return times[k - 1];
    return times[k - 1] + (times[k] - times[k - 1]) * (level - outlet[k - 1]) / (outlet[k] - outlet[k - 1]);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// Adsorbed per stationary volume, where `held` times the fluid volume between particles times the feed was kept back.
double loading_of(Column const& column, double held, double feed) {
  if (!column.has_particles()) return column.phase_ratio > 0 ? feed * (held - 1) / column.phase_ratio : 0;
  double pores = 0;
  for (auto const& p : column.particles) pores += p.fraction * p.porosity;
  double const per_particle = (held - 1) * column.bed_porosity / (1 - column.bed_porosity);
  return feed * (per_particle - pores) / (1 - pores);
}

}  // namespace

std::optional<Breakthrough> breakthrough(Column const& column, std::size_t index, std::vector<double> const& times,
                                         std::vector<double> const& outlet) {
  auto const [begin, feed] = constant_feed(column, index);
  double const full = feed * column.expansion();
  if (feed <= 0 || times.size() < 2 || times.front() > begin) return std::nullopt;
  Breakthrough b;
  for (std::size_t k = 1; k < times.size(); ++k) {
    if (times[k] <= begin) continue;
    double const from = std::max(times[k - 1], begin);
    b.stoichiometric_time += (times[k] - from) * (1 - 0.5 * (outlet[k - 1] + outlet[k]) / full);
  }
  b.at_5 = first_time(times, outlet, 0.05 * full) - begin;
  b.at_50 = first_time(times, outlet, 0.5 * full) - begin;
  b.at_95 = first_time(times, outlet, 0.95 * full) - begin;
  b.saturation = outlet.back() / full;
  b.loading = loading_of(column, b.stoichiometric_time / column.hold_up(column.length), feed);
  return b;
}

}  // namespace kroma::chromatography
