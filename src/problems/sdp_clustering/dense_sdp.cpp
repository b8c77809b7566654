#include "problems/sdp_clustering/dense_sdp.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace kroma::sdp_clustering {
namespace {

HostMatrix zeros(std::size_t rows, std::size_t columns) { return HostMatrix{"sdp_clustering::dense", rows, columns}; }

double norm(HostMatrix a) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a.data()[i] * a.data()[i];
  return std::sqrt(sum);
}

double dot(HostMatrix a, HostMatrix b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a.data()[i] * b.data()[i];
  return sum;
}

/// J A J - shift 1 1^T / n in place, for symmetric A; returns 1^T A 1 / n. With a shift the eigenvector 1 has the
/// eigenvalue -shift.
double centre(HostMatrix a, double shift) {
  auto const n = a.extent(0);
  std::vector<double> mean(n, 0.0);
  double all = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) mean[i] += a(i, j);
    mean[i] /= static_cast<double>(n);
    all += mean[i];
  }
  double const constant = (all - shift) / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) a(i, j) += constant - mean[i] - mean[j];
  }
  return all;
}

/// Projection onto {Z psd, Z <= I, Z 1 = 1, tr Z = K}, by as many eigenpairs as have a positive weight.
class SpectralSet {
 public:
  SpectralSet(std::size_t n, int clusters)
      : n_{n}, clusters_{clusters}, count_{std::min(static_cast<int>(n) - 1, clusters + 4)} {}

  /// a is overwritten; z gets the projection.
  void project(HostMatrix a, HostMatrix z) {
    centre(a, 2 * norm(a) + 1);
    for (;;) {
      auto const eigen = linalg::highest_eigen(a, count_);
      double const shift = capped_simplex_shift(eigen.values, clusters_ - 1.0);
      bool const whole = count_ == static_cast<int>(n_) - 1 || eigen.values.front() <= shift;
      if (!whole) {
        count_ = std::min(static_cast<int>(n_) - 1, 2 * count_);
        continue;
      }
      int const used = assemble(eigen, shift, z);
      count_ = std::clamp(used + 4, std::min(clusters_ + 2, static_cast<int>(n_) - 1), static_cast<int>(n_) - 1);
      return;
    }
  }

 private:
  int assemble(linalg::Eigen const& eigen, double shift, HostMatrix z) const {
    auto const count = eigen.values.size();
    std::size_t first = 0;
    while (first < count && eigen.values[first] <= shift) ++first;
    auto left = zeros(n_, count - first), right = zeros(n_, count - first);
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = first; j < count; ++j) {
        double const weight = std::clamp(eigen.values[j] - shift, 0.0, 1.0);
        right(i, j - first) = eigen.vectors(i, j);
        left(i, j - first) = weight * eigen.vectors(i, j);
      }
    }
    auto const product = linalg::multiply(left, right, false, true);
    double const mean = 1.0 / static_cast<double>(n_);
    for (std::size_t i = 0; i < z.size(); ++i) z.data()[i] = product.data()[i] + mean;
    return static_cast<int>(count - first);
  }

  std::size_t n_;
  int clusters_, count_;
};

/// The state of the ADMM; costs are scaled to norm 1.
class Admm {
 public:
  Admm(HostMatrix x, int clusters, HostMatrix start, HostMatrix multiplier, DenseLimits const& limits)
      : n_{x.extent(0)},
        clusters_{clusters},
        limits_{limits},
        set_{n_, clusters},
        gram_{linalg::multiply(x, x, false, true)},
        scale_{std::max(norm(gram_), 1e-300)},
        total_{std::pow(norm(x), 2)},
        z_{zeros(n_, n_)},
        n_part_{zeros(n_, n_)},
        dual_{zeros(n_, n_)},
        work_{zeros(n_, n_)} {
    Kokkos::deep_copy(n_part_, start);
    Kokkos::deep_copy(z_, start);
    for (std::size_t i = 0; i < multiplier.size(); ++i) dual_.data()[i] = -multiplier.data()[i] / (rho_ * scale_);
  }

  DenseSolution solve() {
    record(0);
    bool done = closed();
    int iteration = 0;
    while (!done && iteration < limits_.most_iterations) {
      ++iteration;
      step();
      if (!std::isfinite(primal_ + dual_residual_)) {
        throw solver_failed(fmt::format("the semidefinite solver met NaN in iteration {}", iteration),
                            "Look for values beyond 1e100 in the data; standardize them.");
      }
      bool const small = residual() <= limits_.tolerance;
      if (small || iteration % 50 == 0) record(iteration);
      done = small || closed();
      if (!done && iteration % (iteration < 2000 ? 25 : 500) == 0) adapt();
    }
    if (iteration > 0 && solution_.history.back().iteration != iteration) record(iteration);
    solution_.iterations = iteration;
    solution_.converged = done;
    solution_.z = n_part_;
    solution_.kkt_residual = iteration == 0 ? initial_residual() : residual();
    return solution_;
  }

 private:
  double residual() const { return std::max(primal_, dual_residual_); }

  /// Whether the rigorous gap is closed.
  bool closed() const {
    double const gap = std::max(limits_.gap, 1e-10);  // a proof to rounding always ends the search
    return limits_.upper - solution_.bound <= gap * std::abs(limits_.upper);
  }

  void step() {
    constexpr double relaxation = 1.6;
    double const inverse = 1.0 / (rho_ * scale_);
    auto const size = z_.size();
    auto *z = z_.data(), *n = n_part_.data(), *u = dual_.data(), *w = work_.data();
    auto const* g = gram_.data();
    for (std::size_t i = 0; i < size; ++i) w[i] = n[i] - u[i] + inverse * g[i];
    set_.project(work_, z_);
    double difference = 0, change = 0, size_z = 0;
    for (std::size_t i = 0; i < size; ++i) {
      double const relaxed = relaxation * z[i] - (relaxation - 1) * n[i];
      double const next = std::max(relaxed + u[i], 0.0);
      // -C - rho u lies this far from the normal cone of the spectral set at z
      double const defect = (next - n[i]) + (relaxation - 1) * (n[i] - z[i]);
      u[i] += relaxed - next;
      n[i] = next;
      difference += (z[i] - next) * (z[i] - next);
      change += defect * defect;
      size_z += z[i] * z[i];
    }
    primal_ = std::sqrt(difference) / (1 + std::sqrt(size_z));
    dual_residual_ = rho_ * std::sqrt(change) / 2;  // 1 + |C|, scaled
  }

  /// Balances the residuals; ever rarer, so that the iteration converges.
  void adapt() {
    double const factor = std::clamp(std::sqrt(primal_ / std::max(dual_residual_, 1e-300)), 0.2, 5.0);
    if (factor < 1.3 && factor > 1 / 1.3) return;
    rho_ *= factor;
    for (std::size_t i = 0; i < dual_.size(); ++i) dual_.data()[i] /= factor;
  }

  /// Objective and bound of the iterate, into the history.
  void record(int iteration) {
    double const factor = rho_ * scale_;
    for (std::size_t i = 0; i < work_.size(); ++i) work_.data()[i] = -gram_.data()[i] + factor * dual_.data()[i];
    solution_.objective = total_ - dot(gram_, z_);
    double const bound = total_ + peng_wei_bound(work_, clusters_);
    solution_.bound = solution_.history.empty() ? bound : std::max(solution_.bound, bound);
    solution_.history.push_back(
        {iteration, solution_.objective, solution_.bound, iteration == 0 ? kUnknown : residual()});
  }

  /// KKT residual of a start that its multiplier already proves: the gap of the bound, relative to the cost.
  double initial_residual() const { return std::max(0.0, limits_.upper - solution_.bound) / scale_; }

  std::size_t n_;
  int clusters_;
  DenseLimits limits_;
  SpectralSet set_;
  HostMatrix gram_;
  double scale_, total_;
  HostMatrix z_, n_part_, dual_, work_;
  double rho_ = 1, primal_ = 0, dual_residual_ = 0;
  DenseSolution solution_;
};

}  // namespace

double capped_simplex_shift(std::vector<double> const& values, double total) {
  auto const [lowest, highest] = std::minmax_element(values.begin(), values.end());
  double low = *lowest - 1 - total, high = *highest;
  auto const sum = [&](double shift) {
    double all = 0;
    for (double const value : values) all += std::clamp(value - shift, 0.0, 1.0);
    return all;
  };
  for (int i = 0; i < 200 && high - low > 1e-16 * std::max(1.0, std::abs(low) + std::abs(high)); ++i) {
    double const middle = 0.5 * (low + high);
    (sum(middle) > total ? low : high) = middle;
  }
  // On the piece of the line that the bisection ends on, the shift is exact.
  double const shift = 0.5 * (low + high);
  double free = 0, rest = total;
  for (double const value : values) {
    double const weight = value - shift;
    if (weight >= 1) {
      rest -= 1;
    } else if (weight > 0) {
      free += 1;
      rest -= value;
    }
  }
  return free > 0 ? -rest / free : shift;
}

double peng_wei_bound(HostMatrix slack, int clusters) {
  double const all = centre(slack, -(2 * norm(slack) + 1));
  auto const lowest = linalg::lowest_eigenvalues(slack, clusters - 1);
  double bound = all;
  for (double const value : lowest) bound += value;
  return bound;
}

DenseSolution solve_peng_wei(HostMatrix x, int clusters, HostMatrix start, HostMatrix multiplier,
                             DenseLimits const& limits) {
  return Admm{x, clusters, start, multiplier, limits}.solve();
}

}  // namespace kroma::sdp_clustering
