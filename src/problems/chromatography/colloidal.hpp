#pragma once

#include "problems/chromatography/kinetics.hpp"

namespace kroma::chromatography {

/// Proteins as colloids on a hexagonal lattice (Xu and Lenhoff 2009), driven from the liquid, r = k (c - c*), with
///   ln(c*_i / q_i) = n (3 + kappa R) / (4 q) sum_j q_j sqrt(b_i b_j) (r_i + r_j) / (2 R) exp(-kappa (R - r_i - r_j)) -
///   ln K_i
/// where q is the sum of all q_j, R = sqrt(2 phi / (N_A sqrt(3) q)) the distance on the lattice and n its coordination
/// number. Salt, component 0, sets 1 / kappa = f c_0^g + h and, as a second modulator p = c_1 does where there is one,
///   ln K = p^ke (ka c_0^-kb + kc exp(kd c_0)),   b = p^be (ba c_0^bb + bc exp(bd c_0)).
/// On an empty surface, q below `least`, neighbours have no part.
struct ColloidalKinetics : States {
  static constexpr int most = 16;  // bound components

  /// p^e (a c_0^power + b exp(rate c_0)), each (bound).
  struct SaltCurve {
    double const *a = nullptr, *power = nullptr, *b = nullptr, *rate = nullptr, *modulator = nullptr;
  };
  double const* rate = nullptr;                                  // k, 1/s
  double const* radius = nullptr;                                // r, m
  SaltCurve log_equilibrium;                                     // ln K
  SaltCurve repulsion;                                           // b
  double lattice = 0;                                            // 2 phi / (N_A sqrt(3)), mol/m
  double coordination = 6;                                       // n
  double debye_factor = 0, debye_power = 0, debye_constant = 0;  // f, g, h; the length in m
  double least = 1e-10;                                          // mol/m^3
  bool modulated = false;

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    Surface<T> s;
    prepare(c, q, s);
    for (int i = 0; i < bound; ++i) {
      auto const k = salt_curve(log_equilibrium, i, c);
      T const crowd = s.root[i] * s.gain * neighbours(i, q, s).sum;
      r[i] = T(rate[i]) * (c[component[i]] - q[i] * exponential(crowd - k.value));
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    Surface<T> s;
    prepare(c, q, s);
    for (int i = 0; i < bound; ++i) {
      auto const k = salt_curve(log_equilibrium, i, c);
      auto const n = neighbours(i, q, s);
      T const lift = exponential(s.root[i] * s.gain * n.sum - k.value), slope = T(rate[i]) * q[i] * lift;
      T* const row = by_c + i * components;
      row[component[i]] += T(rate[i]);
      // through 1/kappa, then through the roots of b, then through K
      T const by_kappa = s.root[i] * (s.gain_by_kappa * n.sum + s.gain * n.by_kappa);
      row[0] -=
          slope * (by_kappa * s.kappa_by_salt + s.gain * (s.by_salt[i] * n.sum + s.root[i] * n.by_salt) - k.by_salt);
      if (modulated) {
        row[1] -= slope * (s.gain * (s.by_modulator[i] * n.sum + s.root[i] * n.by_modulator) - k.by_modulator);
      }
      by_q[i * bound + i] -= T(rate[i]) * lift;
      T const by_total = s.root[i] * (s.gain_by_total - s.gain * s.kappa * s.distance_by_total) * n.sum;
      for (int j = 0; j < bound; ++j) {
        by_q[i * bound + j] -= slope * (by_total + s.root[i] * s.gain * s.root[j] * pull(i, j, s));
      }
    }
  }

 private:
  template <class T>
  struct Salted {
    T value, by_salt, by_modulator;
  };
  template <class T>
  struct Surface {
    T root[most], by_salt[most], by_modulator[most];  // sqrt(b) and its derivatives
    T kappa, kappa_by_salt, distance, distance_by_total;
    T gain, gain_by_kappa, gain_by_total;  // n (3 / R + kappa) / (8 q)
  };
  template <class T>
  struct Neighbours {
    T sum, by_kappa, by_salt, by_modulator;  // of sum_j q_j sqrt(b_j) (r_i + r_j) exp(-kappa (R - r_i - r_j))
  };

  /// max(x, 1e-6)^n.
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION static Slope<T> held_power(T const& x, double n) {
    constexpr double lowest = 1e-6;
    T const above = x - T(lowest), safe = where_positive(above, x, T(lowest));
    T const value = exponential(T(n) * logarithm(safe));
    return {value, where_positive(above, T(n) * value / safe, T(0.0))};
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Salted<T> salt_curve(SaltCurve const& f, int i, T const* c) const {
    auto const salt = held_power(c[0], f.power[i]);
    T const growth = T(f.b[i]) * exponential(T(f.rate[i]) * c[0]), sum = T(f.a[i]) * salt.value + growth;
    T const slope = T(f.a[i]) * salt.derivative + T(f.rate[i]) * growth;
    if (!modulated) return {sum, slope, T(0.0)};
    auto const p = held_power(c[1], f.modulator[i]);
    return {p.value * sum, p.value * slope, p.derivative * sum};
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION T pull(int i, int j, Surface<T> const& s) const {
    double const touch = radius[i] + radius[j];
    return T(touch) * exponential(s.kappa * (T(touch) - s.distance));
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Neighbours<T> neighbours(int i, T const* q, Surface<T> const& s) const {
    Neighbours<T> n{T(0.0), T(0.0), T(0.0), T(0.0)};
    for (int j = 0; j < bound; ++j) {
      T const part = q[j] * pull(i, j, s);
      n.sum += s.root[j] * part;
      n.by_kappa += s.root[j] * part * (T(radius[i] + radius[j]) - s.distance);
      n.by_salt += s.by_salt[j] * part;
      n.by_modulator += s.by_modulator[j] * part;
    }
    return n;
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION void prepare(T const* c, T const* q, Surface<T>& s) const {
    T total(0.0);
    for (int i = 0; i < bound; ++i) {
      total += q[i];
      auto const b = salt_curve(repulsion, i, c);
      T const above = b.value - T(1e-30), safe = where_positive(above, b.value, T(1e-30));
      s.root[i] = exponential(T(0.5) * logarithm(safe));
      T const half = where_positive(above, T(0.5) / s.root[i], T(0.0));
      s.by_salt[i] = half * b.by_salt;
      s.by_modulator[i] = half * b.by_modulator;
    }
    auto const length = held_power(c[0], debye_power);
    s.kappa = T(1.0) / (T(debye_factor) * length.value + T(debye_constant));
    s.kappa_by_salt = -s.kappa * s.kappa * T(debye_factor) * length.derivative;
    T const above = total - T(least), q_total = where_positive(above, total, T(least));
    s.distance = exponential(T(0.5) * logarithm(T(lattice) / q_total));
    s.distance_by_total = T(-0.5) * s.distance / q_total;
    T const share = where_positive(above, T(coordination / 8) / q_total, T(0.0));
    s.gain_by_kappa = share;
    s.gain = share * (T(3.0) / s.distance + s.kappa);
    s.gain_by_total = T(1.5) * share / (s.distance * q_total) - s.gain / q_total;
  }
};

}  // namespace kroma::chromatography
