// Functions given as tables of points.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/function_body.hpp"
#include "deck/syntax.hpp"

namespace kroma::deck {
namespace {

using Body = Function::Body;
using Values = std::vector<double>;

/// Slope at an end from the two nearest intervals, kept monotone (as scipy's PchipInterpolator does).
double end_slope(double h0, double h1, double d0, double d1) {
  double const slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
  if (slope * d0 <= 0) return 0;
  if (d0 * d1 <= 0 && std::abs(slope) > 3 * std::abs(d0)) return 3 * d0;
  return slope;
}

/// Slopes at the points: weighted harmonic means of the neighbouring intervals, 0 at extrema.
Values pchip_slopes(Values const& x, Values const& y) {
  auto const n = x.size();
  Values h(n - 1), d(n - 1), slopes(n);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    h[i] = x[i + 1] - x[i];
    d[i] = (y[i + 1] - y[i]) / h[i];
  }
  if (n == 2) return {d[0], d[0]};
  for (std::size_t i = 1; i + 1 < n; ++i) {
    double const w0 = 2 * h[i] + h[i - 1], w1 = h[i] + 2 * h[i - 1];
    slopes[i] = d[i - 1] * d[i] <= 0 ? 0 : (w0 + w1) / (w0 / d[i - 1] + w1 / d[i]);
  }
  slopes.front() = end_slope(h[0], h[1], d[0], d[1]);
  slopes.back() = end_slope(h[n - 2], h[n - 3], d[n - 2], d[n - 3]);
  return slopes;
}

struct Points {
  Values x, y, slopes;  // slopes: empty for straight lines
  std::string name;
};

class TableBody final : public Body {
 public:
  TableBody(std::shared_ptr<Points const> points, int order) : points_{std::move(points)}, order_{order} {
    text_ = (order_ == 0 ? "" : "slope of ") + points_->name;
  }

  double value(std::span<double const> arguments) const override {
    auto const& [x, y, slopes, name] = *points_;
    double const at = arguments[0];
    if (std::isnan(at)) return at;
    double const slack = 1e-12 * (x.back() - x.front());  // rounding of coordinates must not leave the table
    if (at < x.front() - slack || at > x.back() + slack) {
      throw bad_input(fmt::format("{} is outside the {}, which reaches from {} to {}", at, name, x.front(), x.back()));
    }
    auto const next = std::upper_bound(x.begin() + 1, x.end() - 1, at);
    auto const i = static_cast<std::size_t>(next - x.begin()) - 1;
    double const h = x[i + 1] - x[i], t = std::clamp((at - x[i]) / h, 0.0, 1.0);
    if (slopes.empty()) return (1 - t) * y[i] + t * y[i + 1];
    double const rise = y[i + 1] - y[i];
    if (order_ == 1)
      return 6 * t * (1 - t) * rise / h + (1 - t) * (1 - 3 * t) * slopes[i] + t * (3 * t - 2) * slopes[i + 1];
    return y[i] + t * t * (3 - 2 * t) * rise + h * t * (1 - t) * ((1 - t) * slopes[i] - t * slopes[i + 1]);
  }

  std::shared_ptr<Body const> derivative(std::vector<int> const& orders,
                                         std::vector<std::string> const&) const override {
    if (points_->slopes.empty()) {
      throw bad_input(fmt::format("cannot be differentiated: {} has straight lines between its points", points_->name),
                      "Give `interpolation: pchip`, or an expression.");
    }
    if (orders[0] + order_ > 1) {
      throw bad_input(fmt::format("cannot be differentiated: {} has one continuous derivative only", points_->name),
                      "Give an expression.");
    }
    return std::make_shared<TableBody>(points_, 1);
  }

  std::string const& text() const override { return text_; }
  bool uses(int) const override { return true; }

  Node write() const override {
    auto points = Node::sequence();
    for (std::size_t i = 0; i < points_->x.size(); ++i) {
      auto point = Node::sequence();
      point.push_back(Node::scalar(syntax::print_number(points_->x[i])));
      point.push_back(Node::scalar(syntax::print_number(points_->y[i])));
      points.push_back(std::move(point));
    }
    auto node = Node::map();
    node.add("points", std::move(points));
    node.add("interpolation", Node::scalar(points_->slopes.empty() ? "linear" : "pchip"));
    return node;
  }

 private:
  std::shared_ptr<Points const> points_;
  int order_;
  std::string text_;
};

}  // namespace

std::shared_ptr<Body const> table_body(Values x, Values y, Interpolation interpolation, std::string name) {
  if (x.size() != y.size() || x.size() < 2) throw bad_input(fmt::format("the {} needs two points or more", name));
  if (x.front() > x.back()) {
    std::reverse(x.begin(), x.end());
    std::reverse(y.begin(), y.end());
  }
  auto const fold = std::adjacent_find(x.begin(), x.end(), [](double a, double b) { return !(a < b); });
  if (fold != x.end()) {
    throw bad_input(fmt::format("the {} is not in order: {} comes next to {}", name, *fold, *(fold + 1)));
  }
  auto points = std::make_shared<Points>();
  if (interpolation == Interpolation::pchip) points->slopes = pchip_slopes(x, y);
  points->x = std::move(x);
  points->y = std::move(y);
  points->name = std::move(name);
  return std::make_shared<TableBody>(std::move(points), 0);
}

}  // namespace kroma::deck
