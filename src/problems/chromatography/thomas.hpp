#pragma once

#include "problems/chromatography/goldstein.hpp"

namespace kroma::chromatography {

/// Thomas's solution (1944): outlet / feed of a bed of Langmuir kinetics dq/dt = k_a c (q_m - q) - k_d q without
/// dispersion, empty at first, fed at c_0 from time 0 on:
/// J(R n, T) / {J(R n, T) + [1 - J(n, R T)] e^{(1 - R)(n - T)}}, 0 before the hold-up.
///
///   n  F q_m k_a L / u      T  (k_a c_0 + k_d) (t - L / u)      R  1 / (1 + k_a c_0 / k_d)
KOKKOS_INLINE_FUNCTION double thomas(double n, double T, double R, double panel) {
  if (T < 0) return 0.0;
  double const front = goldstein(R * n, T, panel);
  // beyond e^700 nothing has come through
  return front / (front + (1 - goldstein(n, R * T, panel)) * std::exp(std::fmin((1 - R) * (n - T), 700.0)));
}

}  // namespace kroma::chromatography
