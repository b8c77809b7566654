#include "problems/chromatography/refinement.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::chromatography {
namespace {

constexpr double kGrowth = 1.5;                     // of the number of elements from level to level
constexpr int kMostElements = 3000;                 // of a column
constexpr int kMostPoints = 40;                     // of a particle
constexpr int kFirstCells = 50, kMostCells = 6400;  // finite volumes

}  // namespace

Refinement::Refinement(Column const& column, double accuracy, NumericOptions const& options)
    : scales_{column.scales()},
      accuracy_{accuracy},
      options_{options},
      particles_{column.model == ColumnModel::general_rate},
      volumes_{by_finite_volumes(column, options)},
      level_{level_at(0)} {}

bool by_finite_volumes(Column const& column, NumericOptions const& options) {
  return column.flow.is_total_balance() || options.scheme == Scheme::finite_volume;
}

/// Twice the cells each time: an order between two and three, of which levels closer together would tell little.
Level Refinement::volume_level(int number) const {
  Level level;
  double const cells =
      options_.elements ? *options_.elements * std::pow(2.0, number - 1) : kFirstCells * std::pow(2.0, number);
  level.resolution.elements = static_cast<int>(std::ceil(cells));
  level.tolerance =
      options_.tolerance.value_or(0.3 * accuracy_) * std::pow(2.0, options_.fixed() ? 1 - number : -number);
  return level;
}

Level Refinement::level_at(int number) const {
  if (volumes_) return volume_level(number);
  Level level;
  double const growth = std::pow(kGrowth, options_.fixed() ? number - 1 : number);
  level.resolution.degree = options_.degree.value_or(accuracy_ < 3e-4 ? 5 : 3);
  level.resolution.elements = static_cast<int>(std::lround(options_.elements.value_or(8) * growth));
  if (options_.elements && number == 1) level.resolution.elements = *options_.elements;
  level.resolution.elements = std::max(level.resolution.elements, 1);
  int const finest = options_.fixed() ? 0 : 4 + 2 * number;
  level.resolution.points = std::min(kMostPoints, options_.particle_points.value_or(options_.fixed() ? 6 : finest));
  if (options_.fixed() && number == 0) level.resolution.points = std::max(1, level.resolution.points - 1);
  // Steps are judged by an embedded formula of lower order, so that the outlet is better than a step's tolerance.
  double const tolerance = options_.tolerance.value_or(options_.fixed() ? 0.3 * accuracy_ : accuracy_);
  level.tolerance = tolerance * std::pow(3.0, options_.fixed() ? 1 - number : -number);
  level.stages = options_.stages.value_or(level.tolerance > 1e-6 ? 3 : 5);
  return level;
}

/// How much smaller the next gap between levels will be; without two gaps to judge by, 0.3.
double Refinement::expected_ratio() const {
  auto const n = gaps_.size();
  return n > 1 ? std::clamp(gaps_[n - 1] / gaps_[n - 2], 0.1, 0.7) : 0.3;
}

bool Refinement::may_be_last() const {
  if (options_.fixed() || gaps_.empty()) return !last_.empty();
  return estimate_ * expected_ratio() <= 2 * accuracy_;
}

bool Refinement::take(std::vector<double> outlet) {
  if (last_.empty()) {
    last_ = std::move(outlet);
    estimate_ = 1;
    level_ = level_at(1);
    return false;
  }
  double gap = 0;
  for (std::size_t k = 0; k < outlet.size(); ++k) {
    gap = std::max(gap, std::abs(outlet[k] - last_[k]) / scales_[k % scales_.size()]);
  }
  last_ = std::move(outlet);
  gaps_.push_back(gap);
  if (options_.fixed()) {
    estimate_ = gap;
    return true;
  }
  // Two levels alone tell of convergence only where they are close.
  auto const n = gaps_.size();
  double const ratio = expected_ratio();
  estimate_ = gap * ratio / (1 - ratio);
  if (estimate_ <= accuracy_ && (n > 1 || gap < 0.01)) return true;
  level_ = level_at(static_cast<int>(n) + 1);
  bool const stuck = n > 4 && gaps_[n - 1] > 0.5 * gaps_[n - 4] && gap < 0.1;
  if (stuck || level_.resolution.elements > (volumes_ ? kMostCells : kMostElements)) {
    throw solver_failed(
        fmt::format("the outlet comes to an error of about {:.1e}, not to the {:.1e} asked for, with up to {} {}",
                    estimate_, accuracy_, level_at(static_cast<int>(n)).resolution.elements,
                    volumes_ ? "cells" : "elements"),
        "An outlet with jumps (no dispersion, and little sorption) has no better one: ask for less accuracy, or give "
        "solver.numeric.elements and judge the result yourself; scheme: finite_volume does not oscillate there.");
  }
  return false;
}

std::vector<double> Refinement::save() const {
  std::vector<double> saved{estimate_, double(gaps_.size()), double(last_.size())};
  for (auto const* list : {&gaps_, &last_}) saved.insert(saved.end(), list->begin(), list->end());
  return saved;
}

void Refinement::load(std::vector<double> const& saved) {
  estimate_ = saved[0];
  gaps_.resize(static_cast<std::size_t>(saved[1]));
  last_.resize(static_cast<std::size_t>(saved[2]));
  auto const from = saved.begin() + 3, middle = from + static_cast<long>(gaps_.size());
  std::copy(from, middle, gaps_.begin());
  std::copy(middle, saved.end(), last_.begin());
  level_ = level_at(number());
}

}  // namespace kroma::chromatography
