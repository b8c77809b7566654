#include "linalg/anderson.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/packed.hpp"
#include "core/vectorised.hpp"
#include "linalg/cholesky.hpp"
#include "linalg/dense.hpp"

namespace kroma::linalg {
namespace {

constexpr double kMostGrowth = 2;  // of the residual, before a point is given up

KROMA_VECTORISED void subtract(std::size_t n, double const* a, double const* b, double* c) {
  for (std::size_t i = 0; i < n; ++i) c[i] = a[i] - b[i];
}

KROMA_VECTORISED void add(std::size_t n, double factor, double const* a, double* b) {
  for (std::size_t i = 0; i < n; ++i) b[i] += factor * a[i];
}

}  // namespace

Anderson::Anderson(std::size_t size, int memory)
    : size_{size},
      memory_{static_cast<std::size_t>(memory)},
      residuals_{"linalg::anderson", memory_, size},
      images_{"linalg::anderson", memory_, size},
      gram_{"linalg::anderson", memory_, memory_},
      residual_(size, 0.0),
      image_(size, 0.0),
      product_(memory_, 0.0) {
  require(memory >= 1, "Anderson acceleration without a memory");
}

void Anderson::forget() {
  count_ = next_ = 0;
  has_last_ = extrapolated_ = false;
}

/// The newest difference takes the place of the oldest, and the products with it are updated: rows of zeros stand for
/// those not yet there. Returns whether there is any difference.
bool Anderson::remember(std::span<double const> residual, std::span<double const> image) {
  if (!has_last_) {
    Kokkos::deep_copy(residuals_, 0.0);
    Kokkos::deep_copy(gram_, 0.0);
    return false;
  }
  subtract(size_, residual.data(), residual_.data(), &residuals_(next_, 0));
  subtract(size_, image.data(), image_.data(), &images_(next_, 0));
  HostMatrix right{"linalg::anderson", 2, size_};
  std::copy_n(&residuals_(next_, 0), size_, &right(0, 0));
  std::copy(residual.begin(), residual.end(), &right(1, 0));
  auto const products = multiply(residuals_, right, false, true);
  for (std::size_t i = 0; i < memory_; ++i) {
    gram_(i, next_) = gram_(next_, i) = products(i, 0);
    product_[i] = products(i, 1);
  }
  next_ = (next_ + 1) % memory_;
  count_ = std::min(count_ + 1, memory_);
  return true;
}

/// Least squares by normal equations, with so much of a ridge that rounding in them does no harm.
std::vector<double> Anderson::weights() const {
  HostMatrix system{"linalg::anderson", memory_, memory_};
  Kokkos::deep_copy(system, gram_);
  double trace = 0;
  for (std::size_t i = 0; i < memory_; ++i) trace += gram_(i, i);
  for (std::size_t i = 0; i < memory_; ++i) system(i, i) += 1e-8 * trace + (i < count_ ? 0.0 : 1.0);
  auto const factor = Cholesky::of(system);
  return factor ? factor->solve(product_) : std::vector<double>(memory_, 0.0);
}

void Anderson::advance(std::span<double> point, std::span<double const> image) {
  require(point.size() == size_ && image.size() == size_, "size of a point");
  std::vector<double> residual(size_);
  subtract(size_, image.data(), point.data(), residual.data());
  double norm = 0;
  for (double const value : residual) norm += value * value;
  norm = std::sqrt(norm);
  if (extrapolated_ && norm > kMostGrowth * norm_) {
    ++rejected_;
    std::copy(image_.begin(), image_.end(), point.begin());
    forget();
    return;
  }
  bool const past = remember(residual, image);
  norm_ = norm;
  residual_ = std::move(residual);
  image_.assign(image.begin(), image.end());
  std::copy(image.begin(), image.end(), point.begin());
  has_last_ = true;
  extrapolated_ = past;
  if (!past) return;
  auto const weight = weights();
  for (std::size_t j = 0; j < count_; ++j) add(size_, -weight[j], &images_(j, 0), point.data());
}

void Anderson::save(std::vector<double>& to) const {
  to.insert(to.end(), {static_cast<double>(count_), static_cast<double>(next_), norm_, has_last_ ? 1.0 : 0.0,
                       extrapolated_ ? 1.0 : 0.0, static_cast<double>(rejected_)});
  for (auto const& matrix : {residuals_, images_, gram_}) pack(to, {matrix.data(), matrix.size()});
  for (auto const* list : {&residual_, &image_}) pack(to, *list);
}

void Anderson::load(double const*& from) {
  count_ = static_cast<std::size_t>(*from++);
  next_ = static_cast<std::size_t>(*from++);
  norm_ = *from++;
  has_last_ = *from++ != 0;
  extrapolated_ = *from++ != 0;
  rejected_ = static_cast<int>(*from++);
  for (auto const& matrix : {residuals_, images_, gram_}) {
    auto const list = unpack(from);
    std::copy(list.begin(), list.end(), matrix.data());
  }
  for (auto* list : {&residual_, &image_}) *list = unpack(from);
}

}  // namespace kroma::linalg
