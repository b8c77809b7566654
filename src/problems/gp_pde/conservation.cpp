#include "problems/gp_pde/conservation.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace kroma::gp_pde {
namespace {

HostMatrix as_matrix(HostTensor x) {
  HostMatrix a{"gp_pde::plane", x.extent(0), x.extent(1)};
  std::copy_n(x.data(), x.size(), a.data());
  return a;
}

HostMatrix copy(HostMatrix a) {
  HostMatrix b{"gp_pde::copy", a.extent(0), a.extent(1)};
  Kokkos::deep_copy(b, a);
  return b;
}

/// G u - b.
std::vector<double> excess(HostMatrix u, Conservation const& constraint) {
  std::vector<double> result(u.extent(1));
  for (std::size_t t = 0; t < result.size(); ++t) {
    result[t] = -constraint.total[t];
    for (std::size_t x = 0; x < u.extent(0); ++x) result[t] += constraint.weights[x] * u(x, t);
  }
  return result;
}

/// Every t by itself, with independent errors of the given variances.
void update_diagonal(Predictive& p, HostMatrix variances, Conservation const& constraint) {
  auto const& g = constraint.weights;
  auto const misses = excess(p.mean, constraint);
  for (std::size_t t = 0; t < p.mean.extent(1); ++t) {
    double sum = constraint.noise;
    for (std::size_t x = 0; x < g.size(); ++x) sum += g[x] * g[x] * variances(x, t);
    if (sum <= 0) continue;  // nothing is uncertain here
    for (std::size_t x = 0; x < g.size(); ++x) {
      double const gain = variances(x, t) * g[x] / sum;
      p.mean(x, t) -= gain * misses[t];
      p.variance(x, t) = std::max(0.0, p.variance(x, t) - gain * g[x] * variances(x, t));
    }
  }
}

/// S G^T of the process's own posterior covariance, by its structure: for a row x it is the n_t x n_t matrix
/// p(x) K_t - A_t diag(c(x)) A_t^T with p = K_x g and c(x)_j = sum_i A_x(x, i) b_i / D_ij, b = A_x^T g.
class Gain {
 public:
  Gain(Regression const& regression, std::vector<std::vector<double>> const& points, std::vector<double> const& g)
      : time_{regression.features(1, points[1])}, prior_{regression.covariance().matrix(1, points[1], points[1])} {
    HostMatrix weights{"gp_pde::weights", g.size(), 1};
    for (std::size_t x = 0; x < g.size(); ++x) weights(x, 0) = g[x];
    auto const space = regression.features(0, points[0]);
    auto const b = linalg::multiply(space, weights, true);
    own_ = linalg::multiply(regression.covariance().matrix(0, points[0], points[0]), weights);
    auto const& d = regression.denominators();
    HostMatrix scaled{"gp_pde::scaled", d.extent(0), d.extent(1)};
    for (std::size_t i = 0; i < d.extent(0); ++i) {
      for (std::size_t j = 0; j < d.extent(1); ++j) scaled(i, j) = b(i, 0) / d(i, j, 0);
    }
    explained_ = linalg::multiply(space, scaled);  // c, (n_x, n_j)
  }

  /// (n_t, n_t): covariance of u(x, .) with the totals.
  HostMatrix row(std::size_t x) const {
    return combination(own_(x, 0), [&](std::size_t j) { return explained_(x, j); });
  }

  /// G S G^T.
  HostMatrix total(std::vector<double> const& g) const {
    double own = 0;
    std::vector<double> explained(explained_.extent(1), 0.0);
    for (std::size_t x = 0; x < g.size(); ++x) {
      own += g[x] * own_(x, 0);
      for (std::size_t j = 0; j < explained.size(); ++j) explained[j] += g[x] * explained_(x, j);
    }
    return combination(own, [&](std::size_t j) { return explained[j]; });
  }

 private:
  template <class Factor>
  HostMatrix combination(double own, Factor factor) const {
    auto scaled = copy(time_);
    for (std::size_t t = 0; t < scaled.extent(0); ++t) {
      for (std::size_t j = 0; j < scaled.extent(1); ++j) scaled(t, j) *= factor(j);
    }
    auto result = linalg::multiply(scaled, time_, false, true);
    for (std::size_t i = 0; i < result.size(); ++i) result.data()[i] = own * prior_.data()[i] - result.data()[i];
    return result;
  }

  HostMatrix time_, prior_, own_, explained_;
};

void update_jointly(Predictive& p, Regression const& regression, std::vector<std::vector<double>> const& points,
                    Conservation const& constraint, double tolerance) {
  Gain const gain{regression, points, constraint.weights};
  auto const eigen = linalg::symmetric_eigen(gain.total(constraint.weights));
  auto const n = eigen.values.size();
  std::vector<double> inverse(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    if (eigen.values[i] > tolerance * eigen.values.back()) inverse[i] = 1 / (eigen.values[i] + constraint.noise);
  }
  auto misses = excess(p.mean, constraint);
  auto const along = linalg::multiply(eigen.vectors, HostMatrix{misses.data(), n, 1}, true);
  for (std::size_t x = 0; x < p.mean.extent(0); ++x) {
    auto const rotated = linalg::multiply(gain.row(x), eigen.vectors);
    for (std::size_t t = 0; t < n; ++t) {
      for (std::size_t i = 0; i < n; ++i) {
        p.mean(x, t) -= rotated(t, i) * inverse[i] * along(i, 0);
        p.variance(x, t) -= rotated(t, i) * rotated(t, i) * inverse[i];
      }
      p.variance(x, t) = std::max(0.0, p.variance(x, t));
    }
  }
}

}  // namespace

std::vector<double> trapezoidal_weights(std::vector<double> const& points) {
  std::vector<double> weights(points.size(), 0.0);
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    double const half = 0.5 * (points[i + 1] - points[i]);
    weights[i] += half;
    weights[i + 1] += half;
  }
  return weights;
}

double worst_total(HostMatrix u, Conservation const& constraint) {
  double worst = 0;
  for (double const miss : excess(u, constraint)) worst = std::max(worst, std::abs(miss));
  return worst;
}

Predictive predict(Regression const& regression, std::vector<std::vector<double>> const& points) {
  std::vector<HostMatrix> const features{regression.features(0, points[0]), regression.features(1, points[1])};
  return {as_matrix(regression.mean(features)), as_matrix(regression.variance(features))};
}

Predictive conserve(Regression const& regression, std::vector<std::vector<double>> const& points,
                    Predictive const& plain, Conservation const& constraint, ConservationUpdate update,
                    double tolerance) {
  require(points.size() == 2 && constraint.weights.size() == points[0].size() &&
              constraint.total.size() == points[1].size(),
          "a constraint on a plane of points");
  Predictive result{copy(plain.mean), copy(plain.variance)};
  if (update == ConservationUpdate::diagonal) update_diagonal(result, plain.variance, constraint);
  if (update == ConservationUpdate::joint) update_jointly(result, regression, points, constraint, tolerance);
  HostMatrix ones{"gp_pde::ones", plain.mean.extent(0), plain.mean.extent(1)};
  Kokkos::deep_copy(ones, 1.0);
  if (update == ConservationUpdate::uniform) update_diagonal(result, ones, constraint);
  // Rounding of the mean is left, and in the joint update what the cut-off left; an exact constraint is met exactly.
  if (constraint.noise > 0) return result;
  auto const variance = copy(result.variance);
  update_diagonal(result, update == ConservationUpdate::joint ? plain.variance : ones, constraint);
  result.variance = variance;
  return result;
}

}  // namespace kroma::gp_pde
