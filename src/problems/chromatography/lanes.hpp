#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include <Kokkos_Core.hpp>

#include "core/vectorised.hpp"

namespace kroma::chromatography {

// Told that lanes are a vector, a compiler does not try to make others of neighbouring numbers, with many shuffles.
#if defined(__GNUC__) && !defined(__CUDACC__)
#define KROMA_LANES_ARE_VECTORS
#define KROMA_ON_LANES(op) vector() op b.vector()
#else
#define KROMA_ON_LANES(op) \
  for (int l = 0; l < W; ++l) lane[l] op b.lane[l]
#endif

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
    KROMA_ON_LANES(+=);
    return *this;
  }
  KOKKOS_FORCEINLINE_FUNCTION Lanes& operator-=(Lanes const& b) {
    KROMA_ON_LANES(-=);
    return *this;
  }
  KOKKOS_FORCEINLINE_FUNCTION Lanes& operator*=(Lanes const& b) {
    KROMA_ON_LANES(*=);
    return *this;
  }
  KOKKOS_FORCEINLINE_FUNCTION Lanes& operator/=(Lanes const& b) {
    KROMA_ON_LANES(/=);
    return *this;
  }
  KOKKOS_FORCEINLINE_FUNCTION friend Lanes operator+(Lanes a, Lanes const& b) { return a += b; }
  KOKKOS_FORCEINLINE_FUNCTION friend Lanes operator-(Lanes a, Lanes const& b) { return a -= b; }
  KOKKOS_FORCEINLINE_FUNCTION friend Lanes operator*(Lanes a, Lanes const& b) { return a *= b; }
  KOKKOS_FORCEINLINE_FUNCTION friend Lanes operator/(Lanes a, Lanes const& b) { return a /= b; }
  KOKKOS_FORCEINLINE_FUNCTION friend Lanes operator-(Lanes const& a) { return Lanes(0.0) -= a; }
#ifdef KROMA_LANES_ARE_VECTORS

 private:
  typedef double Vector __attribute__((vector_size(W * sizeof(double)), aligned(sizeof(double)), may_alias));
  Vector& vector() { return *reinterpret_cast<Vector*>(lane); }
  Vector const& vector() const { return *reinterpret_cast<Vector const*>(lane); }
#endif
};
#undef KROMA_ON_LANES

/// The first halves of a and b side by side.
template <int W>
KOKKOS_FORCEINLINE_FUNCTION Lanes<W> joined(Lanes<W> const& a, Lanes<W> const& b) {
  Lanes<W> x;
  for (int l = 0; l < W / 2; ++l) {
    x.lane[l] = a.lane[l];
    x.lane[W / 2 + l] = b.lane[l];
  }
  return x;
}
/// The two halves of x, each of them twice.
template <int W>
KOKKOS_FORCEINLINE_FUNCTION void part(Lanes<W> const& x, Lanes<W>& a, Lanes<W>& b) {
  for (int l = 0; l < W / 2; ++l) {
    a.lane[l] = a.lane[W / 2 + l] = x.lane[l];
    b.lane[l] = b.lane[W / 2 + l] = x.lane[W / 2 + l];
  }
}

// What a sorption law may do with its arguments, besides arithmetic. The same names for double and for Lanes.

KOKKOS_FORCEINLINE_FUNCTION double exponential(double x) { return std::exp(x); }
KOKKOS_FORCEINLINE_FUNCTION double logarithm(double x) { return std::log(x); }
/// a where x > 0, else b.
KOKKOS_FORCEINLINE_FUNCTION double where_positive(double x, double a, double b) { return x > 0 ? a : b; }

/// exp, to rounding, without a branch or a call, so that lanes stay side by side: 2^n exp(r), |r| <= ln 2 / 2, by
/// Taylor's polynomial. Held at the ends of the range of normal numbers; not a number stays one.
template <int W>
KOKKOS_FORCEINLINE_FUNCTION Lanes<W> exponential(Lanes<W> const& x) {
  constexpr double round = 6755399441055744.0;  // 1.5 * 2^52: adding it leaves the nearest whole number in the low bits
  constexpr double ln2_high = 0x1.62e42fee00000p-1, ln2_low = 0x1.a39ef35793c76p-33;
  Lanes<W> y;
  for (int l = 0; l < W; ++l) {
    double const top = x.lane[l] > 709.0 ? 709.0 : x.lane[l];
    double const held = top < -708.0 ? -708.0 : top;
    double const shifted = held * 1.4426950408889634 + round, n = shifted - round;
    double const r = (held - n * ln2_high) - n * ln2_low;
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r * r + r;
    std::uint64_t bits;
    std::memcpy(&bits, &shifted, sizeof bits);
    bits = (bits << 52) + (std::uint64_t{1023} << 52);
    double scale;
    std::memcpy(&scale, &bits, sizeof scale);
    y.lane[l] = scale + scale * p;
  }
  return y;
}
/// log of positive normal numbers, likewise: with x = 2^e m, sqrt(1/2) <= m < sqrt(2), s = (m - 1) / (m + 1),
/// log m = 2 (s + s^3 / 3 + s^5 / 5 + ...).
template <int W>
KOKKOS_FORCEINLINE_FUNCTION Lanes<W> logarithm(Lanes<W> const& x) {
  constexpr double ln2_high = 0x1.62e42fee00000p-1, ln2_low = 0x1.a39ef35793c76p-33;
  constexpr std::uint64_t fraction = (std::uint64_t{1} << 52) - 1, whole = std::uint64_t{0x433} << 52;
  Lanes<W> y;
  for (int l = 0; l < W; ++l) {
    std::uint64_t bits;
    std::memcpy(&bits, &x.lane[l], sizeof bits);
    std::uint64_t const exponent_bits = (bits >> 52) | whole;                             // 2^52 + exponent
    std::uint64_t const mantissa_bits = (bits & fraction) | (std::uint64_t{1023} << 52);  // in [1, 2)
    double exponent, m;
    std::memcpy(&exponent, &exponent_bits, sizeof exponent);
    std::memcpy(&m, &mantissa_bits, sizeof m);
    bool const upper = m > 1.4142135623730951;
    m = upper ? 0.5 * m : m;
    double const e = exponent - (4503599627370496.0 + 1023.0) + (upper ? 1.0 : 0.0);
    double const s = (m - 1.0) / (m + 1.0), z = s * s;
    double p = 1.0 / 23;
    p = p * z + 1.0 / 21;
    p = p * z + 1.0 / 19;
    p = p * z + 1.0 / 17;
    p = p * z + 1.0 / 15;
    p = p * z + 1.0 / 13;
    p = p * z + 1.0 / 11;
    p = p * z + 1.0 / 9;
    p = p * z + 1.0 / 7;
    p = p * z + 1.0 / 5;
    p = p * z + 1.0 / 3;
    p = 2.0 * s + 2.0 * s * z * p;
    y.lane[l] = e * ln2_high + (p + e * ln2_low) + (x.lane[l] - x.lane[l]);  // the last keeps what is not a number
  }
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

/// max(x, 0)^n for n >= 1, for several n with one logarithm. Below the smallest normal numbers it is 0, and so is its
/// derivative.
template <class T>
struct PowerOf {
  T above, safe, log;  // x less the smallest number; x, or 1 below that; its logarithm

  PowerOf() = default;
  KOKKOS_FORCEINLINE_FUNCTION explicit PowerOf(T const& x)
      : above(x - T(1e-300)), safe(where_positive(above, x, T(1.0))), log(logarithm(safe)) {}
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> operator()(double n) const {
    T const value = where_positive(above, exponential(T(n) * log), T(0.0));
    return {value, T(n) * value / safe};
  }
};
template <class T>
KOKKOS_FORCEINLINE_FUNCTION Slope<T> power(T const& x, double n) {
  return PowerOf<T>{x}(n);
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
