#pragma once

#include <Kokkos_Core.hpp>

#include "problems/chromatography/inlet.hpp"

namespace kroma::chromatography {

/// Integral of (c + d t + q t^2 + r t^3) e^{-s t} from 0 to x, by its series in s: where |s| x < 1, the difference of
/// the transforms of two pieces that go on forever would lose up to the fourth power of that.
KOKKOS_INLINE_FUNCTION Kokkos::complex<double> short_piece(Kokkos::complex<double> const& s, double x, double c,
                                                           double d, double q, double r) {
  Kokkos::complex<double> sum = 0.0, power = x;  // (-s)^k x^{k+1} / k!
  for (int k = 0; k < 20; ++k) {
    sum += power * (c / (k + 1) + x * (d / (k + 2) + x * (q / (k + 3) + x * r / (k + 4))));
    power *= -x * s / (k + 1.0);
  }
  return sum;
}

/// Transform of the inlet of component i.
KOKKOS_INLINE_FUNCTION Kokkos::complex<double> inlet_image(Inlet const& inlet, int i,
                                                           Kokkos::complex<double> const& s) {
  Kokkos::complex<double> sum = 0.0;
  Kokkos::complex<double> const inverse = 1.0 / s;
  int const sections = inlet.concentration.extent_int(0);
  for (int j = 0; j < sections; ++j) {
    double const c = inlet.concentration(j, i), d = inlet.slope(j, i), q = inlet.quadratic(j, i), r = inlet.cubic(j, i);
    if (c == 0 && d == 0 && q == 0 && r == 0) continue;
    double const begin = inlet.edges(j), end = inlet.edges(j + 1), x = end - begin;
    auto const image = [&](double c0, double c1, double c2, double c3) {  // of c0 + c1 t + c2 t^2 + c3 t^3
      return inverse * (c0 + inverse * (c1 + inverse * (2 * c2 + inverse * (6 * c3))));
    };
    if ((q != 0 || r != 0) && Kokkos::abs(s) * x < 1) {
      sum += Kokkos::exp(-begin * s) * short_piece(s, x, c, d, q, r);
      continue;
    }
    sum += Kokkos::exp(-begin * s) * image(c, d, q, r) -
           Kokkos::exp(-end * s) * image(c + x * (d + x * (q + x * r)), d + x * (2 * q + 3 * r * x), q + 3 * r * x, r);
  }
  return sum;
}

}  // namespace kroma::chromatography
