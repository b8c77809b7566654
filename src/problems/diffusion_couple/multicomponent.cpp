#include "problems/diffusion_couple/multicomponent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/cholesky.hpp"
#include "linalg/dense.hpp"
#include "numerics/b_spline.hpp"
#include "numerics/cubic_spline.hpp"
#include "problems/diffusion_couple/sampled_curve.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr int kNodes = 1000;

/// Coefficients of the penalised spline with the lowest score of generalised cross-validation.
std::vector<double> penalised_fit(numerics::BSplineBasis const& basis, std::vector<double> const& x,
                                  std::vector<double> const& y) {
  auto const n = static_cast<std::size_t>(basis.size());
  auto const roughness = basis.roughness();
  double const width = basis.breakpoints().back() - basis.breakpoints().front();
  HostMatrix normal{"normal", n, n}, matrix{"penalised", n, n};
  std::vector<double> right(n, 0.0), best;
  for (std::size_t i = 0; i < x.size(); ++i) {
    auto const [first, value] = basis.at(x[i]);
    for (std::size_t r = 0; r < 4; ++r) {
      right[static_cast<std::size_t>(first) + r] += value[r] * y[i];
      for (std::size_t s = 0; s < 4; ++s) {
        normal(static_cast<std::size_t>(first) + r, static_cast<std::size_t>(first) + s) += value[r] * value[s];
      }
    }
  }
  double best_score = std::numeric_limits<double>::infinity();
  for (double exponent = 2; exponent > -9; exponent -= 0.5) {
    double const mu = std::pow(10.0, exponent) * width * width * width;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) matrix(i, j) = normal(i, j) + mu * roughness(i, j);
    }
    auto const factor = linalg::Cholesky::of(matrix);
    if (!factor) continue;
    auto const found = factor->solve(right);
    auto const inverse = factor->inverse();
    double squares = 0, freedoms = 0;
    for (std::size_t i = 0; i < x.size(); ++i) squares += std::pow(y[i] - basis.evaluate(found, x[i]), 2);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) freedoms += inverse(i, j) * normal(j, i);
    }
    double const score = squares / std::pow(static_cast<double>(x.size()) - 1.4 * freedoms, 2);
    if (score < best_score) best_score = score, best = found;
  }
  return best;
}

double content(std::vector<double> const& x, std::vector<double> const& f, std::vector<double> const& slope) {
  return integral_from_left(x, f, slope).back();
}

}  // namespace

MultiProfile smooth_components(MeasuredProfile const& profile, SmoothingOptions const& options) {
  MultiProfile result;
  result.time = profile.time;
  for (int i = 0; i <= kNodes; ++i) {
    result.x.push_back(profile.x.front() + (profile.x.back() - profile.x.front()) * i / kNodes);
  }
  for (std::size_t k = 0; k < profile.c.size(); ++k) {
    auto const& o = profile.options;
    result.left.push_back(o.left.empty() ? plateau(profile, k, 0).value : o.left[k]);
    result.right.push_back(o.right.empty() ? plateau(profile, k, 1).value : o.right[k]);
    std::vector<double> value, slope;
    if (options.method == Smoothing::none) {
      numerics::CubicSpline const spline{profile.x, profile.c[k]};
      for (double const x : result.x) value.push_back(spline(x)), slope.push_back(spline.derivative(x));
    } else {
      numerics::BSplineBasis const basis{numerics::equal_parts(profile.x.front(), profile.x.back(), options.knots)};
      auto const c = penalised_fit(basis, profile.x, profile.c[k]);
      for (double const x : result.x) value.push_back(basis.evaluate(c, x)), slope.push_back(basis.evaluate(c, x, 1));
    }
    result.c.push_back(std::move(value));
    result.slope.push_back(std::move(slope));
  }
  return result;
}

double matano_plane(MultiProfile const& p) {
  double sum = 0, weight = 0;
  for (std::size_t k = 0; k < p.c.size(); ++k) {
    double const rise = p.right[k] - p.left[k];
    // x_M from equal areas: its weight is the rise itself, so that flat components drop out without a division.
    double const area = content(p.x, p.c[k], p.slope[k]) - p.left[k] * (p.x.back() - p.x.front());
    sum += rise * (rise * p.x.back() - area);
    weight += rise * rise;
  }
  return sum / weight;
}

std::vector<std::vector<double>> fluxes(MultiProfile const& p) {
  double const plane = matano_plane(p);
  std::vector<std::vector<double>> result;
  for (std::size_t k = 0; k < p.c.size(); ++k) {
    auto const area = integral_from_left(p.x, p.c[k], p.slope[k]);
    double const rise = p.right[k] - p.left[k], width = p.x.back() - p.x.front();
    std::vector<double> j;
    for (std::size_t i = 0; i < p.x.size(); ++i) {
      double const away = p.x[i] - p.x.front(), left = area[i] - p.left[k] * away;
      if (std::abs(rise) > 0.02) {
        double const y = (p.c[k][i] - p.left[k]) / rise;
        double const right = p.right[k] * (width - away) - (area.back() - area[i]);
        j.push_back(-((1 - y) * left + y * right) / (2 * p.time));
      } else {  // integral of (x - x_M) dc, by parts
        j.push_back(((p.x[i] - plane) * (p.c[k][i] - p.left[k]) - left) / (2 * p.time));
      }
    }
    result.push_back(std::move(j));
  }
  return result;
}

std::optional<Crossing> kirkaldy(MultiProfile const& a, MultiProfile const& b) {
  require(a.c.size() == 2 && b.c.size() == 2, "ternary couples for a crossing");
  auto const flux_a = fluxes(a), flux_b = fluxes(b);
  for (std::size_t i = 0; i + 1 < a.x.size(); ++i) {
    double const ax = a.c[0][i], ay = a.c[1][i], dax = a.c[0][i + 1] - ax, day = a.c[1][i + 1] - ay;
    if (std::hypot(dax, day) < 1e-9) continue;
    for (std::size_t k = 0; k + 1 < b.x.size(); ++k) {
      double const bx = b.c[0][k], by = b.c[1][k], dbx = b.c[0][k + 1] - bx, dby = b.c[1][k + 1] - by;
      double const cross = dax * dby - day * dbx;
      if (std::hypot(dbx, dby) < 1e-9 || cross == 0) continue;
      double const s = ((bx - ax) * dby - (by - ay) * dbx) / cross, t = ((bx - ax) * day - (by - ay) * dax) / cross;
      if (s < 0 || s >= 1 || t < 0 || t >= 1) continue;
      auto const mix = [](std::vector<double> const& v, std::size_t at, double share) {
        return v[at] + share * (v[at + 1] - v[at]);
      };
      double const g[2][2] = {{mix(a.slope[0], i, s), mix(b.slope[0], k, t)},
                              {mix(a.slope[1], i, s), mix(b.slope[1], k, t)}};
      double const j[2][2] = {{mix(flux_a[0], i, s), mix(flux_b[0], k, t)},
                              {mix(flux_a[1], i, s), mix(flux_b[1], k, t)}};
      double const determinant = g[0][0] * g[1][1] - g[0][1] * g[1][0];
      Crossing result{{mix(a.c[0], i, s), mix(a.c[1], i, s)}, HostMatrix{"diffusivity", 2, 2}, 0};
      for (int row = 0; row < 2; ++row) {  // D G = -J
        result.d(row, 0) = -(j[row][0] * g[1][1] - j[row][1] * g[1][0]) / determinant;
        result.d(row, 1) = -(j[row][1] * g[0][0] - j[row][0] * g[0][1]) / determinant;
      }
      double const cosine = std::abs(g[0][0] * g[0][1] + g[1][0] * g[1][1]) /
                            (std::hypot(g[0][0], g[1][0]) * std::hypot(g[0][1], g[1][1]));
      result.condition = std::sqrt((1 + cosine) / (1 - cosine));
      return result;
    }
  }
  return std::nullopt;
}

HostMatrix square_root_diffusivity(std::vector<MultiProfile> const& profiles) {
  auto const n = profiles.front().c.size();
  require(profiles.size() == n, "as many couples as independent components");
  HostMatrix contents{"contents", n, n}, rises{"rises", n, n}, identity{"identity", n, n};
  for (std::size_t k = 0; k < n; ++k) {
    auto const& p = profiles[k];
    double const plane = matano_plane(p);
    identity(k, k) = 1;
    for (std::size_t i = 0; i < n; ++i) {
      auto const area = integral_from_left(p.x, p.c[i], p.slope[i]);
      numerics::CubicSpline const cumulative{p.x, area};
      rises(i, k) = p.right[i] - p.left[i];
      contents(i, k) =
          std::sqrt(M_PI / p.time) * (p.right[i] * (p.x.back() - plane) - (area.back() - cumulative(plane)));
    }
  }
  auto const s = linalg::svd(rises).s;
  if (!(s.back() > 1e-3 * s.front())) {
    throw bad_input("the couples' end members differ in dependent directions: they do not determine all coefficients",
                    "Take couples whose composition vectors cross at large angles.");
  }
  auto const r = linalg::multiply(contents, linalg::least_squares(rises, identity, 1e-12));
  return linalg::multiply(r, r);
}

Eigenvalues eigenvalues(HostMatrix const& d) {
  double const mean = 0.5 * (d(0, 0) + d(1, 1)), half = 0.5 * (d(0, 0) - d(1, 1));
  double const square = half * half + d(0, 1) * d(1, 0);
  if (square < 0) return {mean, mean, std::sqrt(-square)};
  return {mean - std::sqrt(square), mean + std::sqrt(square), 0};
}

void require_pseudo_binary(MeasuredProfile const& profile, std::vector<std::string> const& components) {
  for (std::size_t k = 1; k < profile.c.size(); ++k) {
    auto const left = plateau(profile, k, 0), right = plateau(profile, k, 1);
    double const middle = 0.5 * (left.value + right.value), noise = std::max(left.deviation, right.deviation);
    // The mean of ten neighbours, so that single points do not decide.
    double worst = 0;
    for (std::size_t i = 0; i + 10 <= profile.x.size(); ++i) {
      double mean = 0;
      for (std::size_t j = i; j < i + 10; ++j) mean += 0.1 * profile.c[k][j];
      worst = std::max(worst, std::abs(mean - middle));
    }
    if (worst > 5 * noise / std::sqrt(10.0)) {
      throw bad_input(fmt::format("{}: the couple is not pseudo-binary: {} changes by {:.4f}, its noise is {:.4f}",
                                  profile.name, components[k + 1], worst, noise),
                      "Evaluate it with a second couple whose path crosses this one.");
    }
  }
}

}  // namespace kroma::diffusion_couple
