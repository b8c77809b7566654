#include "problems/chromatography/sensitivities.hpp"

#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/chromatography/method.hpp"
#include "problems/chromatography/model.hpp"

namespace kroma::chromatography {
namespace {

/// Of differences of outlets: with the fourth power of this they are off by about as much as by rounding.
constexpr double kDifferenceStep = 2e-4;

}  // namespace

SlopesOf differences_of(OutletOf const& outlet) {
  return [outlet](Column const&, std::vector<double> const& times, std::vector<Direction> const& directions) {
    std::size_t const count = directions.size(), n = directions[0].plus.count();
    std::vector<double> slopes(times.size() * count * n);
    for (std::size_t d = 0; d < count; ++d) {
      auto const up = outlet(directions[d].plus, times), down = outlet(directions[d].minus, times);
      for (std::size_t k = 0; k < up.size(); ++k) {
        slopes[(k / n * count + d) * n + k % n] = (up[k] - down[k]) / directions[d].width;
      }
    }
    return slopes;
  };
}

std::vector<Direction> directions_of(DeckParameters const& parameters, double step) {
  auto const values = parameters.values();
  std::vector<Direction> directions;
  for (std::size_t k = 0; k < values.size(); ++k) {
    auto up = values, down = values;
    up[k] *= 1 + step;
    down[k] *= 1 - step;
    Direction d{make_column(parameters.with(up)), make_column(parameters.with(down)), up[k] - down[k],
                std::abs(values[k])};
    if (d.is_zero()) {
      auto const& p = parameters.all()[k];
      throw bad_input(fmt::format("chromatography.sensitivities: the column does not depend on {}", p.name()));
    }
    directions.push_back(std::move(d));
  }
  return directions;
}

std::vector<double> semi_analytic_sensitivities(DeckParameters const& parameters, std::vector<double> const& times,
                                                double accuracy) {
  auto const slopes = differences_of([&](Column const& column, std::vector<double> const& at) {
    return solve_semi_analytic(column, at, accuracy).concentration;
  });
  auto const column = make_column(parameters.with(parameters.values()));
  auto all = slopes(column, times, directions_of(parameters, kDifferenceStep));
  auto const wide = slopes(column, times, directions_of(parameters, 2 * kDifferenceStep));
  for (std::size_t k = 0; k < all.size(); ++k) all[k] = (4 * all[k] - wide[k]) / 3;
  return all;
}

}  // namespace kroma::chromatography
