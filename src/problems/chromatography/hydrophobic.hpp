#pragma once

#include "problems/chromatography/kinetics.hpp"

namespace kroma::chromatography {

/// What the laws of hydrophobic interaction share: a molecule takes the place of nu ligands, so that it adsorbs as
/// k_a c (1 - sum_j q_j / q_max_j)^nu, and salt, component 0, changes the water that desorption needs by
/// beta = beta_0 exp(beta_1 c_0).
struct HydrophobicStates : States {
  double const* adsorption = nullptr;  // k_a, 1/s
  double const* desorption = nullptr;  // k_d, 1/s
  double const* weight = nullptr;      // 1 / q_max
  double const* ligands = nullptr;     // nu, >= 1
  double water = 0;                    // beta_0
  double salting = 0;                  // beta_1, m^3/mol
  int const* site = nullptr;           // all alike

  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION T beta(T const* c) const {
    return T(water) * exponential(T(salting) * c[0]);
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION T free(T const* q) const {
    return free_share(0, bound, site, weight, q);
  }
  /// Adds k_a c free^nu's derivatives to a row of the Jacobian.
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION void adsorption_row(int b, T const* c, T const& room, T* by_c, T* by_q) const {
    auto const up = power(room, ligands[b]);
    by_c[b * components + component[b]] += T(adsorption[b]) * up.value;
    for (int j = 0; j < bound; ++j) {
      by_q[b * bound + j] -= T(adsorption[b]) * c[component[b]] * up.derivative * T(weight[j]);
    }
  }
};

/// Water on hydrophobic surfaces (Wang et al. 2016): r = k_a c free^nu - k_d q (sum_j q_j / q_ref)^(nu beta).
struct WaterOnSurface : HydrophobicStates {
  double reference = 1;  // q_ref, mol/m^3

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    T const room = free(q), log = log_total(q).value, b1 = beta(c);
    for (int b = 0; b < bound; ++b) {
      r[b] = T(adsorption[b]) * c[component[b]] * power(room, ligands[b]).value -
             T(desorption[b]) * q[b] * exponential(T(ligands[b]) * b1 * log);
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    T const room = free(q), b1 = beta(c);
    auto const log = log_total(q);
    for (int b = 0; b < bound; ++b) {
      adsorption_row(b, c, room, by_c, by_q);
      T const n = T(ligands[b]) * b1, down = T(desorption[b]) * exponential(n * log.value);
      by_c[b * components] -= down * q[b] * log.value * n * T(salting);
      by_q[b * bound + b] -= down;
      for (int j = 0; j < bound; ++j) by_q[b * bound + j] -= down * q[b] * n * log.derivative;
    }
  }

 private:
  /// ln(sum q / q_ref), the sum held above 1e-10 q_ref, and its derivative by each q.
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> log_total(T const* q) const {
    constexpr double least = 1e-10;
    T sum(0.0);
    for (int b = 0; b < bound; ++b) sum += q[b] * T(1 / reference);
    T const above = sum - T(least), safe = where_positive(above, sum, T(least));
    return {logarithm(safe), where_positive(above, T(1 / reference) / safe, T(0.0))};
  }
};

/// Water of constant activity (Jaepel and Buyel 2022): r = k_a c free^nu - k_d q 0.1^(nu beta).
struct ConstantWaterActivity : HydrophobicStates {
  static constexpr double ln10 = 2.302585092994046;

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    T const room = free(q), b1 = beta(c);
    for (int b = 0; b < bound; ++b) {
      r[b] = T(adsorption[b]) * c[component[b]] * power(room, ligands[b]).value -
             T(desorption[b]) * q[b] * exponential(T(-ln10 * ligands[b]) * b1);
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    T const room = free(q), b1 = beta(c);
    for (int b = 0; b < bound; ++b) {
      adsorption_row(b, c, room, by_c, by_q);
      T const n = T(ln10 * ligands[b]) * b1, down = T(desorption[b]) * exponential(-n);
      by_c[b * components] += down * q[b] * n * T(salting);
      by_q[b * bound + b] -= down;
    }
  }
};

/// Unified law (Jaepel et al. 2025), which joins those of Mollerup (2006) and Deitcher et al. (2010), with a second
/// modulator, component 1, d = c_1 - c_1ref; without one `modulated` is false and d = 0:
///   r = k_a exp(k_1 d + k_p c + k_s c_0) c free^(nu + nu_1 d) - k_d q (1 + eps q) exp((rho c_0)^((nu + nu_1 d) beta))
struct UnifiedHydrophobic : HydrophobicStates {
  bool modulated = false;
  double modulator_reference = 0;            // c_1ref
  double crowding = 0;                       // eps, m^3/mol
  double salt_volume = 0;                    // rho, m^3/mol
  double const* adsorption_slope = nullptr;  // k_1
  double const* ligand_slope = nullptr;      // nu_1
  double const* protein_exponent = nullptr;  // k_p, m^3/mol
  double const* salt_exponent = nullptr;     // k_s, m^3/mol

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    T const log_room = held_log(free(q)).value, b1 = beta(c), log_salt = held_log(T(salt_volume) * c[0]).value;
    for (int b = 0; b < bound; ++b) {
      T const nu = count(b, c).value, x = c[component[b]];
      T const released = exponential(exponential(nu * b1 * log_salt));
      r[b] = attraction(b, c) * x * exponential(nu * log_room) -
             T(desorption[b]) * q[b] * (T(1.0) + T(crowding) * q[b]) * released;
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    auto const room = held_log(free(q)), salt = held_log(T(salt_volume) * c[0]);
    T const b1 = beta(c);
    for (int b = 0; b < bound; ++b) {
      auto const nu = count(b, c);
      T const x = c[component[b]], gain = attraction(b, c) * exponential(nu.value * room.value), up = gain * x;
      T const inner = exponential(nu.value * b1 * salt.value), released = T(desorption[b]) * exponential(inner);
      T const down = released * q[b] * (T(1.0) + T(crowding) * q[b]);
      T* const row = by_c + b * components;
      row[component[b]] += gain * (T(1.0) + T(protein_exponent[b]) * x);
      row[0] += T(salt_exponent[b]) * up -
                down * inner * nu.value * b1 * (T(salting) * salt.value + T(salt_volume) * salt.derivative);
      if (modulated) {
        row[1] +=
            (T(adsorption_slope[b]) + nu.derivative * room.value) * up - down * inner * b1 * salt.value * nu.derivative;
      }
      by_q[b * bound + b] -= released * (T(1.0) + T(2 * crowding) * q[b]);
      for (int j = 0; j < bound; ++j) by_q[b * bound + j] -= up * nu.value * room.derivative * T(weight[j]);
    }
  }

 private:
  /// ln(max(x, 1e-12)).
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION static Slope<T> held_log(T const& x) {
    constexpr double least = 1e-12;
    T const above = x - T(least), safe = where_positive(above, x, T(least));
    return {logarithm(safe), where_positive(above, T(1.0) / safe, T(0.0))};
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION T distance(T const* c) const {
    return modulated ? c[1] - T(modulator_reference) : T(0.0);
  }
  /// nu + nu_1 d, held at 1 from below, and its derivative by c_1.
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> count(int b, T const* c) const {
    T const nu = T(ligands[b]) + T(ligand_slope[b]) * distance(c), above = nu - T(1.0);
    return {where_positive(above, nu, T(1.0)), where_positive(above, T(ligand_slope[b]), T(0.0))};
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION T attraction(int b, T const* c) const {
    return T(adsorption[b]) * exponential(T(adsorption_slope[b]) * distance(c) +
                                          T(protein_exponent[b]) * c[component[b]] + T(salt_exponent[b]) * c[0]);
  }
};

}  // namespace kroma::chromatography
