#include "linalg/eigen_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <lapacke.h>

#include "core/error.hpp"
#include "core/packed.hpp"

namespace kroma::linalg {
namespace {

constexpr int kSpare = 8;    // remembered pairs below those asked for: they set the speed of convergence
constexpr int kDegree = 12;  // of the filter, at most

/// y = factor * (A x - centre x) - before * y; y may be empty at first.
HostMatrix recurrence(HostMatrix a, HostMatrix x, double centre, double factor, HostMatrix y, double before) {
  auto next = multiply(a, x);
  for (std::size_t i = 0; i < next.size(); ++i) {
    double const old = y.size() > 0 ? before * y.data()[i] : 0.0;
    next.data()[i] = factor * (next.data()[i] - centre * x.data()[i]) - old;
  }
  return next;
}

/// The degree whose polynomial grows to 1e9 at `top`: with more growth there the highest vectors would drown the
/// others.
int suitable_degree(double low, double high, double top) {
  double const growth = std::acosh((2 * top - low - high) / (high - low));
  return std::clamp(static_cast<int>(std::acosh(1e9) / growth), 3, kDegree);
}

/// The block under the scaled Chebyshev polynomial that is small on [low, high] and 1 at `top`.
HostMatrix filtered(HostMatrix a, HostMatrix block, int most, double low, double high, double top) {
  double const half = 0.5 * (high - low), centre = 0.5 * (high + low);
  double sigma = half / (top - centre);
  double const first = sigma;
  auto before = block;
  auto now = recurrence(a, block, centre, sigma / half, {}, 0.0);
  for (int degree = 2; degree <= most; ++degree) {
    double const next = 1.0 / (2.0 / first - sigma);
    auto const after = recurrence(a, now, centre, 2.0 * next / half, before, sigma * next);
    before = now;
    now = after;
    sigma = next;
  }
  return now;
}

/// Orthonormal columns of the same span, by Householder reflections. What grew most goes first: the filter leaves some
/// of it in all columns, and it must be taken out of the others without loss.
HostMatrix orthonormal(HostMatrix block) {
  int const n = block.extent_int(0), width = block.extent_int(1);
  HostMatrix rows{"linalg::block", block.extent(1), block.extent(0)};  // columns to LAPACK
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < width; ++j) rows(j, i) = block(i, width - 1 - j);
  }
  std::vector<double> reflector(static_cast<std::size_t>(width));
  int info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, n, width, rows.data(), n, reflector.data());
  require(info == 0, "QR decomposition");
  info = LAPACKE_dorgqr(LAPACK_COL_MAJOR, n, width, width, rows.data(), n, reflector.data());
  require(info == 0, "orthonormal columns");
  return transposed(rows);
}

}  // namespace

Eigen EigenTracker::top(Eigen const& all, int count) {
  auto const width = static_cast<int>(all.values.size()), first = width - count;
  defects_.erase(defects_.begin(), defects_.begin() + first);
  return {{all.values.begin() + first, all.values.end()}, columns(all.vectors, first, count)};
}

Eigen EigenTracker::exact(HostMatrix a, int count) {
  int const n = a.extent_int(0), width = std::min(n, count + kSpare);
  auto const all = highest_eigen(a, width);
  last_ = all.vectors;
  lowest_ = all.values.front();
  highest_ = all.values.back();
  defects_.assign(all.values.size(), 0.0);
  return top(all, count);
}

std::optional<Eigen> EigenTracker::improved(HostMatrix a, int count, double floor) {
  int const n = a.extent_int(0), width = last_.extent_int(1);
  if (last_.size() == 0 || last_.extent_int(0) != n || width < count + 2 || 3 * width > n) return {};
  double const margin = 0.05 * (lowest_ - floor);
  if (!(margin > 0)) return {};
  double const low = floor - margin;
  int const degree = suitable_degree(low, lowest_, std::max(highest_, lowest_ + margin));
  auto const basis = orthonormal(filtered(a, last_, degree, low, lowest_, lowest_ + margin));
  auto const image = multiply(a, basis);
  auto const small = symmetric_eigen(multiply(basis, image, true));
  auto const turned = multiply(image, small.vectors);
  Eigen const all{small.values, multiply(basis, small.vectors)};
  defects_.assign(all.values.size(), 0.0);
  for (std::size_t i = 0; i < all.vectors.extent(0); ++i) {
    for (std::size_t j = 0; j < defects_.size(); ++j) {
      double const defect = turned(i, j) - all.values[j] * all.vectors(i, j);
      defects_[j] += defect * defect;
    }
  }
  for (auto& defect : defects_) defect = std::sqrt(defect);
  last_ = all.vectors;
  lowest_ = all.values.front();
  highest_ = all.values.back();
  return top(all, count);
}

void EigenTracker::save(std::vector<double>& to) const {
  to.insert(to.end(), {static_cast<double>(last_.extent(1)), lowest_, highest_});
  pack(to, {last_.data(), last_.size()});
}

void EigenTracker::load(double const*& from) {
  auto const width = static_cast<std::size_t>(*from++);
  lowest_ = *from++;
  highest_ = *from++;
  auto const list = unpack(from);
  last_ = HostMatrix{"linalg::eigen_tracker", width > 0 ? list.size() / width : 0, width};
  std::copy(list.begin(), list.end(), last_.data());
}

}  // namespace kroma::linalg
