#include "grid/axis.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::grid {
namespace {

using std::numbers::pi;

/// A rule on [-1, 1].
struct Rule {
  std::vector<double> nodes, weights;
};

Rule uniform_rule(int n) {
  Rule rule{std::vector<double>(n), std::vector<double>(n, 2.0 / n)};
  for (int i = 0; i < n; ++i) rule.nodes[i] = -1.0 + 2.0 * i / (n - 1);
  return rule;
}

/// Legendre polynomial P_n and its derivative at |x| < 1, by the three-term recurrence.
std::pair<double, double> legendre(int n, double x) {
  double previous = 1.0, value = x;
  for (int k = 2; k <= n; ++k) {
    previous = std::exchange(value, ((2 * k - 1) * x * value - (k - 1) * previous) / k);
  }
  return {value, n * (x * value - previous) / (x * x - 1.0)};
}

/// Newton's method on P_n from Tricomi's first guess; three steps reach rounding for every n of use here.
Rule gauss_legendre_rule(int n) {
  Rule rule{std::vector<double>(n), std::vector<double>(n)};
  for (int i = 0; i < (n + 1) / 2; ++i) {
    double x = std::cos(pi * (i + 0.75) / (n + 0.5)) * (1.0 - (n - 1.0) / (8.0 * n * n * n));
    for (int step = 0; step < 4; ++step) {
      auto const [value, slope] = legendre(n, x);
      x -= value / slope;
    }
    double const slope = legendre(n, x).second;
    double const weight = 2.0 / ((1.0 - x * x) * slope * slope);
    rule.nodes[i] = -x;
    rule.nodes[n - 1 - i] = x;
    rule.weights[i] = rule.weights[n - 1 - i] = weight;
  }
  if (n % 2 == 1) rule.nodes[n / 2] = 0.0;
  return rule;
}

Rule chebyshev_rule(int n) {
  Rule rule{std::vector<double>(n), std::vector<double>(n)};
  int const intervals = n - 1;
  for (int i = 0; i < n; ++i) {
    rule.nodes[i] = -std::cos(pi * i / intervals);
    double sum = 1.0;
    for (int k = 1; 2 * k <= intervals; ++k) {
      double const last = 2 * k == intervals ? 0.5 : 1.0;
      sum -= last * 2.0 / (4.0 * k * k - 1.0) * std::cos(2.0 * pi * k * i / intervals);
    }
    rule.weights[i] = (i == 0 || i == intervals ? 1.0 : 2.0) / intervals * sum;
  }
  return rule;
}

Rule rule_of(Nodes kind, int n) {
  switch (kind) {
    case Nodes::gauss_legendre:
      return gauss_legendre_rule(n);
    case Nodes::chebyshev:
      return chebyshev_rule(n);
    case Nodes::uniform:
      break;
  }
  return uniform_rule(n);
}

}  // namespace

double Axis::nyquist() const {
  double widest = 0;
  for (std::size_t i = 1; i < nodes.size(); ++i) widest = std::max(widest, nodes[i] - nodes[i - 1]);
  return 0.5 / widest;
}

Axis make_axis(std::string name, Nodes kind, int n, double low, double high) {
  if (n < 2) throw bad_input(fmt::format("axis {}: needs at least 2 nodes, got {}", name, n));
  if (!(high > low)) throw bad_input(fmt::format("axis {}: the interval [{}, {}] is empty", name, low, high));
  auto rule = rule_of(kind, n);
  double const half = 0.5 * (high - low), centre = 0.5 * (low + high);
  for (double& x : rule.nodes) x = centre + half * x;
  for (double& w : rule.weights) w *= half;
  if (kind != Nodes::gauss_legendre) {  // the ends exactly, so that data there are evaluated where they are given
    rule.nodes.front() = low;
    rule.nodes.back() = high;
  }
  return {std::move(name), low, high, kind, std::move(rule.nodes), std::move(rule.weights)};
}

}  // namespace kroma::grid
