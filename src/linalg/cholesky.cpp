#include "linalg/cholesky.hpp"

#include <cmath>
#include <lapacke.h>
#include <utility>

#include "core/error.hpp"

namespace kroma::linalg {
namespace {

HostMatrix copy_of(HostMatrix a) {
  require(a.extent(0) == a.extent(1), "a square matrix to factor");
  HostMatrix b{"linalg::cholesky", a.extent(0), a.extent(1)};
  Kokkos::deep_copy(b, a);
  return b;
}

}  // namespace

std::optional<Cholesky> Cholesky::of(HostMatrix a) {
  auto l = copy_of(a);
  int const n = l.extent_int(0);
  int const info = LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', n, l.data(), n);
  require(info >= 0, "LAPACK arguments");
  if (info > 0) return std::nullopt;
  return Cholesky{Factored{l}};
}

Cholesky::Cholesky(HostMatrix a) {
  auto found = of(a);
  if (!found) {
    throw solver_failed("a matrix that should be positive definite is not",
                        "Look for NaN, repeated points, and parameters that the data say nothing about.");
  }
  *this = std::move(*found);
}

std::vector<double> Cholesky::solve(std::vector<double> b) const {
  require(b.size() == factor_.extent(0), "the length of a right-hand side");
  LAPACKE_dpotrs(LAPACK_ROW_MAJOR, 'L', size(), 1, factor_.data(), size(), b.data(), 1);
  return b;
}

HostMatrix Cholesky::inverse() const {
  auto result = copy_of(factor_);
  int const n = size();
  LAPACKE_dpotri(LAPACK_ROW_MAJOR, 'L', n, result.data(), n);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < i; ++j) result(j, i) = result(i, j);
  }
  return result;
}

HostMatrix Cholesky::inverse_root() const {
  auto l = copy_of(factor_);
  int const n = size();
  LAPACKE_dtrtri(LAPACK_ROW_MAJOR, 'L', 'N', n, l.data(), n);
  HostMatrix result{"linalg::inverse_root", l.extent(0), l.extent(1)};
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j <= i; ++j) result(j, i) = l(i, j);
  }
  return result;
}

double Cholesky::log_determinant() const {
  double sum = 0;
  for (int i = 0; i < size(); ++i) sum += 2 * std::log(factor_(i, i));
  return sum;
}

}  // namespace kroma::linalg
