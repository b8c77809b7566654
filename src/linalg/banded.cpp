#include "linalg/banded.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <lapacke.h>

#include "core/error.hpp"

namespace kroma::linalg {
namespace {

using Complex = std::complex<double>;

lapack_complex_double* raw(Complex* x) { return reinterpret_cast<lapack_complex_double*>(x); }
lapack_complex_double const* raw(Complex const* x) { return reinterpret_cast<lapack_complex_double const*>(x); }

int factor_band(int n, int lower, int upper, double* a, int* exchanges) {
  return LAPACKE_dgbtrf_work(LAPACK_COL_MAJOR, n, n, lower, upper, a, 2 * lower + upper + 1, exchanges);
}
int factor_band(int n, int lower, int upper, Complex* a, int* exchanges) {
  return LAPACKE_zgbtrf_work(LAPACK_COL_MAJOR, n, n, lower, upper, raw(a), 2 * lower + upper + 1, exchanges);
}
int solve_band(int n, int lower, int upper, double const* a, int const* exchanges, double* x) {
  return LAPACKE_dgbtrs_work(LAPACK_COL_MAJOR, 'N', n, lower, upper, 1, a, 2 * lower + upper + 1, exchanges, x, n);
}
int solve_band(int n, int lower, int upper, Complex const* a, int const* exchanges, Complex* x) {
  return LAPACKE_zgbtrs_work(LAPACK_COL_MAJOR, 'N', n, lower, upper, 1, raw(a), 2 * lower + upper + 1, exchanges,
                             raw(x), n);
}

}  // namespace

template <class T>
BandMatrix<T>::BandMatrix(int size, int lower, int upper)
    : size_{size},
      lower_{std::min(lower, size - 1)},
      upper_{std::min(upper, size - 1)},
      band_(static_cast<std::size_t>(size) * static_cast<std::size_t>(2 * lower_ + upper_ + 1)),
      exchanges_(static_cast<std::size_t>(size)) {
  require(size > 0 && lower >= 0 && upper >= 0, "a band matrix has rows and a band");
}

template <class T>
void BandMatrix<T>::set_zero() {
  std::fill(band_.begin(), band_.end(), T(0));
}

template <class T>
bool BandMatrix<T>::factor() {
  auto const finite = [](T const& x) { return std::isfinite(std::abs(x)); };
  if (!std::all_of(band_.begin(), band_.end(), finite)) return false;
  int const info = factor_band(size_, lower_, upper_, band_.data(), exchanges_.data());
  require(info >= 0, "LAPACK arguments");
  return info == 0;
}

template <class T>
void BandMatrix<T>::solve(T* x) const {
  require(solve_band(size_, lower_, upper_, band_.data(), exchanges_.data(), x) == 0, "LAPACK arguments");
}

template class BandMatrix<double>;
template class BandMatrix<Complex>;

}  // namespace kroma::linalg
