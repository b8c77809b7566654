#pragma once

#include "problems/chromatography/kinetics.hpp"

namespace kroma::chromatography {

/// Lambda - sum_j (nu_j + sigma_j) q_j over the states of the same site: bound salt that proteins can reach.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION T accessible_salt(int b, int bound, int const* site, double const* capacity,
                                              double const* steric, T const* q) {
  T left(capacity[b]);
  for (int j = 0; j < bound; ++j) {
    if (site[j] == site[b]) left -= T(steric[j]) * q[j];
  }
  return left;
}

/// Steric mass action (Brooks and Cramer 1992), salt being component 0, its bound amount eliminated by
/// electroneutrality, q_0 = Lambda - sum nu_j q_j:
///   r = (k_a + k_2 c) c (Q / q_ref)^nu - k_d q (c_0 / c_ref)^nu,   Q = Lambda - sum_j (nu_j + sigma_j) q_j.
/// Several sites with a capacity Lambda each make it bi-SMA; k_2 is what self-association adds (Westerberg et al.
/// 2012).
struct StericMassAction : States {
  double const* adsorption = nullptr;  // 1/s
  double const* desorption = nullptr;  // 1/s
  double const* charge = nullptr;      // nu, >= 1
  double const* steric = nullptr;      // nu + sigma
  double const* capacity = nullptr;    // Lambda of the state's site, mol/m^3
  double salt_reference = 1, bound_reference = 1;
  int const* site = nullptr;
  double const* pairing = nullptr;  // k_2, m^3/(mol s); null: none

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    PowerOf<T> const salt{c[0] * T(1 / salt_reference)};
    PowerOf<T> left{bound_salt(0, q)};
    for (int b = 0; b < bound; ++b) {
      if (b > 0 && site[b] != site[b - 1]) left = PowerOf<T>{bound_salt(b, q)};
      T const up = left(charge[b]).value, down = salt(charge[b]).value;
      r[b] = rate(b, c[component[b]]).value * up - T(desorption[b]) * q[b] * down;
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    PowerOf<T> const salt{c[0] * T(1 / salt_reference)};
    PowerOf<T> left{bound_salt(0, q)};
    for (int b = 0; b < bound; ++b) {
      if (b > 0 && site[b] != site[b - 1]) left = PowerOf<T>{bound_salt(b, q)};
      auto const up = left(charge[b]), down = salt(charge[b]);
      auto const on = rate(b, c[component[b]]);
      by_c[b * components + component[b]] += on.derivative * up.value;
      by_c[b * components] -= T(desorption[b] / salt_reference) * q[b] * down.derivative;
      by_q[b * bound + b] -= T(desorption[b]) * down.value;
      T const slope = on.value * T(1 / bound_reference) * up.derivative;
      for (int j = 0; j < bound; ++j) {
        if (site[j] == site[b]) by_q[b * bound + j] -= slope * T(steric[j]);
      }
    }
  }

 private:
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION T bound_salt(int b, T const* q) const {
    return accessible_salt(b, bound, site, capacity, steric, q) * T(1 / bound_reference);
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> rate(int b, T const& c) const {
    T const k(adsorption[b]);
    if (pairing == nullptr) return {k * c, k};
    return {(k + T(pairing[b]) * c) * c, k + T(2 * pairing[b]) * c};
  }
};

/// Steric mass action with several bound states of each component, which turn into one another (Diedrich et al. 2017).
/// States of a component stand side by side. Besides what StericMassAction says of each of them, state j loses to state
/// l of the same component k_jl q_j (Q / q_ref)^(nu_l - nu_j) where l is of the higher charge, else
/// k_jl q_j (c_0 / c_ref)^(nu_j - nu_l).
struct MultiStateStericMassAction : States {
  double const* adsorption = nullptr;  // 1/s
  double const* desorption = nullptr;  // 1/s
  double const* charge = nullptr;      // nu, >= 1
  double const* steric = nullptr;      // nu + sigma
  double const* capacity = nullptr;    // Lambda, the same for all, mol/m^3
  double const* turning = nullptr;     // k_jl, 1/s, (bound, bound)
  double salt_reference = 1, bound_reference = 1;
  int const* site = nullptr;  // all alike

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    T const bound_salt = accessible_salt(0, bound, site, capacity, steric, q) * T(1 / bound_reference);
    T const salt = c[0] * T(1 / salt_reference);
    for (int b = 0; b < bound; ++b) {
      r[b] = T(adsorption[b]) * c[component[b]] * power(bound_salt, charge[b]).value -
             T(desorption[b]) * q[b] * power(salt, charge[b]).value;
    }
    for (int j = 0; j < bound; ++j) {
      for (int l = 0; l < bound; ++l) {
        if (!turns(j, l)) continue;
        T const rate = T(turning[j * bound + l]) * q[j] * drive(j, l, salt, bound_salt).value;
        r[j] -= rate;
        r[l] += rate;
      }
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    T const bound_salt = accessible_salt(0, bound, site, capacity, steric, q) * T(1 / bound_reference);
    T const salt = c[0] * T(1 / salt_reference);
    for (int b = 0; b < bound; ++b) {
      auto const up = power(bound_salt, charge[b]), down = power(salt, charge[b]);
      by_c[b * components + component[b]] += T(adsorption[b]) * up.value;
      by_c[b * components] -= T(desorption[b] / salt_reference) * q[b] * down.derivative;
      by_q[b * bound + b] -= T(desorption[b]) * down.value;
      T const slope = T(adsorption[b] / bound_reference) * c[component[b]] * up.derivative;
      for (int j = 0; j < bound; ++j) by_q[b * bound + j] -= slope * T(steric[j]);
    }
    for (int j = 0; j < bound; ++j) {
      for (int l = 0; l < bound; ++l) {
        if (turns(j, l)) turning_jacobian(j, l, q[j], drive(j, l, salt, bound_salt), by_c, by_q);
      }
    }
  }

 private:
  KOKKOS_FORCEINLINE_FUNCTION bool turns(int j, int l) const {
    return j != l && component[j] == component[l] && turning[j * bound + l] != 0;
  }
  KOKKOS_FORCEINLINE_FUNCTION bool to_stronger(int j, int l) const {
    return charge[l] > charge[j] || (charge[l] == charge[j] && l > j);
  }
  /// (Q / q_ref or c_0 / c_ref)^|nu_l - nu_j| and its derivative by that ratio. Differences below 1 have a steep root
  /// at zero, which is held as root_power() does.
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> drive(int j, int l, T const& salt, T const& bound_salt) const {
    double const n = to_stronger(j, l) ? charge[l] - charge[j] : charge[j] - charge[l];
    T const x = to_stronger(j, l) ? bound_salt : salt;
    if (n == 0) return {T(1.0), T(0.0)};
    return n < 1 ? root_power(x, n, 1e-10) : power(x, n);
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION void turning_jacobian(int j, int l, T const& q, Slope<T> const& f, T* by_c,
                                                    T* by_q) const {
    double const k = turning[j * bound + l];
    by_q[j * bound + j] -= T(k) * f.value;
    by_q[l * bound + j] += T(k) * f.value;
    if (to_stronger(j, l)) {
      T const slope = T(k / bound_reference) * q * f.derivative;
      for (int m = 0; m < bound; ++m) {
        by_q[j * bound + m] += slope * T(steric[m]);
        by_q[l * bound + m] -= slope * T(steric[m]);
      }
    } else {
      T const slope = T(k / salt_reference) * q * f.derivative;
      by_c[j * components] -= slope;
      by_c[l * components] += slope;
    }
  }
};

/// Steric mass action whose charges and rates follow a second modulator, component 1, such as pH (Mollerup 2008; Huuk
/// et al. 2017): nu = nu_0 + nu_1 c_1 + nu_2 c_1^2, not below 1, and with x = c_0 / c_ref
///   k = k_0 exp(k_1 c_1 + k_2 c_1^2 + k_salt x + k_protein c_i)
/// for adsorption and desorption. As charges change in time, bound salt cannot be eliminated: it is the bound state 0,
/// in equilibrium at all times, 0 = Lambda - sum nu_j q_j - q_0.
struct GeneralisedIonExchange : States {
  /// Coefficients of one exponent, each (bound).
  struct Exponent {
    double const *base = nullptr, *linear = nullptr, *quadratic = nullptr, *salt = nullptr, *protein = nullptr;
  };
  Exponent adsorption, desorption;  // base: 1/s
  double const *charge = nullptr, *charge_linear = nullptr, *charge_quadratic = nullptr;
  double const* shielding = nullptr;  // sigma
  double capacity = 0;                // Lambda, mol/m^3
  double salt_reference = 1, bound_reference = 1;

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    T neutral(capacity), left(capacity);
    for (int j = 1; j < bound; ++j) {
      T const nu = charge_of(j, c[1]).value;
      neutral -= nu * q[j];
      left -= (nu + T(shielding[j])) * q[j];
    }
    r[0] = neutral - q[0];
    for (int b = 1; b < bound; ++b) {
      T const nu = charge_of(b, c[1]).value, protein = c[component[b]];
      T const up = rate(adsorption, b, c[0], c[1], protein), down = rate(desorption, b, c[0], c[1], protein);
      r[b] = up * protein * raised(left * T(1 / bound_reference), nu).value -
             down * q[b] * raised(c[0] * T(1 / salt_reference), nu).value;
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    T left(capacity), left_by_ph(0.0);
    by_q[0] -= T(1.0);
    for (int j = 1; j < bound; ++j) {
      auto const nu = charge_of(j, c[1]);
      left -= (nu.value + T(shielding[j])) * q[j];
      left_by_ph -= nu.derivative * q[j];
      by_q[j] -= nu.value;
      by_c[1] -= nu.derivative * q[j];
    }
    for (int b = 1; b < bound; ++b) row(b, c, q, left, left_by_ph, by_c + b * components, by_q + b * bound);
  }

 private:
  template <class T>
  struct Power {
    T value, by_base, by_exponent;
  };
  /// max(x, least)^n.
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION static Power<T> raised(T const& x, T const& n) {
    constexpr double least = 1e-12;
    T const above = x - T(least), safe = where_positive(above, x, T(least)), log = logarithm(safe);
    T const value = exponential(n * log);
    return {value, where_positive(above, n * value / safe, T(0.0)), value * log};
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> charge_of(int b, T const& ph) const {
    T const nu = T(charge[b]) + (T(charge_linear[b]) + T(charge_quadratic[b]) * ph) * ph, above = nu - T(1.0);
    return {where_positive(above, nu, T(1.0)),
            where_positive(above, T(charge_linear[b]) + T(2 * charge_quadratic[b]) * ph, T(0.0))};
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION T rate(Exponent const& k, int b, T const& salt, T const& ph, T const& protein) const {
    return T(k.base[b]) * exponential((T(k.linear[b]) + T(k.quadratic[b]) * ph) * ph +
                                      T(k.salt[b] / salt_reference) * salt + T(k.protein[b]) * protein);
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION void row(int b, T const* c, T const* q, T const& left, T const& left_by_ph, T* by_c,
                                       T* by_q) const {
    T const protein = c[component[b]], ph = c[1];
    auto const nu = charge_of(b, ph);
    auto const room = raised(left * T(1 / bound_reference), nu.value);
    auto const salt = raised(c[0] * T(1 / salt_reference), nu.value);
    T const on = rate(adsorption, b, c[0], ph, protein) * protein, off = rate(desorption, b, c[0], ph, protein) * q[b];
    T const gain = on * room.value, loss = off * salt.value;
    T const by_left = on * room.by_base * T(1 / bound_reference);
    auto const by_ph = [&](Exponent const& k) { return T(k.linear[b]) + T(2 * k.quadratic[b]) * ph; };
    by_c[0] += T(adsorption.salt[b] / salt_reference) * gain - T(desorption.salt[b] / salt_reference) * loss -
               off * salt.by_base * T(1 / salt_reference);
    by_c[1] += by_ph(adsorption) * gain - by_ph(desorption) * loss + by_left * left_by_ph +
               (on * room.by_exponent - off * salt.by_exponent) * nu.derivative;
    by_c[component[b]] += T(adsorption.protein[b]) * gain - T(desorption.protein[b]) * loss +
                          rate(adsorption, b, c[0], ph, protein) * room.value;
    by_q[b] -= rate(desorption, b, c[0], ph, protein) * salt.value;
    for (int j = 1; j < bound; ++j) by_q[j] -= by_left * (charge_of(j, ph).value + T(shielding[j]));
  }
};

}  // namespace kroma::chromatography
