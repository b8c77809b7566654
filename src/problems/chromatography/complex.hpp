#pragma once

#include "problems/chromatography/lanes.hpp"

namespace kroma::chromatography {

/// Complex numbers over double or Lanes, without the infinities of std::complex, whose handling costs more than the
/// product.
template <class R>
struct Complex {
  R re, im;

  Complex() = default;
  KOKKOS_FORCEINLINE_FUNCTION Complex(double x) : re(x), im(0.0) {}
  KOKKOS_FORCEINLINE_FUNCTION Complex(R const& a, R const& b) : re(a), im(b) {}
  KOKKOS_FORCEINLINE_FUNCTION Complex& operator+=(Complex const& b) {
    re += b.re;
    im += b.im;
    return *this;
  }
  KOKKOS_FORCEINLINE_FUNCTION Complex& operator-=(Complex const& b) {
    re -= b.re;
    im -= b.im;
    return *this;
  }
  KOKKOS_FORCEINLINE_FUNCTION friend Complex operator+(Complex a, Complex const& b) { return a += b; }
  KOKKOS_FORCEINLINE_FUNCTION friend Complex operator-(Complex a, Complex const& b) { return a -= b; }
  KOKKOS_FORCEINLINE_FUNCTION friend Complex operator*(Complex const& a, Complex const& b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
  }
};

/// What the elimination needs of a number, real or complex: its kind in one lane, and mixed products.
template <class S>
struct Number;

template <int W>
struct Number<Lanes<W>> {
  using Single = double;
  static double lane(Lanes<W> const& a, int l) { return a[l]; }
  static void set(Lanes<W>& a, int l, double x) { a[l] = x; }
};
template <int W>
struct Number<Complex<Lanes<W>>> {
  using Single = Complex<double>;
  static Single lane(Complex<Lanes<W>> const& a, int l) { return {a.re[l], a.im[l]}; }
  static void set(Complex<Lanes<W>>& a, int l, Single const& x) {
    a.re[l] = x.re;
    a.im[l] = x.im;
  }
};

template <class R>
KOKKOS_FORCEINLINE_FUNCTION R scaled(R const& factor, R const& x) {
  return factor * x;
}
template <class R>
KOKKOS_FORCEINLINE_FUNCTION Complex<R> scaled(R const& factor, Complex<R> const& x) {
  return {factor * x.re, factor * x.im};
}
KOKKOS_FORCEINLINE_FUNCTION double reciprocal(double x) { return 1 / x; }
template <int W>
KOKKOS_FORCEINLINE_FUNCTION Lanes<W> reciprocal(Lanes<W> const& x) {
  return Lanes<W>(1.0) / x;
}
template <class R>
KOKKOS_FORCEINLINE_FUNCTION Complex<R> reciprocal(Complex<R> const& x) {
  R const norm = R(1.0) / (x.re * x.re + x.im * x.im);
  return {x.re * norm, R(0.0) - x.im * norm};
}

/// a (n, n) row-major becomes its factors L U without exchange of rows, L with unit diagonal, and the reciprocals of
/// U's diagonal. The matrices are those of an implicit step, whose shift keeps the diagonal large.
template <class S>
KOKKOS_FORCEINLINE_FUNCTION void factor_lu(int n, S* a) {
  for (int i = 0; i < n; ++i) {
    S* row = a + i * n;
    for (int k = 0; k < i; ++k) {
      S const* above = a + k * n;
      S sum = row[k];
      for (int m = 0; m < k; ++m) sum -= row[m] * a[m * n + k];
      row[k] = sum * above[k];
    }
    for (int j = i; j < n; ++j) {
      S sum = row[j];
      for (int m = 0; m < i; ++m) sum -= row[m] * a[m * n + j];
      row[j] = sum;
    }
    row[i] = reciprocal(row[i]);
  }
}

/// x <- a^-1 x with the factors of factor_lu; `step` is the distance between entries of x.
template <class S>
KOKKOS_FORCEINLINE_FUNCTION void solve_lu(int n, S const* a, S* x, int step) {
  for (int i = 0; i < n; ++i) {
    S sum = x[i * step];
    for (int m = 0; m < i; ++m) sum -= a[i * n + m] * x[m * step];
    x[i * step] = sum;
  }
  for (int i = n; i-- > 0;) {
    S sum = x[i * step];
    for (int m = i + 1; m < n; ++m) sum -= a[i * n + m] * x[m * step];
    x[i * step] = sum * a[i * n + i];
  }
}

/// The same for an x of `groups` runs of `size` entries, `stride` apart; n = groups * size.
template <class S>
KOKKOS_FORCEINLINE_FUNCTION void solve_lu(int groups, int size, int stride, S const* a, S* x) {
  int const n = groups * size;
  for (int row = 0; row < n; ++row) {
    S* here = x + row / size * stride + row % size;
    S const* factor = a + row * n;
    S sum = *here;
    for (int q = 0; q < row / size; ++q) {
      for (int j = 0; j < size; ++j) sum -= *factor++ * x[q * stride + j];
    }
    for (int j = row % size; j > 0; --j) sum -= *factor++ * here[-j];
    *here = sum;
  }
  for (int row = n; row-- > 0;) {
    S* here = x + row / size * stride + row % size;
    S const* factor = a + row * n + row + 1;
    S sum = *here;
    for (int j = 1; j < size - row % size; ++j) sum -= *factor++ * here[j];
    for (int q = row / size + 1; q < groups; ++q) {
      for (int j = 0; j < size; ++j) sum -= *factor++ * x[q * stride + j];
    }
    *here = sum * a[row * n + row];
  }
}

}  // namespace kroma::chromatography
