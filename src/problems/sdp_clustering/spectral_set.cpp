#include "problems/sdp_clustering/spectral_set.hpp"

#include <algorithm>
#include <cmath>

namespace kroma::sdp_clustering {

double dot(HostMatrix a, HostMatrix b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a.data()[i] * b.data()[i];
  return sum;
}

double norm(HostMatrix a) { return std::sqrt(dot(a, a)); }

double centre(HostMatrix a, double shift) {
  auto const n = a.extent(0);
  std::vector<double> mean(n, 0.0);
  double all = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) mean[j] += a(i, j);
  }
  for (auto& value : mean) {
    value /= static_cast<double>(n);
    all += value;
  }
  double const constant = (all - shift) / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) {
    double const row = constant - mean[i];
    for (std::size_t j = 0; j < n; ++j) a(i, j) += row - mean[j];
  }
  return all;
}

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

SpectralSet::SpectralSet(std::size_t n, double total, bool centred)
    : n_{n},
      total_{total},
      centred_{centred},
      most_{static_cast<int>(n) - (centred ? 1 : 0)},
      count_{std::min(most_, static_cast<int>(total) + 5)} {}

void SpectralSet::project(HostMatrix a, HostMatrix z, double allowed) {
  // The eigenvalue of 1 must not be among the highest, but if it were far below the others, no filter would see these.
  if (centred_) centre(a, floor_ < 0 ? -floor_ : 2 * norm(a) + 1);
  auto const eigen = pairs(a, allowed);
  assemble(eigen, capped_simplex_shift(eigen.values, total_), z);
}

/// Whether no eigenvalue left out has a positive weight.
bool SpectralSet::is_whole(linalg::Eigen const& eigen, double shift) const {
  return count_ == most_ || eigen.values.front() <= shift;
}

void SpectralSet::save(std::vector<double>& to) const {
  to.insert(to.end(), {static_cast<double>(count_), floor_});
  tracker_.save(to);
}

void SpectralSet::load(double const*& from) {
  count_ = static_cast<int>(*from++);
  floor_ = *from++;
  tracker_.load(from);
}

linalg::Eigen SpectralSet::exact(HostMatrix a) {
  auto const eigen = tracker_.exact(a, count_);
  if (!is_whole(eigen, capped_simplex_shift(eigen.values, total_))) {
    count_ = std::min(most_, 2 * count_);
    return exact(a);
  }
  auto const lowest = linalg::lowest_eigenvalues(a, 2);
  bool const skip = centred_ && floor_ < 0 ? std::abs(lowest[0] - floor_) < 1e-9 * std::abs(floor_) : centred_;
  floor_ = std::min(lowest[skip ? 1 : 0], -1e-300);
  return eigen;
}

/// Pairs (v, lambda) with defects r are exact for a matrix within sqrt(2) |r| of A, and the projection is nonexpansive:
/// so much is allowed.
linalg::Eigen SpectralSet::pairs(HostMatrix a, double allowed) {
  for (int trial = 0; trial < 6 && allowed > 0; ++trial) {
    auto const eigen = tracker_.improved(a, count_, floor_);
    if (!eigen) break;
    double const shift = capped_simplex_shift(eigen->values, total_);
    if (!is_whole(*eigen, shift)) break;
    double defect = 0;
    for (std::size_t j = 0; j < eigen->values.size(); ++j) {
      if (eigen->values[j] > shift) defect += 2 * tracker_.defects()[j] * tracker_.defects()[j];
    }
    if (defect <= allowed * allowed) return *eigen;
  }
  return exact(a);
}

void SpectralSet::assemble(linalg::Eigen const& eigen, double shift, HostMatrix z) {
  auto const count = eigen.values.size();
  std::size_t first = 0;
  while (first < count && eigen.values[first] <= shift) ++first;
  HostMatrix left{"sdp_clustering::weighted", n_, count - first}, right{"sdp_clustering::vectors", n_, count - first};
  for (std::size_t i = 0; i < n_; ++i) {
    for (std::size_t j = first; j < count; ++j) {
      right(i, j - first) = eigen.vectors(i, j);
      left(i, j - first) = std::clamp(eigen.values[j] - shift, 0.0, 1.0) * eigen.vectors(i, j);
    }
  }
  auto const product = linalg::multiply(left, right, false, true);
  double const mean = centred_ ? 1.0 / static_cast<double>(n_) : 0.0;
  for (std::size_t i = 0; i < z.size(); ++i) z.data()[i] = product.data()[i] + mean;
  auto const used = static_cast<int>(count - first);
  count_ = std::min(most_, std::max(used, static_cast<int>(total_)) + 4);
}

double Penalty::factor(int iteration, double primal, double dual) const {
  constexpr int every = 25;
  if (iteration % every != 0) return 1;
  // Rounds of 300, 600, 1200, ... iterations: 15 % balanced, 25 % with the dual residual 100 times the primal one, and
  // the rest down to balance.
  int start = 0, length = 300;
  while (iteration >= start + length) {
    start += length;
    length *= 2;
  }
  double const part = static_cast<double>(iteration - start) / length;
  constexpr double top = 100;
  double const wanted = part < 0.15 ? 1.0 : part < 0.4 ? top : std::max(1.0, top * std::exp(-(part - 0.4) * 10));
  double const change = std::clamp(std::sqrt(wanted * primal / std::max(dual, 1e-300)), 0.2, 5.0);
  return change < 1.3 && change > 1 / 1.3 ? 1.0 : change;
}

}  // namespace kroma::sdp_clustering
