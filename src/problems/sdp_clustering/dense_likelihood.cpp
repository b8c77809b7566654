#include "problems/sdp_clustering/dense_likelihood.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "linalg/cholesky.hpp"
#include "linalg/dense.hpp"

namespace kroma::sdp_clustering {
namespace {

using Numbers = std::vector<double>;

HostMatrix zeros(std::size_t rows, std::size_t columns) { return HostMatrix{"sdp_clustering::groups", rows, columns}; }

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
  for (std::size_t i = 0; i < f.size(); ++i) {
    double sum = 1e-9;
    for (std::size_t j = 0; j < f.size(); ++j) sum += positive(i, j);
    positive(i, i) += sum;
  }
  auto const factor = linalg::Cholesky::of(positive);
  if (!factor) throw solver_failed("the projection onto row sums met a singular matrix", "Loosen solver.tolerance.");
  return factor->solve(f);
}

/// C_k less the mean of all their entries: sum 1^T Z_k 1 = n, so a constant costs the same everywhere.
Blocks shifted(Blocks const& cost, double shift) {
  Blocks all;
  for (auto const& block : cost) {
    all.push_back(zeros(block.extent(0), block.extent(1)));
    for (std::size_t i = 0; i < block.size(); ++i) all.back().data()[i] = block.data()[i] - shift;
  }
  return all;
}

double mean_of(Blocks const& cost) {
  double sum = 0;
  for (auto const& block : cost) {
    for (std::size_t i = 0; i < block.size(); ++i) sum += block.data()[i];
  }
  return sum / static_cast<double>(cost.size() * cost.front().size());
}

/// Z_k of a hard partition.
Blocks indicators(HostMatrix member) {
  auto const n = member.extent(0);
  Blocks all;
  for (std::size_t k = 0; k < member.extent(1); ++k) {
    double size = 0;
    for (std::size_t i = 0; i < n; ++i) size += member(i, k);
    all.push_back(zeros(n, n));
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) all.back()(i, j) = member(i, k) * member(j, k) / size;
    }
  }
  return all;
}

class Groups : public Admm {
 public:
  Groups(Blocks const& cost, HostMatrix start, DenseLimits const& limits)
      : Admm{shifted(cost, mean_of(cost)), indicators(start),
             std::vector<SpectralSet>(cost.size(), SpectralSet{start.extent(0), 1.0, false}), limits},
        constant_{mean_of(cost) * static_cast<double>(start.extent(0))},
        v_(start.extent(0), 0.0) {}

  DenseGroups solve() {
    iterate();
    auto const n = points();
    DenseGroups groups{solution_, zeros(n, cost_.size())};
    groups.sum.z = zeros(n, n);
    for (std::size_t k = 0; k < cost_.size(); ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          groups.sum.z(i, j) += n_part_[k](i, j);
          groups.member(i, k) += n_part_[k](i, j);
        }
      }
    }
    return groups;
  }

 private:
  void project(Blocks& m) override { project_row_sums(m, v_); }

  Step value() override {
    auto const n = points();
    double bound = constant_;
    for (double const v : v_) bound -= 2 * factor() * v;
    auto slack = zeros(n, n);
    for (std::size_t k = 0; k < cost_.size(); ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          double const sums = v_[i] + v_[j];
          double const multiplier = std::max(sums - dual_[k](i, j), 0.0);  // P_k / factor
          slack(i, j) = cost_[k](i, j) + factor() * (sums - multiplier);
        }
      }
      bound += linalg::lowest_eigenvalues(slack, 1).front() - rounding_of(n, norm(slack));
    }
    return {0, constant_ + cost_of(z_), bound, kUnknown};
  }

  void rescaled(double change) override {
    for (auto& v : v_) v /= change;
  }

  std::vector<double> extra_state() const override { return v_; }
  void set_extra_state(std::vector<double> const& saved) override { v_ = saved; }

  double constant_;
  Numbers v_;  // multipliers of the row sums, over the factor: U = what was cut off + v 1^T + 1 v^T
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
  return Groups{cost, start, limits}.solve();
}

}  // namespace kroma::sdp_clustering
