#include "problems/sdp_clustering/dense_likelihood.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "problems/sdp_clustering/spectral_set.hpp"

namespace kroma::sdp_clustering {
namespace {

using Blocks = std::vector<HostMatrix>;
using Numbers = std::vector<double>;

HostMatrix zeros(std::size_t rows, std::size_t columns) { return HostMatrix{"sdp_clustering::groups", rows, columns}; }

double dot(HostMatrix a, HostMatrix b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a.data()[i] * b.data()[i];
  return sum;
}

/// F(v) = sum_k max(M_k - v 1^T - 1 v^T, 0) 1 - 1, and the counts of positive entries.
double row_excess(Blocks const& m, Numbers const& v, Numbers& excess, HostMatrix positive) {
  auto const n = v.size();
  double most = 0;
  for (std::size_t i = 0; i < n; ++i) {
    excess[i] = -1;
    for (std::size_t j = 0; j < n; ++j) {
      int count = 0;
      for (auto const& block : m) {
        double const value = block(i, j) - v[i] - v[j];
        if (value <= 0) continue;
        excess[i] += value;
        ++count;
      }
      positive(i, j) = count;
    }
    most = std::max(most, std::abs(excess[i]));
  }
  return most;
}

/// (diag(T 1) + T + ridge)^-1 f for the counts T; T is overwritten.
Numbers newton_step(HostMatrix positive, Numbers const& f) {
  auto const n = f.size();
  auto right = zeros(n, 1);
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 1e-9;
    for (std::size_t j = 0; j < n; ++j) sum += positive(i, j);
    positive(i, i) += sum;
    right(i, 0) = f[i];
  }
  auto const factor = linalg::cholesky(positive);
  if (!factor) throw solver_failed("the projection onto row sums met a singular matrix", "Loosen solver.tolerance.");
  auto const x = linalg::solve_triangular(*factor, linalg::solve_triangular(*factor, right, false), true);
  return {x.data(), x.data() + n};
}

class GroupAdmm {
 public:
  GroupAdmm(Blocks const& cost, HostMatrix start, DenseLimits const& limits)
      : n_{start.extent(0)}, limits_{limits}, v_(n_, 0.0) {
    for (auto const& block : cost) {
      for (std::size_t i = 0; i < block.size(); ++i) shift_ += block.data()[i];
    }
    shift_ /= static_cast<double>(cost.size() * n_ * n_);  // sum 1^T Z_k 1 = n: a constant costs the same everywhere
    for (std::size_t k = 0; k < cost.size(); ++k) {
      auto shifted = zeros(n_, n_);
      double size = 0;
      for (std::size_t i = 0; i < n_; ++i) size += start(i, k);
      auto z = zeros(n_, n_);
      for (std::size_t i = 0; i < n_; ++i) {
        for (std::size_t j = 0; j < n_; ++j) {
          shifted(i, j) = cost[k](i, j) - shift_;
          z(i, j) = start(i, k) * start(j, k) / size;
        }
      }
      scale_ = std::max(scale_, std::sqrt(dot(shifted, shifted)));
      cost_.push_back(shifted);
      nonnegative_.push_back(z);
      psd_.push_back(zeros(n_, n_));
      dual_.push_back(zeros(n_, n_));
      relaxed_.push_back(zeros(n_, n_));
      sets_.emplace_back(n_, 1.0, false);
    }
  }

  DenseGroups solve() {
    bool done = false;
    int iteration = 0;
    while (!done && iteration < limits_.most_iterations) {
      ++iteration;
      step();
      if (!std::isfinite(primal_ + defect_)) {
        throw solver_failed(fmt::format("the semidefinite solver met NaN in iteration {}", iteration),
                            "Look for values beyond 1e100 in the data; standardize them.");
      }
      bool const small = residual() <= limits_.tolerance, proven = small && exact_;
      exact_ = small;  // a residual counts once the projections are exact
      if (proven || iteration % 50 == 0) record(iteration);
      double const gap = std::max(limits_.gap, 1e-10);
      bool const closed =
          !solution_.history.empty() && limits_.upper - solution_.bound <= gap * std::abs(limits_.upper);
      done = proven || closed;
      if (!done) adapt(iteration);
    }
    if (solution_.history.empty() || solution_.history.back().iteration != iteration) record(iteration);
    solution_.iterations = iteration;
    solution_.converged = done;
    solution_.kkt_residual = residual();
    return assemble();
  }

 private:
  double residual() const { return std::max(primal_, defect_); }

  void step() {
    constexpr double relaxation = 1.6;
    double const inverse = 1.0 / (rho_ * scale_);
    for (std::size_t k = 0; k < cost_.size(); ++k) {
      auto* w = relaxed_[k].data();
      for (std::size_t i = 0; i < n_ * n_; ++i) {
        w[i] = nonnegative_[k].data()[i] - dual_[k].data()[i] - inverse * cost_[k].data()[i];
      }
      sets_[k].project(relaxed_[k], psd_[k], exact_ ? 0.0 : 0.4 * std::min(primal_, defect_ / rho_));
      for (std::size_t i = 0; i < n_ * n_; ++i) {
        w[i] = relaxation * psd_[k].data()[i] - (relaxation - 1) * nonnegative_[k].data()[i] + dual_[k].data()[i];
      }
    }
    project_row_sums_of_relaxed();
  }

  /// N = projection of the relaxed point plus dual; the dual keeps what was cut off.
  void project_row_sums_of_relaxed() {
    constexpr double relaxation = 1.6;
    Blocks next;
    for (auto const& block : relaxed_) {
      next.push_back(zeros(n_, n_));
      Kokkos::deep_copy(next.back(), block);
    }
    project_row_sums(next, v_);
    double difference = 0, change = 0, size = 0;
    for (std::size_t k = 0; k < cost_.size(); ++k) {
      for (std::size_t i = 0; i < n_ * n_; ++i) {
        double const z = psd_[k].data()[i], before = nonnegative_[k].data()[i], now = next[k].data()[i];
        double const lag = (now - before) + (relaxation - 1) * (before - z);
        dual_[k].data()[i] = relaxed_[k].data()[i] - now;
        difference += (z - now) * (z - now);
        change += lag * lag;
        size += z * z;
      }
    }
    nonnegative_ = std::move(next);
    primal_ = std::sqrt(difference) / (1 + std::sqrt(size));
    defect_ = rho_ * std::sqrt(change) / 2;
  }

  void adapt(int iteration) {
    double const factor = penalty_.factor(iteration, primal_, defect_);
    if (factor == 1) return;
    rho_ *= factor;
    for (auto& set : sets_) set.expect(1 / factor);
    for (auto& block : dual_) {
      for (std::size_t i = 0; i < block.size(); ++i) block.data()[i] /= factor;
    }
    for (auto& v : v_) v /= factor;
  }

  void record(int iteration) {
    double const factor = rho_ * scale_, n = static_cast<double>(n_);
    double objective = shift_ * n, bound = shift_ * n;
    for (double const v : v_) bound -= 2 * factor * v;
    for (std::size_t k = 0; k < cost_.size(); ++k) {
      objective += dot(cost_[k], psd_[k]);
      auto slack = zeros(n_, n_);
      for (std::size_t i = 0; i < n_; ++i) {
        for (std::size_t j = 0; j < n_; ++j) {
          double const sums = v_[i] + v_[j];
          double const multiplier = std::max(sums - dual_[k](i, j), 0.0);  // P_k / factor
          slack(i, j) = cost_[k](i, j) + factor * (sums - multiplier);
        }
      }
      bound += linalg::lowest_eigenvalues(slack, 1).front();
    }
    solution_.objective = objective;
    solution_.bound = solution_.history.empty() ? bound : std::max(solution_.bound, bound);
    solution_.history.push_back({iteration, objective, solution_.bound, residual()});
  }

  DenseGroups assemble() {
    DenseGroups groups{solution_, zeros(n_, cost_.size())};
    groups.sum.z = zeros(n_, n_);
    for (std::size_t k = 0; k < cost_.size(); ++k) {
      for (std::size_t i = 0; i < n_; ++i) {
        for (std::size_t j = 0; j < n_; ++j) {
          groups.sum.z(i, j) += nonnegative_[k](i, j);
          groups.member(i, k) += nonnegative_[k](i, j);
        }
      }
    }
    return groups;
  }

  std::size_t n_;
  DenseLimits limits_;
  Numbers v_;
  Blocks cost_, nonnegative_, psd_, dual_, relaxed_;
  std::vector<SpectralSet> sets_;
  Penalty penalty_;
  bool exact_ = false;
  double shift_ = 0, scale_ = 1e-300, rho_ = 1, primal_ = 0, defect_ = 0;
  DenseSolution solution_;
};

}  // namespace

int project_row_sums(Blocks& m, Numbers& v) {
  constexpr int most = 100;
  auto const n = v.size();
  Numbers excess(n);
  auto positive = zeros(n, n);
  double worst = row_excess(m, v, excess, positive);
  int steps = 0;
  for (; steps < most && worst > 1e-12; ++steps) {
    auto const direction = newton_step(positive, excess);
    auto const start = v;
    double const before = worst;
    for (double length = 1;; length *= 0.5) {
      for (std::size_t i = 0; i < n; ++i) v[i] = start[i] + length * direction[i];
      worst = row_excess(m, v, excess, positive);
      if (worst < before || length < 1e-3) break;
    }
    if (worst >= before && worst < 1e-9) break;  // rounding
  }
  if (!(worst < 1e-6)) throw solver_failed("the projection onto row sums did not converge", "Loosen solver.tolerance.");
  for (auto& block : m) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) block(i, j) = std::max(block(i, j) - v[i] - v[j], 0.0);
    }
  }
  return steps;
}

DenseGroups solve_groups(Blocks const& cost, HostMatrix start, DenseLimits const& limits) {
  return GroupAdmm{cost, start, limits}.solve();
}

}  // namespace kroma::sdp_clustering
