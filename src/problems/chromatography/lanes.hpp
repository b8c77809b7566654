#pragma once

#include <cmath>

#include <Kokkos_Core.hpp>

/// In front of a function whose loops are over lanes: compiled once for each generation of vector instructions, with
/// all that it calls inlined, and chosen when the program starts.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__) && \
    !defined(__SANITIZE_ADDRESS__)
#define KROMA_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), flatten))
#else
#define KROMA_VECTORISED
#endif

namespace kroma::chromatography {

/// `W` numbers that go through the same arithmetic side by side; a compiler makes one vector instruction of each
/// operation. The unit of work of the column integrator, whose lanes are the elements of a column.
template <int W>
struct Lanes {
  static constexpr int width = W;
  double lane[W];

  Lanes() = default;
  KOKKOS_FORCEINLINE_FUNCTION Lanes(double x) {
    for (int l = 0; l < W; ++l) lane[l] = x;
  }
  KOKKOS_FORCEINLINE_FUNCTION double& operator[](int l) { return lane[l]; }
  KOKKOS_FORCEINLINE_FUNCTION double operator[](int l) const { return lane[l]; }

  KOKKOS_FORCEINLINE_FUNCTION Lanes& operator+=(Lanes const& b) {
    for (int l = 0; l < W; ++l) lane[l] += b.lane[l];
    return *this;
  }
  KOKKOS_FORCEINLINE_FUNCTION Lanes& operator-=(Lanes const& b) {
    for (int l = 0; l < W; ++l) lane[l] -= b.lane[l];
    return *this;
  }
  KOKKOS_FORCEINLINE_FUNCTION Lanes& operator*=(Lanes const& b) {
    for (int l = 0; l < W; ++l) lane[l] *= b.lane[l];
    return *this;
  }
  KOKKOS_FORCEINLINE_FUNCTION Lanes& operator/=(Lanes const& b) {
    for (int l = 0; l < W; ++l) lane[l] /= b.lane[l];
    return *this;
  }
  KOKKOS_FORCEINLINE_FUNCTION friend Lanes operator+(Lanes a, Lanes const& b) { return a += b; }
  KOKKOS_FORCEINLINE_FUNCTION friend Lanes operator-(Lanes a, Lanes const& b) { return a -= b; }
  KOKKOS_FORCEINLINE_FUNCTION friend Lanes operator*(Lanes a, Lanes const& b) { return a *= b; }
  KOKKOS_FORCEINLINE_FUNCTION friend Lanes operator/(Lanes a, Lanes const& b) { return a /= b; }
  KOKKOS_FORCEINLINE_FUNCTION friend Lanes operator-(Lanes const& a) { return Lanes(0.0) -= a; }
};

// What a sorption law may do with its arguments, besides arithmetic. The same names for double and for Lanes.

KOKKOS_FORCEINLINE_FUNCTION double exponential(double x) { return std::exp(x); }
KOKKOS_FORCEINLINE_FUNCTION double logarithm(double x) { return std::log(x); }
/// a where x > 0, else b.
KOKKOS_FORCEINLINE_FUNCTION double where_positive(double x, double a, double b) { return x > 0 ? a : b; }

template <int W>
KOKKOS_FORCEINLINE_FUNCTION Lanes<W> exponential(Lanes<W> const& x) {
  Lanes<W> y;
  for (int l = 0; l < W; ++l) y.lane[l] = exponential(x.lane[l]);
  return y;
}
template <int W>
KOKKOS_FORCEINLINE_FUNCTION Lanes<W> logarithm(Lanes<W> const& x) {
  Lanes<W> y;
  for (int l = 0; l < W; ++l) y.lane[l] = logarithm(x.lane[l]);
  return y;
}
template <int W>
KOKKOS_FORCEINLINE_FUNCTION Lanes<W> where_positive(Lanes<W> const& x, Lanes<W> const& a, Lanes<W> const& b) {
  Lanes<W> y;
  for (int l = 0; l < W; ++l) y.lane[l] = x.lane[l] > 0 ? a.lane[l] : b.lane[l];
  return y;
}

/// A function's value and its derivative.
template <class T>
struct Slope {
  T value, derivative;
};

/// max(x, 0)^n for n >= 1. Below the smallest normal numbers it is 0, and so is its derivative.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION Slope<T> power(T const& x, double n) {
  constexpr double smallest = 1e-300;
  T const shifted = x - T(smallest);
  T const safe = where_positive(shifted, x, T(1.0));
  T const value = where_positive(shifted, exponential(T(n) * logarithm(safe)), T(0.0));
  return {value, T(n) * value / safe};
}

/// x^n for 0 < n <= 1, whose slope is infinite at 0: below `threshold` > 0 the quadratic that has its value and slope
/// there and vanishes at 0, and for x < 0 that quadratic's tangent at 0.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION Slope<T> root_power(T const& x, double n, double threshold) {
  double const scale = std::pow(threshold, n - 1);
  double const linear = (2 - n) * scale, quadratic = (n - 1) * scale / threshold;
  T const above = x - T(threshold);
  T const safe = where_positive(above, x, T(threshold));
  T const value = exponential(T(n) * logarithm(safe));
  T const inside = where_positive(x, x, T(0.0));
  return {where_positive(above, value, T(linear) * x + T(quadratic) * inside * inside),
          where_positive(above, T(n) * value / safe, T(linear) + T(2 * quadratic) * inside)};
}

/// max(x, 0).
template <class T>
KOKKOS_FORCEINLINE_FUNCTION T positive_part(T const& x) {
  return where_positive(x, x, T(0.0));
}

}  // namespace kroma::chromatography
