#include "problems/diffusion_couple/measured_profile.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/csv.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr double kNoise = 0.02;  // beyond [0, 1] where no deviation is given

double length_unit(std::string const& column, std::string const& name) {
  constexpr std::pair<char const*, double> kUnits[] = {{"_mm", 1e-3}, {"_um", 1e-6}, {"_nm", 1e-9}, {"_m", 1.0}};
  for (auto const& [ending, factor] : kUnits) {
    if (column.ends_with(ending)) return factor;
  }
  throw bad_input(fmt::format("{}: the name of the position column '{}' does not say its unit", name, column),
                  "Let it end with _m, _mm, _um or _nm, in the file and in the deck.");
}

CompositionUnit unit_by_name(std::string const& column, std::string const& name) {
  if (column == "X" || column.starts_with("X_") || column.ends_with("_mole_fraction"))
    return CompositionUnit::mole_fraction;
  if (column.ends_with("_at_percent")) return CompositionUnit::atomic_percent;
  if (column.ends_with("_mass_fraction")) return CompositionUnit::mass_fraction;
  if (column.ends_with("_wt_percent")) return CompositionUnit::mass_percent;
  throw bad_input(fmt::format("{}: it is not said whether column '{}' counts atoms or mass", name, column),
                  "Give profile.unit: mole_fraction, atomic_percent, mass_fraction or mass_percent.");
}

/// Mole fractions of all components but the first from their mass fractions at one point.
void from_mass(std::vector<std::vector<double>>& c, std::size_t i, Options const& options) {
  double first = 1, sum = 0;
  for (std::size_t k = 0; k < c.size(); ++k) {
    first -= c[k][i];
    c[k][i] /= options.molar_mass.at(options.components[k + 1]);
    sum += c[k][i];
  }
  sum += first / options.molar_mass.at(options.components[0]);
  for (auto& component : c) component[i] /= sum;
}

void check_positions(MeasuredProfile const& profile) {
  auto const& x = profile.x;
  if (x.size() < 10) {
    throw bad_input(fmt::format("{}: has {} points; a profile needs 10 or more", profile.name, x.size()));
  }
  for (std::size_t i = 1; i < x.size(); ++i) {
    if (x[i] > x[i - 1]) continue;
    throw bad_input(
        fmt::format("{}: the positions must rise, but point {} at {:g} um {} point {} at {:g} um", profile.name, i + 1,
                    1e6 * x[i], x[i] == x[i - 1] ? "repeats" : "lies left of", i, 1e6 * x[i - 1]),
        "Sort the points, and average those that were measured at one place.");
  }
}

void check_range(MeasuredProfile& profile) {
  int outside = 0;
  for (std::size_t i = 0; i < profile.x.size(); ++i) {
    double sum = 0;
    double const allowed = profile.deviation.empty() ? kNoise : 5 * profile.deviation[i];
    for (auto const& component : profile.c) {
      sum += component[i];
      if (component[i] < -allowed || component[i] > 1 + allowed) {
        throw bad_input(
            fmt::format("{}: point {} at {:g} um has the mole fraction {:g}, which is outside of [0, 1] by more "
                        "than noise ({:g})",
                        profile.name, i + 1, 1e6 * profile.x[i], component[i], allowed),
            "Look at profile.unit: percent are not fractions.");
      }
      if (component[i] < 0 || component[i] > 1) ++outside;
    }
    if (sum > 1 + allowed) {
      throw bad_input(fmt::format("{}: the mole fractions of point {} add to {:g}", profile.name, i + 1, sum));
    }
  }
  if (outside > 0) {
    profile.warnings.push_back(
        fmt::format("{}: {} of {} mole fractions lie outside of [0, 1], by less than noise; they are "
                    "used as they are",
                    profile.name, outside, profile.x.size() * profile.c.size()));
  }
}

void convert(MeasuredProfile& profile, Options const& options) {
  auto const& o = profile.options;
  auto const unit = o.unit != CompositionUnit::by_name ? o.unit : unit_by_name(o.composition.front(), profile.name);
  double const percent = unit == CompositionUnit::atomic_percent || unit == CompositionUnit::mass_percent ? 0.01 : 1.0;
  for (auto& component : profile.c) {
    for (auto& value : component) value *= percent;
  }
  if (unit == CompositionUnit::mass_fraction || unit == CompositionUnit::mass_percent) {
    if (options.molar_mass.empty()) {
      throw bad_input(fmt::format("{}: compositions by mass need the molar masses of the components", profile.name),
                      "Give molar_mass, e.g. {Ni: 58.693 g/mol, Pd: 106.42 g/mol}.");
    }
    auto const before = profile.c.front();
    for (std::size_t i = 0; i < profile.x.size(); ++i) from_mass(profile.c, i, options);
    for (std::size_t i = 0; i < profile.deviation.size(); ++i) {  // slope of the mole fraction by the mass fraction
      double const mass_a = options.molar_mass.at(options.components[0]),
                   mass_b = options.molar_mass.at(options.components[1]);
      double const moles = before[i] / mass_b + (1 - before[i]) / mass_a;
      profile.deviation[i] /= mass_a * mass_b * moles * moles;
    }
  }
  for (auto& value : profile.deviation) value *= percent;
}

}  // namespace

MeasuredProfile read_profile(ProfileOptions const& o, Options const& options) {
  MeasuredProfile profile;
  profile.name = std::filesystem::path{o.file.path}.filename().string();
  profile.options = o;
  profile.time = o.time > 0 ? o.time : options.anneal.time;
  if (o.composition.size() + 1 != options.components.size()) {
    throw bad_input(fmt::format("{}: {} components need {} column(s) of composition, got {}", profile.name,
                                options.components.size(), options.components.size() - 1, o.composition.size()));
  }
  for (auto const* const member : {&o.left, &o.right}) {
    if (member->empty() || member->size() == o.composition.size()) continue;
    throw bad_input(fmt::format("{}: an end member needs {} mole fraction(s), of all components but {}, got {}",
                                profile.name, o.composition.size(), options.components.front(), member->size()));
  }
  double const metres = length_unit(o.position, profile.name);
  std::vector<std::string> names{o.position};
  names.insert(names.end(), o.composition.begin(), o.composition.end());
  if (!o.deviation.empty()) names.push_back(o.deviation);
  auto columns = deck::read_csv(o.file.path, names);
  if (!o.deviation.empty()) {
    profile.deviation = std::move(columns.back());
    columns.pop_back();
  }
  profile.x = std::move(columns.front());
  for (auto& x : profile.x) x *= metres;
  profile.c.assign(std::make_move_iterator(columns.begin() + 1), std::make_move_iterator(columns.end()));
  check_positions(profile);
  for (double const s : profile.deviation) {
    if (!(s > 0)) throw bad_input(fmt::format("{}: a standard deviation is {:g}; it must be above 0", profile.name, s));
  }
  convert(profile, options);
  check_range(profile);
  return profile;
}

Plateau plateau(MeasuredProfile const& profile, std::size_t k, int side) {
  auto const n = profile.x.size(), count = std::max<std::size_t>(3, n / 20);
  auto const first = side == 0 ? 0 : n - count;
  double mean_x = 0, mean_c = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    mean_x += profile.x[i] / static_cast<double>(count);
    mean_c += profile.c[k][i] / static_cast<double>(count);
  }
  double xx = 0, xc = 0, cc = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    double const dx = profile.x[i] - mean_x, dc = profile.c[k][i] - mean_c;
    xx += dx * dx, xc += dx * dc, cc += dc * dc;
  }
  double const residual = std::sqrt(std::max(0.0, cc - xc * xc / xx) / static_cast<double>(count - 2));
  // Without any noise the digits of the file are what can be told apart.
  double const deviation = std::max(profile.deviation.empty() ? residual : profile.deviation[first], 1e-4);
  return {mean_c, deviation, xc / std::sqrt(xx) / deviation, static_cast<int>(count)};
}

double noise_of_neighbours(std::vector<double> const& c) {
  std::vector<double> sizes;
  for (std::size_t i = 1; i + 1 < c.size(); ++i) sizes.push_back(std::abs(c[i - 1] - 2 * c[i] + c[i + 1]));
  auto const middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  // 0.6745 is the median of a normal deviate's size; the squares of 1, -2, 1 add to 6.
  return std::max(1e-5, *middle / (0.6745 * std::sqrt(6.0)));
}

double balance_plane(MeasuredProfile const& profile, double left, double right) {
  double area = 0;
  auto const& x = profile.x;
  auto const& c = profile.composition();
  for (std::size_t i = 1; i < x.size(); ++i) area += 0.5 * (x[i] - x[i - 1]) * (c[i] + c[i - 1]);
  double const width = x.back() - x.front();
  double const plane = x.back() - (area - left * width) / (right - left);
  return std::clamp(plane, x.front() + 0.02 * width, x.back() - 0.02 * width);
}

void require_plateaus(MeasuredProfile const& profile) {
  for (std::size_t k = 0; k < profile.c.size(); ++k) {
    for (int const side : {0, 1}) {
      auto const end = plateau(profile, k, side);
      char const* const name = side == 0 ? "left" : "right";
      if (std::abs(end.trend) > 5) {
        throw bad_input(
            fmt::format(
                "{}: the profile is still changing at its {} end (by {:.1f} standard errors over {} points): it has "
                "reached the end of the couple or of the scan, and cannot be taken as infinite",
                profile.name, name, std::abs(end.trend), end.points),
            "Measure further out, or use mode invert with fit.ends: finite.");
      }
      auto const& given = side == 0 ? profile.options.left : profile.options.right;
      if (given.empty()) continue;
      double const error = std::abs(end.value - given.at(k)) / (end.deviation / std::sqrt(end.points));
      if (error > 3 && std::abs(end.value - given[k]) > 3e-4) {
        throw bad_input(
            fmt::format("{}: the plateau at the {} end is {:.5f}, which is {:.1f} standard errors from the end "
                        "member {:g} of the deck",
                        profile.name, name, end.value, error, given[k]),
            "Leave the end member out, so that it is fitted, or correct it.");
      }
    }
  }
}

}  // namespace kroma::diffusion_couple
