#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "problems/chromatography/complex.hpp"

// Functions of complex numbers side by side, without branches or calls, to rounding.

namespace kroma::chromatography {

template <int W>
KOKKOS_FORCEINLINE_FUNCTION Lanes<W> square_root(Lanes<W> x) {
  for (int l = 0; l < W; ++l) x.lane[l] = std::sqrt(x.lane[l]);
  return x;
}
template <int W>
KOKKOS_FORCEINLINE_FUNCTION Lanes<W> modulus(Complex<Lanes<W>> const& x) {
  return square_root(x.re * x.re + x.im * x.im);
}

/// sin x and cos x for |x| < 1e6, by Taylor's polynomials for what is left of x after the nearest multiple of pi/2 (in
/// three parts: Cody and Waite 1980).
template <int W>
KOKKOS_FORCEINLINE_FUNCTION void sine_cosine(Lanes<W> const& x, Lanes<W>& sine, Lanes<W>& cosine) {
  constexpr double round = 6755399441055744.0;  // 1.5 * 2^52: adding it leaves the nearest whole number in the low bits
  constexpr double high = 0x1.921fb54400000p+0, middle = 0x1.0b4611a600000p-34, low = 0x1.3198a2e037073p-69;
  for (int l = 0; l < W; ++l) {
    double const shifted = x.lane[l] * 0.63661977236758134 + round, n = shifted - round;
    double const r = ((x.lane[l] - n * high) - n * middle) - n * low, z = r * r;
    double s = -1.0 / 1307674368000.0;
    s = s * z + 1.0 / 6227020800.0;
    s = s * z - 1.0 / 39916800.0;
    s = s * z + 1.0 / 362880.0;
    s = s * z - 1.0 / 5040.0;
    s = s * z + 1.0 / 120.0;
    s = s * z - 1.0 / 6.0;
    s = s * z * r + r;
    double c = 1.0 / 20922789888000.0;
    c = c * z - 1.0 / 87178291200.0;
    c = c * z + 1.0 / 479001600.0;
    c = c * z - 1.0 / 3628800.0;
    c = c * z + 1.0 / 40320.0;
    c = c * z - 1.0 / 720.0;
    c = c * z + 1.0 / 24.0;
    c = c * z * z + (1.0 - 0.5 * z);
    std::uint64_t quarter, bits;
    std::memcpy(&quarter, &shifted, sizeof quarter);
    bool const odd = (quarter & 1) != 0;
    double const a = odd ? c : s, b = odd ? s : c;
    std::memcpy(&bits, &a, sizeof bits);
    bits ^= (quarter & 2) << 62;
    std::memcpy(&sine.lane[l], &bits, sizeof bits);
    std::memcpy(&bits, &b, sizeof bits);
    bits ^= ((quarter + 1) & 2) << 62;
    std::memcpy(&cosine.lane[l], &bits, sizeof bits);
  }
}

template <int W>
KOKKOS_FORCEINLINE_FUNCTION Complex<Lanes<W>> exp(Complex<Lanes<W>> const& x) {
  Lanes<W> sine, cosine;
  sine_cosine(x.im, sine, cosine);
  auto const size = exponential(x.re);
  return {size * cosine, size * sine};
}

/// The root with real part >= 0.
template <int W>
KOKKOS_FORCEINLINE_FUNCTION Complex<Lanes<W>> sqrt(Complex<Lanes<W>> const& x) {
  Lanes<W> const zero(0.0), size = where_positive(x.re, x.re, -x.re);
  Lanes<W> const large = square_root(Lanes<W>(0.5) * (modulus(x) + size));
  Lanes<W> const safe = where_positive(large, large, Lanes<W>(1.0));
  Lanes<W> const small = Lanes<W>(0.5) * x.im / safe;
  Lanes<W> const upright = where_positive(small, small, -small), turned = where_positive(-x.im, -large, large);
  Lanes<W> const negative = zero - x.re;
  return {where_positive(negative, upright, large), where_positive(negative, turned, small)};
}

}  // namespace kroma::chromatography
