#pragma once

#include "problems/chromatography/lanes.hpp"

namespace kroma::chromatography {

/// Rates of sorption r_b = dq_b/dt of the bound states of one place, in mol/(m^3 s) of the stationary phase, as small
/// structs for kernels. All laws have
///
///   operator()(c, q, r)         r (bound) from c (components), q (bound)
///   jacobian(c, q, by_c, by_q)  dr/dc, row-major (bound, components), and dr/dq, row-major (bound, bound), in arrays
///                               that held zeros
///
/// for T = double and for T = Lanes. Both are finite for arguments slightly below zero: arguments of powers and
/// logarithms are held above zero, and the Jacobian is that of the function so held.
///
/// The pointers are to parameters per bound state, in the memory where the law is evaluated; they are not owned.
struct States {
  int components = 0, bound = 0;
  int const* component = nullptr;  // of each bound state
};

/// r = k_a c - k_d q.
struct LinearKinetics : States {
  double const* adsorption = nullptr;  // 1/s
  double const* desorption = nullptr;  // 1/s

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    for (int b = 0; b < bound; ++b) r[b] = T(adsorption[b]) * c[component[b]] - T(desorption[b]) * q[b];
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const*, T const*, T* by_c, T* by_q) const {
    for (int b = 0; b < bound; ++b) {
      by_c[b * components + component[b]] += T(adsorption[b]);
      by_q[b * bound + b] -= T(desorption[b]);
    }
  }
};

/// Free share 1 - sum_j p_j q_j / q_max_j of the sites that bound state b competes for.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION T free_share(int b, int bound, int const* site, double const* weight, T const* q) {
  T free(1.0);
  for (int j = 0; j < bound; ++j) {
    if (site[j] == site[b]) free -= T(weight[j]) * q[j];
  }
  return free;
}

/// Langmuir kinetics, r = k_a q_max c (1 - sum_j p_j q_j / q_max_j) - k_d q, the sum over the states of the same site.
/// Several sites make it bi-Langmuir; p = -1 makes a component anti-Langmuir (Guiochon et al. 2006, chapter 3).
struct LangmuirKinetics : States {
  double const* adsorption = nullptr;  // m^3/(mol s)
  double const* desorption = nullptr;  // 1/s
  double const* capacity = nullptr;    // q_max, mol/m^3
  double const* weight = nullptr;      // p / q_max, m^3/mol
  int const* site = nullptr;

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    for (int b = 0; b < bound; ++b) {
      T const free = free_share(b, bound, site, weight, q);
      r[b] = T(adsorption[b] * capacity[b]) * c[component[b]] * free - T(desorption[b]) * q[b];
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    for (int b = 0; b < bound; ++b) {
      T const rate(adsorption[b] * capacity[b]);
      by_c[b * components + component[b]] += rate * free_share(b, bound, site, weight, q);
      by_q[b * bound + b] -= T(desorption[b]);
      for (int j = 0; j < bound; ++j) {
        if (site[j] == site[b]) by_q[b * bound + j] -= rate * c[component[b]] * T(weight[j]);
      }
    }
  }
};

/// Langmuir kinetics modulated by component 0 (Melander, El Rassi and Horvath 1989):
///   r = k_a exp(gamma c_0) q_max c (1 - sum_j q_j / q_max_j) - k_d c_0^beta q.
/// A weight of zero for all j makes the state linear (the extended law's switch); gamma = 0 with k_a = k_a0
/// exp(k_act / T) is Kumar's law.
struct ModulatedKinetics : States {
  double const* adsorption = nullptr;  // m^3/(mol s)
  double const* desorption = nullptr;  // 1/s, for c_0 in mol/m^3
  double const* capacity = nullptr;    // q_max, mol/m^3
  double const* weight = nullptr;      // 1 / q_max, or 0: the state takes no room
  double const* gamma = nullptr;       // m^3/mol
  double const* beta = nullptr;        // 0, or >= 1
  int const* site = nullptr;

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    for (int b = 0; b < bound; ++b) {
      T const up = T(adsorption[b] * capacity[b]) * exponential(T(gamma[b]) * c[0]);
      r[b] = up * c[component[b]] * free_share(b, bound, site, weight, q) -
             T(desorption[b]) * elution(b, c[0]).value * q[b];
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    for (int b = 0; b < bound; ++b) {
      T const up = T(adsorption[b] * capacity[b]) * exponential(T(gamma[b]) * c[0]);
      T const free = free_share(b, bound, site, weight, q);
      auto const down = elution(b, c[0]);
      by_c[b * components + component[b]] += up * free;
      by_c[b * components] += T(gamma[b]) * up * c[component[b]] * free - T(desorption[b]) * down.derivative * q[b];
      by_q[b * bound + b] -= T(desorption[b]) * down.value;
      for (int j = 0; j < bound; ++j) {
        if (site[j] == site[b]) by_q[b * bound + j] -= up * c[component[b]] * T(weight[j]);
      }
    }
  }

 private:
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> elution(int b, T const& modifier) const {
    if (beta[b] == 0) return {T(1.0), T(0.0)};
    return power(modifier, beta[b]);
  }
};

/// r = k_a (c/c_ref)^(1/n) q_max (1 - sum_j q_j / q_max_j) - k_d q / q_ref (Sips 1948).
struct SipsKinetics : States {
  double const* adsorption = nullptr;  // k_a q_max, mol/(m^3 s)
  double const* desorption = nullptr;  // k_d / q_ref, 1/s
  double const* weight = nullptr;      // 1 / q_max
  double const* exponent = nullptr;    // 1/n, in (0, 1]
  double reference = 1;                // c_ref, mol/m^3
  double threshold = 1e-10;            // of c / c_ref, below which the power is a quadratic
  int const* site = nullptr;

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    for (int b = 0; b < bound; ++b) {
      T const free = free_share(b, bound, site, weight, q);
      r[b] = T(adsorption[b]) * loading(b, c).value * free - T(desorption[b]) * q[b];
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    for (int b = 0; b < bound; ++b) {
      auto const up = loading(b, c);
      T const free = free_share(b, bound, site, weight, q);
      by_c[b * components + component[b]] += T(adsorption[b] / reference) * up.derivative * free;
      by_q[b * bound + b] -= T(desorption[b]);
      for (int j = 0; j < bound; ++j) {
        if (site[j] == site[b]) by_q[b * bound + j] -= T(adsorption[b]) * up.value * T(weight[j]);
      }
    }
  }

 private:
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> loading(int b, T const* c) const {
    return root_power(c[component[b]] * T(1 / reference), exponent[b], threshold);
  }
};

/// r = k (H c_i + c_i sum_j k_ij c_j - q), quadratic in the liquid (Saska et al. 1992).
struct SaskaKinetics : States {
  double const* rate = nullptr;         // 1/s
  double const* henry = nullptr;        // 1
  double const* interaction = nullptr;  // (bound, components), m^3/mol

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    for (int b = 0; b < bound; ++b) r[b] = T(rate[b]) * (c[component[b]] * slope(b, c) - q[b]);
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const*, T* by_c, T* by_q) const {
    for (int b = 0; b < bound; ++b) {
      by_c[b * components + component[b]] += T(rate[b]) * slope(b, c);
      for (int j = 0; j < components; ++j) {
        by_c[b * components + j] += T(rate[b] * interaction[b * components + j]) * c[component[b]];
      }
      by_q[b * bound + b] -= T(rate[b]);
    }
  }

 private:
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION T slope(int b, T const* c) const {
    T sum(henry[b]);
    for (int j = 0; j < components; ++j) sum += T(interaction[b * components + j]) * c[j];
    return sum;
  }
};

/// r = (k_1 + k_2 c) c q_max (1 - sum_j q_j / q_max_j) - k_d q: molecules that also adsorb on one another.
struct SelfAssociationKinetics : States {
  double const* adsorption = nullptr;  // k_1, m^3/(mol s)
  double const* pairing = nullptr;     // k_2, m^6/(mol^2 s)
  double const* desorption = nullptr;  // 1/s
  double const* capacity = nullptr;    // q_max, mol/m^3
  double const* weight = nullptr;      // 1 / q_max
  int const* site = nullptr;

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    for (int b = 0; b < bound; ++b) {
      T const x = c[component[b]];
      T const up = (T(adsorption[b]) + T(pairing[b]) * x) * x * T(capacity[b]);
      r[b] = up * free_share(b, bound, site, weight, q) - T(desorption[b]) * q[b];
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    for (int b = 0; b < bound; ++b) {
      T const x = c[component[b]], full(capacity[b]);
      T const up = (T(adsorption[b]) + T(pairing[b]) * x) * x * full;
      T const slope = (T(adsorption[b]) + T(2 * pairing[b]) * x) * full;
      by_c[b * components + component[b]] += slope * free_share(b, bound, site, weight, q);
      by_q[b * bound + b] -= T(desorption[b]);
      for (int j = 0; j < bound; ++j) {
        if (site[j] == site[b]) by_q[b * bound + j] -= up * T(weight[j]);
      }
    }
  }
};

/// Two orientations A, B of each bound component, which exchange and share the surface (Ghosh et al. 2013). State
/// 2 i is A and 2 i + 1 is B of the i-th bound component; free = 1 - sum over all states of q / q_max:
///   r_A = (k_a,A c - k_AB q_A) q_max free - k_d,A q_A + k_BA q_B
///   r_B = (k_a,B c + k_AB q_A) q_max free - (k_d,B + k_BA) q_B
struct SpreadingKinetics : States {
  double const* adsorption = nullptr;  // m^3/(mol s)
  double const* desorption = nullptr;  // 1/s
  double const* capacity = nullptr;    // q_max, mol/m^3
  double const* weight = nullptr;      // 1 / q_max
  double const* spreading = nullptr;   // k_AB at A, m^3/(mol s); k_BA at B, 1/s
  int const* site = nullptr;           // all alike

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    for (int a = 0; a + 1 < bound; a += 2) {
      int const b = a + 1;
      T const room = T(capacity[a]) * free_share(a, bound, site, weight, q);
      T const turn = T(spreading[a]) * q[a] * room - T(spreading[b]) * q[b];
      r[a] = T(adsorption[a]) * c[component[a]] * room - T(desorption[a]) * q[a] - turn;
      r[b] = T(adsorption[b]) * c[component[b]] * room - T(desorption[b]) * q[b] + turn;
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    for (int a = 0; a + 1 < bound; a += 2) {
      int const b = a + 1;
      T const full(capacity[a]), room = full * free_share(a, bound, site, weight, q);
      T const turn = T(spreading[a]) * q[a];
      by_c[a * components + component[a]] += T(adsorption[a]) * room;
      by_c[b * components + component[b]] += T(adsorption[b]) * room;
      by_q[a * bound + a] -= T(desorption[a]) + T(spreading[a]) * room;
      by_q[a * bound + b] += T(spreading[b]);
      by_q[b * bound + a] += T(spreading[a]) * room;
      by_q[b * bound + b] -= T(desorption[b] + spreading[b]);
      for (int j = 0; j < bound; ++j) {
        T const lost = full * T(weight[j]);
        by_q[a * bound + j] -= (T(adsorption[a]) * c[component[a]] - turn) * lost;
        by_q[b * bound + j] -= (T(adsorption[b]) * c[component[b]] + turn) * lost;
      }
    }
  }
};

/// 1 / (1 + e^x) and its derivative; finite for any x.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION Slope<T> falling_logistic(T const& x) {
  T const share = T(1.0) / (T(1.0) + exponential(x));
  return {share, share * (share - T(1.0))};
}

/// Affinity complexes under titration (Zhang et al. 2025): capacity and affinity follow a modulator, component 0, by
/// Hill's law f = 1 / (1 + e^x) with x = eta ln(10) (m - c_0) of a modulator on a negative decadic logarithm, as pH is,
/// or x = eta ln(c_0 / m) of a concentration:
///   r = k_a q_max c f_G (f_A - sum_j q_j / q_max_j) - k_d q.
struct TitrationKinetics : States {
  double const* adsorption = nullptr;          // k_a q_max, 1/s
  double const* desorption = nullptr;          // 1/s
  double const* weight = nullptr;              // 1 / q_max, m^3/mol
  double const* capacity_steepness = nullptr;  // eta_A
  double const* capacity_midpoint = nullptr;   // m of f_A, in the modulator's unit
  double const* affinity_steepness = nullptr;  // eta_G
  double const* affinity_midpoint = nullptr;   // m of f_G
  int const* site = nullptr;                   // all alike
  bool logarithmic = true;                     // the modulator is on a negative decadic logarithm

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    for (int b = 0; b < bound; ++b) {
      T const room = free_share(b, bound, site, weight, q) - T(1.0) +
                     factor(capacity_steepness[b], capacity_midpoint[b], c[0]).value;
      T const up = T(adsorption[b]) * factor(affinity_steepness[b], affinity_midpoint[b], c[0]).value;
      r[b] = up * c[component[b]] * room - T(desorption[b]) * q[b];
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const* q, T* by_c, T* by_q) const {
    for (int b = 0; b < bound; ++b) {
      auto const full = factor(capacity_steepness[b], capacity_midpoint[b], c[0]);
      auto const strong = factor(affinity_steepness[b], affinity_midpoint[b], c[0]);
      T const room = free_share(b, bound, site, weight, q) - T(1.0) + full.value,
              x = T(adsorption[b]) * c[component[b]];
      by_c[b * components + component[b]] += T(adsorption[b]) * strong.value * room;
      by_c[b * components] += x * (strong.derivative * room + strong.value * full.derivative);
      by_q[b * bound + b] -= T(desorption[b]);
      for (int j = 0; j < bound; ++j) by_q[b * bound + j] -= x * strong.value * T(weight[j]);
    }
  }

 private:
  static constexpr double ln10 = 2.302585092994046, least = 1e-12;  // of a concentration / midpoint

  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> factor(double eta, double midpoint, T const& modulator) const {
    if (logarithmic) {
      auto const f = falling_logistic(T(eta * ln10) * (T(midpoint) - modulator));
      return {f.value, T(-eta * ln10) * f.derivative};
    }
    T const ratio = modulator * T(1 / midpoint), above = ratio - T(least);
    T const safe = where_positive(above, ratio, T(least));
    auto const f = falling_logistic(T(eta) * logarithm(safe));
    return {f.value, where_positive(above, T(eta / midpoint) * f.derivative / safe, T(0.0))};
  }
};

}  // namespace kroma::chromatography
