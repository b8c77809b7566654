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
  KOKKOS_FORCEINLINE_FUNCTION friend Complex operator/(Complex const& a, Complex const& b) {
    R const share = R(1.0) / (b.re * b.re + b.im * b.im);
    return {(a.re * b.re + a.im * b.im) * share, (a.im * b.re - a.re * b.im) * share};
  }
  // With real numbers, which are not made complex first.
  KOKKOS_FORCEINLINE_FUNCTION friend Complex operator+(Complex const& a, double b) { return {a.re + R(b), a.im}; }
  KOKKOS_FORCEINLINE_FUNCTION friend Complex operator+(double a, Complex const& b) { return {R(a) + b.re, b.im}; }
  KOKKOS_FORCEINLINE_FUNCTION friend Complex operator-(Complex const& a, double b) { return {a.re - R(b), a.im}; }
  KOKKOS_FORCEINLINE_FUNCTION friend Complex operator-(double a, Complex const& b) {
    return {R(a) - b.re, R(0.0) - b.im};
  }
  KOKKOS_FORCEINLINE_FUNCTION friend Complex operator*(Complex const& a, double b) {
    return {a.re * R(b), a.im * R(b)};
  }
  KOKKOS_FORCEINLINE_FUNCTION friend Complex operator*(double a, Complex const& b) { return b * a; }
  KOKKOS_FORCEINLINE_FUNCTION friend Complex operator/(double a, Complex const& b) {
    R const share = R(a) / (b.re * b.re + b.im * b.im);
    return {b.re * share, R(0.0) - b.im * share};
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

template <int W>
KOKKOS_FORCEINLINE_FUNCTION Complex<Lanes<W>> joined(Complex<Lanes<W>> const& a, Complex<Lanes<W>> const& b) {
  return {joined(a.re, b.re), joined(a.im, b.im)};
}
template <int W>
KOKKOS_FORCEINLINE_FUNCTION void part(Complex<Lanes<W>> const& x, Complex<Lanes<W>>& a, Complex<Lanes<W>>& b) {
  part(x.re, a.re, b.re);
  part(x.im, a.im, b.im);
}

template <class R>
KOKKOS_FORCEINLINE_FUNCTION R scaled(R const& factor, R const& x) {
  return factor * x;
}
template <class R>
KOKKOS_FORCEINLINE_FUNCTION Complex<R> scaled(R const& factor, Complex<R> const& x) {
  return {factor * x.re, factor * x.im};
}

// x +- a b in as many fused operations as there are products.

template <class R>
KOKKOS_FORCEINLINE_FUNCTION void add_product(R& x, R const& a, R const& b) {
  x = x + a * b;
}
template <class R>
KOKKOS_FORCEINLINE_FUNCTION void add_product(Complex<R>& x, Complex<R> const& a, Complex<R> const& b) {
  x.re = (x.re + a.re * b.re) - a.im * b.im;
  x.im = (x.im + a.re * b.im) + a.im * b.re;
}
template <class R>
KOKKOS_FORCEINLINE_FUNCTION void add_product(Complex<R>& x, R const& a, Complex<R> const& b) {
  x.re = x.re + a * b.re;
  x.im = x.im + a * b.im;
}
template <class R>
KOKKOS_FORCEINLINE_FUNCTION void subtract_product(Complex<R>& x, R const& a, Complex<R> const& b) {
  x.re = x.re - a * b.re;
  x.im = x.im - a * b.im;
}
template <class R>
KOKKOS_FORCEINLINE_FUNCTION void subtract_product(R& x, R const& a, R const& b) {
  x = x - a * b;
}
template <class R>
KOKKOS_FORCEINLINE_FUNCTION void subtract_product(Complex<R>& x, Complex<R> const& a, Complex<R> const& b) {
  x.re = (x.re - a.re * b.re) + a.im * b.im;
  x.im = (x.im - a.re * b.im) - a.im * b.re;
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
/// U's diagonal. The matrices are those of an implicit step, whose shift keeps the diagonal large. Rows are taken off
/// two at a time: that halves how often the row at work is read and written.
template <class S>
KOKKOS_FORCEINLINE_FUNCTION void factor_lu(int n, S* a) {
  for (int i = 0; i < n; ++i) {
    S* row = a + i * n;
    int k = 0;
    for (; k + 1 < i; k += 2) {
      S const *one = a + k * n, *two = one + n;
      S const p = row[k] * one[k];
      S q = row[k + 1];
      subtract_product(q, p, one[k + 1]);
      q = q * two[k + 1];
      row[k] = p;
      row[k + 1] = q;
      for (int j = k + 2; j < n; ++j) {
        S x = row[j];
        subtract_product(x, p, one[j]);
        subtract_product(x, q, two[j]);
        row[j] = x;
      }
    }
    if (k < i) {
      S const p = row[k] * a[k * n + k];
      row[k] = p;
      for (int j = k + 1; j < n; ++j) subtract_product(row[j], p, a[k * n + j]);
    }
    row[i] = reciprocal(row[i]);
  }
}

/// `Width` columns, from x on, of solve_lu() below.
template <int Width, class S>
KOKKOS_FORCEINLINE_FUNCTION void solve_columns(int n, S const* a, S* x, int columns) {
  S sum[Width];
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < Width; ++j) sum[j] = x[i * columns + j];
    for (int m = 0; m < i; ++m) {
      S const factor = a[i * n + m];
      for (int j = 0; j < Width; ++j) subtract_product(sum[j], factor, x[m * columns + j]);
    }
    for (int j = 0; j < Width; ++j) x[i * columns + j] = sum[j];
  }
  for (int i = n; i-- > 0;) {
    for (int j = 0; j < Width; ++j) sum[j] = x[i * columns + j];
    for (int m = i + 1; m < n; ++m) {
      S const factor = a[i * n + m];
      for (int j = 0; j < Width; ++j) subtract_product(sum[j], factor, x[m * columns + j]);
    }
    for (int j = 0; j < Width; ++j) x[i * columns + j] = sum[j] * a[i * n + i];
  }
}

/// x <- a^-1 x with the factors of factor_lu, x (n, columns) row-major.
template <class S>
KOKKOS_FORCEINLINE_FUNCTION void solve_lu(int n, S const* a, S* x, int columns) {
  int j = 0;
  for (; j + 4 <= columns; j += 4) solve_columns<4>(n, a, x + j, columns);
  for (; j < columns; ++j) solve_columns<1>(n, a, x + j, columns);
}

/// The same for one column x of `groups` runs of `size` entries, `stride` apart; n = groups * size.
template <class S>
KOKKOS_FORCEINLINE_FUNCTION void solve_lu(int groups, int size, int stride, S const* a, S* x) {
  int const n = groups * size;
  for (int g = 0; g < groups; ++g) {
    S* here = x + g * stride;
    for (int i = 0; i < size; ++i) {
      S const* factor = a + (g * size + i) * n;
      S sum = here[i];
      for (int q = 0; q < g; ++q) {
        for (int j = 0; j < size; ++j) subtract_product(sum, *factor++, x[q * stride + j]);
      }
      for (int j = 0; j < i; ++j) subtract_product(sum, *factor++, here[j]);
      here[i] = sum;
    }
  }
  for (int g = groups; g-- > 0;) {
    S* here = x + g * stride;
    for (int i = size; i-- > 0;) {
      S const* factor = a + (g * size + i) * (n + 1);
      S const diagonal = *factor++;
      S sum = here[i];
      for (int j = i + 1; j < size; ++j) subtract_product(sum, *factor++, here[j]);
      for (int q = g + 1; q < groups; ++q) {
        for (int j = 0; j < size; ++j) subtract_product(sum, *factor++, x[q * stride + j]);
      }
      here[i] = sum * diagonal;
    }
  }
}

}  // namespace kroma::chromatography
