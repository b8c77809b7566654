#include "numerics/b_spline.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::numerics {
namespace {

/// Functions of degree `degree` that do not vanish on the span (Cox-de Boor recurrence); knots[span] <= x.
std::array<double, 4> basis_of_degree(std::span<double const> knots, std::size_t span, double x, std::size_t degree) {
  std::array<double, 4> value{1, 0, 0, 0};
  for (std::size_t d = 1; d <= degree; ++d) {
    double carried = 0;
    for (std::size_t r = 0; r < d; ++r) {
      double const right = knots[span + r + 1], left = knots[span + r + 1 - d];
      double const part = value[r] / (right - left);
      value[r] = carried + (right - x) * part;
      carried = (x - left) * part;
    }
    value[d] = carried;
  }
  return value;
}

}  // namespace

BSplineBasis::BSplineBasis(std::vector<double> breakpoints) : breakpoints_{std::move(breakpoints)} {
  bool const rising = std::adjacent_find(breakpoints_.begin(), breakpoints_.end(),
                                         [](double a, double b) { return !(b > a); }) == breakpoints_.end();
  if (breakpoints_.size() < 2 || !rising) {
    throw bad_input(fmt::format("B-splines need two or more breakpoints that rise, got {}", breakpoints_.size()));
  }
  knots_.assign(3, breakpoints_.front());
  knots_.insert(knots_.end(), breakpoints_.begin(), breakpoints_.end());
  knots_.insert(knots_.end(), 3, breakpoints_.back());
}

BSplineBasis::Values BSplineBasis::inside(double x, int order) const {
  auto const next = std::upper_bound(breakpoints_.begin() + 1, breakpoints_.end() - 1, x);
  auto const span = static_cast<std::size_t>(next - breakpoints_.begin()) + 2;
  auto const degree = static_cast<std::size_t>(3 - order);
  auto value = basis_of_degree(knots_, span, x, degree);
  // Each derivative: B'_{i,d+1} = (d+1) (B_{i,d} / (t_{i+d+1} - t_i) - B_{i+1,d} / (t_{i+d+2} - t_{i+1}))
  for (std::size_t d = degree; d < 3; ++d) {
    std::array<double, 4> raised{};
    for (std::size_t r = 0; r <= d; ++r) {
      double const part = static_cast<double>(d + 1) * value[r] / (knots_[span + r + 1] - knots_[span + r - d]);
      raised[r] -= part;
      raised[r + 1] += part;
    }
    value = raised;
  }
  return {static_cast<int>(span) - 3, value};
}

BSplineBasis::Values BSplineBasis::at(double x, int order) const {
  double const end = std::clamp(x, breakpoints_.front(), breakpoints_.back());
  if (x == end || order == 1) return inside(end, order);
  if (order == 2) return {inside(end, 0).first, {}};
  auto values = inside(end, 0);
  auto const slopes = inside(end, 1);
  for (std::size_t r = 0; r < 4; ++r) values.value[r] += (x - end) * slopes.value[r];
  return values;
}

double BSplineBasis::evaluate(std::span<double const> coefficients, double x, int order) const {
  auto const [first, value] = at(x, order);
  double sum = 0;
  for (std::size_t r = 0; r < 4; ++r) sum += coefficients[static_cast<std::size_t>(first) + r] * value[r];
  return sum;
}

HostMatrix BSplineBasis::roughness_root() const {
  auto const spans = breakpoints_.size() - 1;
  HostMatrix root{"roughness root", 2 * spans, static_cast<std::size_t>(size())};
  // Second derivatives are straight lines on each span: two Gauss points are exact.
  for (std::size_t k = 0; k < spans; ++k) {
    double const middle = 0.5 * (breakpoints_[k] + breakpoints_[k + 1]);
    double const half = 0.5 * (breakpoints_[k + 1] - breakpoints_[k]);
    for (std::size_t side = 0; side < 2; ++side) {
      auto const [first, value] = inside(middle + (side == 0 ? -half : half) / std::sqrt(3.0), 2);
      for (std::size_t r = 0; r < 4; ++r) {
        root(2 * k + side, static_cast<std::size_t>(first) + r) = std::sqrt(half) * value[r];
      }
    }
  }
  return root;
}

HostMatrix BSplineBasis::roughness() const {
  auto const root = roughness_root();
  auto const n = root.extent(1);
  HostMatrix p{"roughness", n, n};
  for (std::size_t k = 0; k < root.extent(0); ++k) {
    auto const first = k / 2;
    for (std::size_t i = first; i < first + 4; ++i) {
      for (std::size_t j = first; j < first + 4; ++j) p(i, j) += root(k, i) * root(k, j);
    }
  }
  return p;
}

std::vector<double> BSplineBasis::abscissae() const {
  std::vector<double> result;
  for (std::size_t i = 0; i < static_cast<std::size_t>(size()); ++i) {
    result.push_back((knots_[i + 1] + knots_[i + 2] + knots_[i + 3]) / 3);
  }
  return result;
}

std::vector<double> equal_parts(double low, double high, int count) {
  std::vector<double> result;
  for (int i = 0; i < count; ++i) result.push_back(i + 1 == count ? high : low + (high - low) * i / (count - 1));
  return result;
}

}  // namespace kroma::numerics
