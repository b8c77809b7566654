#include "numerics/auto_knots.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::numerics {
namespace {

struct Knot {
  double x, f;
  bool accepted;  // the bin from here to the next knot
};

class Builder {
 public:
  Builder(std::function<double(double)> const& f, double low, double high, AutoKnotsOptions const& options)
      : f_{f}, options_{options} {
    int const n = std::max(options.initial_knots, 4);
    for (int i = 0; i < n; ++i) {
      double const x = i + 1 == n ? high : low + (high - low) * i / (n - 1);
      knots_.push_back({x, value(x), false});
    }
  }

  AutoKnots build() {
    halve_until_accepted();
    for (int round = 0; round < options_.refinements; ++round) {
      reopen_wide_bins();
      halve_until_accepted();
    }
    double error = hold_against_f();
    while (error > options_.tolerance) {
      halve_until_accepted();
      error = hold_against_f();
    }
    return {spline(), evaluations_, error};
  }

 private:
  double value(double x) {
    double const y = f_(x);
    ++evaluations_;
    if (!std::isfinite(y)) {
      throw solver_failed(fmt::format("a table cannot be made: the function is not finite at {:g}", x),
                          "Give a function that is finite on the whole interval of the table.");
    }
    largest_ = std::max(largest_, std::abs(y));
    return y;
  }

  double scale() const {
    double const given = options_.scale > 0 ? options_.scale : 1e-3 * largest_;
    return given > 0 ? given : 1;
  }

  CubicSpline spline() const {
    std::vector<double> x, y;
    for (auto const& knot : knots_) {
      x.push_back(knot.x);
      y.push_back(knot.f);
    }
    return {x, y};
  }

  bool agrees(double f, double s) const { return std::abs(f - s) <= options_.tolerance * (std::abs(f) + scale()); }

  /// Halves every bin that is not accepted; the midpoint's test decides about both halves.
  void halve_once() {
    auto const s = spline();
    std::vector<Knot> finer;
    for (std::size_t i = 0; i < knots_.size(); ++i) {
      auto const& knot = knots_[i];
      finer.push_back(knot);
      if (knot.accepted || i + 1 == knots_.size()) continue;
      double const x1 = knots_[i + 1].x, width = x1 - knot.x, middle = knot.x + 0.5 * width;
      double const fm = value(middle);
      double const area = width / 6 * (knot.f + 4 * fm + knots_[i + 1].f);
      bool const same_area =
          std::abs(area - s.integral(knot.x, x1)) <= options_.tolerance * (std::abs(area) + scale() * width);
      bool const accepted = agrees(fm, s(middle)) && same_area;
      finer.back().accepted = accepted;
      finer.push_back({middle, fm, accepted});
    }
    knots_ = std::move(finer);
    if (static_cast<int>(knots_.size()) > options_.max_knots) {
      throw solver_failed(fmt::format("a table of {} knots does not follow its function to {:g}", options_.max_knots,
                                      options_.tolerance),
                          "The function may jump: give it in pieces, or ask for less.");
    }
  }

  void halve_until_accepted() {
    knots_.back().accepted = true;
    while (std::any_of(knots_.begin(), knots_.end(), [](Knot const& knot) { return !knot.accepted; })) halve_once();
  }

  void reopen_wide_bins() {
    double sum = 0, squares = 0;
    double const bins = static_cast<double>(knots_.size() - 1);
    for (std::size_t i = 0; i + 1 < knots_.size(); ++i) {
      double const width = knots_[i + 1].x - knots_[i].x;
      sum += width;
      squares += width * width;
    }
    double const mean = sum / bins, deviation = std::sqrt(std::max(0.0, squares / bins - mean * mean));
    for (std::size_t i = 0; i + 1 < knots_.size(); ++i) {
      knots_[i].accepted = knots_[i + 1].x - knots_[i].x <= mean + options_.refine_above * deviation;
    }
  }

  /// Largest relative difference at points off the knots and midpoints; reopens the bins that fail.
  double hold_against_f() {
    auto const s = spline();
    double largest = 0;
    for (std::size_t i = 0; i + 1 < knots_.size(); ++i) {
      for (double const place : {0.2763932, 0.6180340}) {
        double const x = knots_[i].x + place * (knots_[i + 1].x - knots_[i].x);
        double const f = value(x);
        double const error = std::abs(f - s(x)) / (std::abs(f) + scale());
        largest = std::max(largest, error);
        if (error > options_.tolerance) knots_[i].accepted = false;
      }
    }
    return largest;
  }

  std::function<double(double)> const& f_;
  AutoKnotsOptions const& options_;
  std::vector<Knot> knots_;
  int evaluations_ = 0;
  double largest_ = 0;
};

}  // namespace

AutoKnots auto_knots(std::function<double(double)> const& f, double low, double high, AutoKnotsOptions const& options) {
  if (!(high > low)) throw bad_input(fmt::format("a table needs an interval, got [{:g}, {:g}]", low, high));
  if (!(options.tolerance > 0 && options.tolerance < 1)) {
    throw bad_input(fmt::format("the tolerance of a table must lie between 0 and 1, got {:g}", options.tolerance));
  }
  return Builder{f, low, high, options}.build();
}

}  // namespace kroma::numerics
