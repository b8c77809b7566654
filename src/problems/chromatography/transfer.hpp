#pragma once

// Laplace transforms of the unit response of columns with linear sorption; for kernels, and on the host also for
// truncated power series (moments).

#include <cmath>

#include <Kokkos_Core.hpp>

#include "problems/chromatography/complex_functions.hpp"

namespace kroma::chromatography {

inline constexpr int kMostParticles = 8;  // kinds of particles
inline constexpr int kMostStations = 64;  // along a compressible carrier with dispersion

/// One kind of particle, for one component.
struct ParticleTransfer {
  double phase_ratio = 0;  // F_p
  double capture = 0;      // kappa = a k_f (1 - e_c) d / (e_c r), 1/s: from the fluid to the particles
  double exchange = 0;     // a k_f / (e_p r), 1/s: the same, as seen by the pores; lumped_rate_with_pores
  double biot = 0;         // k_f r / (e_p D); general_rate
  double diffusion = 0;    // r^2 / D, s; general_rate
  int shape = 3;           // a: 3 sphere, 2 cylinder, 1 slab
  bool diffuses = false;   // general_rate
};

/// One column as one component sees it.
struct ColumnTransfer {
  double hold_up = 0;         // tau, s
  double inverse_peclet = 0;  // D / (u L), at the inlet
  double expansion = 1;       // u_0 / u_L
  double phase_ratio = 0;     // F of what is sorbed outside of particles
  double adsorption = 0, desorption = 1;
  bool kinetic = true;
  int particle_count = 0;
  ParticleTransfer particles[kMostParticles];
};

/// g = phi w'(phi) / w(phi), x = phi^2, of the concentration w inside a sphere, cylinder or slab: the continued
/// fraction x / (a + x / (a + 2 + x / (a + 4 + ...))), cut off after `levels`. A series up to x^k needs k + 1 levels.
template <class S>
KOKKOS_INLINE_FUNCTION S intraparticle_fraction(S const& x, int shape, int levels) {
  S tail = x * 0.0 + (shape + 2.0 * levels);
  for (int k = levels - 1; k >= 0; --k) tail = x / tail + (shape + 2.0 * k);
  return x / tail;
}

/// The same for complex x off the negative axis, to rounding: phi coth phi - 1, phi tanh phi where that loses nothing.
KOKKOS_INLINE_FUNCTION Kokkos::complex<double> intraparticle(Kokkos::complex<double> const& x, int shape) {
  double const size = Kokkos::abs(x);
  if (size < 1.0) return intraparticle_fraction(x, shape, 12);
  auto const phi = Kokkos::sqrt(x);
  // a cylinder's fraction converges once its level passes |phi|, as Bessel functions decay with their order
  if (shape == 2) return intraparticle_fraction(x, shape, 30 + static_cast<int>(1.5 * Kokkos::abs(phi)));
  auto const e = Kokkos::exp(-2.0 * phi);
  return shape == 3 ? phi * (1.0 + e) / (1.0 - e) - 1.0 : phi * (1.0 - e) / (1.0 + e);
}

/// The same side by side.
template <int W>
KOKKOS_FORCEINLINE_FUNCTION Complex<Lanes<W>> intraparticle(Complex<Lanes<W>> const& x, int shape) {
  auto const size = modulus(x);
  double largest = 0;
  bool any_small = false;
  for (int l = 0; l < W; ++l) {
    largest = size[l] > largest ? size[l] : largest;
    any_small = any_small || size[l] < 1.0;
  }
  if (shape == 2) return intraparticle_fraction(x, shape, 30 + static_cast<int>(1.5 * std::sqrt(largest)));
  auto const phi = sqrt(x), e = exp(-2.0 * phi);
  auto const g = shape == 3 ? phi * (1.0 + e) / (1.0 - e) - 1.0 : phi * (1.0 - e) / (1.0 + e);
  if (!any_small) return g;
  auto const fraction = intraparticle_fraction(x, shape, 12);
  auto const large = size - Lanes<W>(1.0);
  return {where_positive(large, g.re, fraction.re), where_positive(large, g.im, fraction.im)};
}

/// sorbed / fluid concentration: k_a / (s + k_d), or K.
template <class S>
KOKKOS_INLINE_FUNCTION S sorbed_ratio(ColumnTransfer const& c, S const& s) {
  if (c.kinetic) return c.adsorption / (s + c.desorption);
  return s * 0.0 + c.adsorption / c.desorption;
}

/// M(s): the Laplace transform of storage and sorption per fluid volume is M c.
template <class S>
KOKKOS_INLINE_FUNCTION S storage(ColumnTransfer const& c, S const& s) {
  S const ratio = sorbed_ratio(c, s);
  S m = s * (1.0 + c.phase_ratio * ratio);
  for (int j = 0; j < c.particle_count; ++j) {
    auto const& p = c.particles[j];
    S const pores = s * (1.0 + p.phase_ratio * ratio);
    if (p.diffuses) {
      S const g = intraparticle(pores * p.diffusion, p.shape);
      m = m + p.capture * g / (g + p.biot);
    } else {
      m = m + p.capture * pores / (pores + p.exchange);
    }
  }
  return m;
}

/// The transform of the outlet's response to a unit impulse, constant velocity, closed-closed boundaries (Danckwerts),
/// is factor * e^exponent: with a = sqrt(1 + 4 M D / u^2), 4 a e^{Pe (1 - a) / 2} / ((1 + a)^2 - (1 - a)^2 e^{-a Pe}),
/// and Pe (1 - a) / 2 = -2 M tau / (1 + a), so that D = 0 is no exception.
template <class S>
struct ClosedColumn {
  S exponent, factor;
};

template <class S>
KOKKOS_FORCEINLINE_FUNCTION ClosedColumn<S> closed_column(ColumnTransfer const& c, S const& s) {
  S const mt = storage(c, s) * c.hold_up;
  S const a = sqrt(1.0 + mt * (4.0 * c.inverse_peclet)), larger = 1.0 + a;
  S const exponent = -2.0 * mt / larger;
  if (c.inverse_peclet == 0) return {exponent, s * 0.0 + 1.0};
  S const ratio = (1.0 - a) / larger;
  return {exponent, 4.0 * a / (larger * larger * (1.0 - ratio * ratio * exp(a * (-1.0 / c.inverse_peclet))))};
}

template <class S>
KOKKOS_INLINE_FUNCTION S transfer(ColumnTransfer const& c, S const& s) {
  auto const g = closed_column(c, s);
  return g.factor * exp(g.exponent);
}
/// Its logarithm.
template <class S>
KOKKOS_INLINE_FUNCTION S log_transfer(ColumnTransfer const& c, S const& s) {
  auto const g = closed_column(c, s);
  if (c.inverse_peclet == 0) return g.exponent;
  return g.exponent + log(g.factor);
}

/// Rows of the matrix of stations along a compressible carrier; below them stands the (n, n) matrix d/dx.
enum StationRow { kVelocity = 0, kGradient = 1, kWeight = 2, kStationRows = 3 };

/// ln of the transform for a compressible carrier with dispersion D = inverse_peclet * L * u(x): the slow solution of
/// D c'' - (u - D') c' - (M + u') c = 0, whose logarithmic derivative l = c' / c obeys
/// D l^2 - (u - D') l - (M + u' - D l') = 0, solved by iteration over l'. The fast solution lives within D / u of the
/// outlet, where coefficients are taken as constant. `doubt` is the change in the last iteration.
///
///   stations  (kStationRows + n, n); station 0 is the inlet, the last one the outlet
///   length    D / u = inverse_peclet * length, m
template <class Stations>
KOKKOS_INLINE_FUNCTION Kokkos::complex<double> log_transfer_compressible(ColumnTransfer const& c,
                                                                         Stations const& stations, double length,
                                                                         Kokkos::complex<double> const& s,
                                                                         double& doubt) {
  using Complex = Kokkos::complex<double>;
  int const n = stations.extent_int(1);
  double const mixing = c.inverse_peclet * length;
  Complex const m = storage(c, s);
  Complex slope[kMostStations], next[kMostStations], root;
  for (int i = 0; i < n; ++i) slope[i] = 0.0;
  Complex integral = 0.0, before = 0.0;
  doubt = 1;
  for (int round = 0; round < 6 && doubt > 1e-12; ++round) {
    before = integral;
    integral = 0.0;
    for (int i = 0; i < n; ++i) {
      double const u = stations(kVelocity, i), du = stations(kGradient, i), d = mixing * u, drift = u - mixing * du;
      Complex l = 0.0;
      for (int j = 0; j < n && round > 0; ++j) l += stations(kStationRows + i, j) * slope[j];
      Complex const source = m + du - d * l;
      root = Kokkos::sqrt(drift * drift + 4.0 * d * source);
      next[i] = -2.0 * source / (drift + root);
      integral += stations(kWeight, i) * next[i];
    }
    for (int i = 0; i < n; ++i) slope[i] = next[i];
    doubt = Kokkos::abs(integral - before);
  }
  double const u = stations(kVelocity, n - 1), drift = u - mixing * stations(kGradient, n - 1);
  return integral + log(2.0 * root / ((drift + root) * (1.0 - mixing * slope[0])));
}

}  // namespace kroma::chromatography
