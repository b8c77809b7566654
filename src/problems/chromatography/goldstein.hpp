#pragma once

// Goldstein's J function and what it is made of; for kernels.

#include <cmath>

#include <Kokkos_Core.hpp>

namespace kroma::chromatography {

/// e^-z I_n(z), n = 0 or 1, z >= 0, to a few rounding errors: power series below 25, asymptotic series (Abramowitz and
/// Stegun 9.7.1) beyond, whose smallest term is then below e^-50.
KOKKOS_INLINE_FUNCTION double scaled_bessel(int n, double z) {
  double term, sum;
  if (z < 25) {
    double const quarter = 0.25 * z * z;
    term = sum = n == 0 ? 1.0 : 0.5 * z;
    for (int k = 1; term > 1e-17 * sum; ++k) {
      term *= quarter / (static_cast<double>(k) * (k + n));
      sum += term;
    }
    return sum * std::exp(-z);
  }
  double const square = 4.0 * n * n;
  term = sum = 1.0;
  for (int k = 1; std::fabs(term) > 1e-17; ++k) {
    double const odd = 2.0 * k - 1;
    term *= -(square - odd * odd) / (8.0 * k * z);
    sum += term;
  }
  return sum / std::sqrt(6.283185307179586477 * z);
}

/// e^{-A-y} I_0(2 std::sqrt(A y)) and e^{-A-y} I_1(2 std::sqrt(A y)) without overflow.
KOKKOS_INLINE_FUNCTION double mixed_bessel(int n, double events, double y) {
  double const a = std::sqrt(events), v = std::sqrt(y);
  return std::exp(-(a - v) * (a - v)) * scaled_bessel(n, 2 * a * v);
}

/// J(A, high) - J(A, low) for 0 <= low <= high: the integral over y of e^{-A-y} std::sqrt(A / y) I_1(2 std::sqrt(A y)).
///
/// With y = v^2 the integrand is a bell of width 1 around v = std::sqrt(A), bounded by 1; it is cut off where it is
/// below e^-42 and integrated by Gauss-Legendre with 16 nodes on panels no longer than `panel`.
KOKKOS_INLINE_FUNCTION double goldstein_window(double events, double low, double high, double panel) {
  constexpr double nodes[8] = {0.09501250983763744019, 0.28160355077925891323, 0.45801677765722738634,
                               0.61787624440264374845, 0.75540440835500303390, 0.86563120238783174388,
                               0.94457502307323257608, 0.98940093499164993260};
  constexpr double weights[8] = {0.18945061045506849629, 0.18260341504492358887, 0.16915651939500253819,
                                 0.14959598881657673208, 0.12462897125553387205, 0.09515851168249278481,
                                 0.06225352393864789286, 0.02715245941175409485};
  double const a = std::sqrt(events), reach = 6.5;
  double const from = std::fmax(sqrt(low), a - reach), to = std::fmin(sqrt(high), a + reach);
  if (!(to > from)) return 0.0;
  int const panels = static_cast<int>(std::ceil((to - from) / panel));
  double const half = 0.5 * (to - from) / panels;
  double sum = 0;
  for (int p = 0; p < panels; ++p) {
    double const centre = from + (2 * p + 1) * half;
    for (int i = 0; i < 8; ++i) {
      for (int side = -1; side <= 1; side += 2) {
        double const v = centre + side * half * nodes[i];
        sum += weights[i] * std::exp(-(a - v) * (a - v)) * scaled_bessel(1, 2 * a * v);
      }
    }
  }
  return 2 * a * half * sum;
}

/// J(A, y) = e^-A (1 + integral from 0 to y): response to a unit step; 0 for y < 0 (Goldstein 1953).
KOKKOS_INLINE_FUNCTION double goldstein(double events, double y, double panel) {
  return y < 0 ? 0.0 : std::exp(-events) + goldstein_window(events, 0, y, panel);
}

/// Integral of J(A, .) from 0 to y, given J: response to a unit ramp. By the moments of the noncentral chi-squared law
/// that J is the distribution of: (y - A) J + A e^{-A-y} I_0 + std::sqrt(A y) e^{-A-y} I_1.
KOKKOS_INLINE_FUNCTION double goldstein_ramp(double events, double y, double j) {
  if (y <= 0) return 0.0;
  return (y - events) * j + events * mixed_bessel(0, events, y) + std::sqrt(events * y) * mixed_bessel(1, events, y);
}

}  // namespace kroma::chromatography
