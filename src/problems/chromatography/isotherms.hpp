#pragma once

#include "problems/chromatography/kinetics.hpp"

namespace kroma::chromatography {

/// Equilibrium loadings q*(c) in mol/m^3 of the stationary phase, one bound state per adsorbed component. All have
///   operator()(c, loading)          loading (bound) from c (components)
///   jacobian(c, by_c)               dq*/dc, row-major (bound, components), in an array that held zeros
/// with the same promises as the kinetic laws. For gases, parameters per pressure times R_g T are per concentration.

/// Temperature dependence of affinities, b(T) = b exp(e (1/T - 1/T_0)): van 't Hoff's law with e = heat of adsorption /
/// R_g. T is the liquid's variable `variable`, behind the concentrations, in K; the law's `components` counts it.
struct VantHoff {
  double const* energy = nullptr;  // e, K, as the affinities lie; null: affinities are constants
  int variable = 0;
  double reference = 298.15;  // T_0, K

  /// b(T) / b of affinity k, and its derivative by T.
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> operator()(int k, T const* c) const {
    if (energy == nullptr) return {T(1.0), T(0.0)};
    T const inverse = T(1.0) / c[variable];
    T const factor = exponential(T(energy[k]) * (inverse - T(1 / reference)));
    return {factor, T(-energy[k]) * factor * inverse * inverse};
  }
};

/// Extended Langmuir on one to three sites, q = sum_s q_max,s b_s c / (1 + sum_j b_s,j c_j); dual- and triple-site.
struct LangmuirIsotherm : States {
  int sites = 1;
  double const* capacity = nullptr;  // (sites, bound), mol/m^3
  double const* affinity = nullptr;  // (sites, bound), m^3/mol
  VantHoff heat{};

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T* loading) const {
    for (int b = 0; b < bound; ++b) loading[b] = T(0.0);
    for (int s = 0; s < sites; ++s) {
      T const share = T(1.0) / covered(s, c).value;
      for (int b = 0; b < bound; ++b) {
        int const k = s * bound + b;
        loading[b] += T(capacity[k] * affinity[k]) * heat(k, c).value * c[component[b]] * share;
      }
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T* by_c) const {
    for (int s = 0; s < sites; ++s) {
      auto const sum = covered(s, c);
      T const share = T(1.0) / sum.value;
      for (int b = 0; b < bound; ++b) {
        int const k = s * bound + b;
        auto const warm = heat(k, c);
        T const full = T(capacity[k] * affinity[k]) * share, slope = full * warm.value;
        by_c[b * components + component[b]] += slope;
        for (int j = 0; j < bound; ++j) {
          T const b_j = T(affinity[s * bound + j]) * heat(s * bound + j, c).value;
          by_c[b * components + component[j]] -=
              slope * c[component[b]] * share * where_positive(c[component[j]], b_j, T(0.0));
        }
        if (heat.energy == nullptr) continue;
        by_c[b * components + heat.variable] +=
            full * c[component[b]] * (warm.derivative - warm.value * share * sum.derivative);
      }
    }
  }

 private:
  /// 1 + sum_j b_j c_j, and its derivative by the temperature.
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> covered(int s, T const* c) const {
    Slope<T> sum{T(1.0), T(0.0)};
    for (int b = 0; b < bound; ++b) {
      auto const warm = heat(s * bound + b, c);
      T const x = T(affinity[s * bound + b]) * positive_part(c[component[b]]);
      sum.value += x * warm.value;
      sum.derivative += x * warm.derivative;
    }
    return sum;
  }
};

/// Any isotherm in b c whose affinities depend on temperature: q*(c, T) = q*(c b(T) / b), the concentrations that enter
/// being changed instead of the affinities. `isotherm` counts the components without the temperature.
template <class Isotherm>
struct WarmIsotherm : States {
  static constexpr int most = 16;  // components
  Isotherm isotherm;
  VantHoff heat{};  // of the components

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T* loading) const {
    T moved[most];
    for (int i = 0; i < isotherm.components; ++i) moved[i] = c[i] * heat(i, c).value;
    isotherm(moved, loading);
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T* by_c) const {
    int const n = isotherm.components;
    T moved[most], inner[most * most];
    for (int i = 0; i < n; ++i) moved[i] = c[i] * heat(i, c).value;
    for (int k = 0; k < bound * n; ++k) inner[k] = T(0.0);
    isotherm.jacobian(moved, inner);
    for (int b = 0; b < bound; ++b) {
      for (int i = 0; i < n; ++i) {
        auto const warm = heat(i, c);
        by_c[b * components + i] += inner[b * n + i] * warm.value;
        by_c[b * components + heat.variable] += inner[b * n + i] * c[i] * warm.derivative;
      }
    }
  }
};

/// Langmuir-Freundlich (Sips 1948), q = q_max (b c)^(1/n) / (1 + sum_j (b_j c_j)^(1/n_j)).
struct SipsIsotherm : States {
  double const* capacity = nullptr;  // mol/m^3
  double const* affinity = nullptr;  // m^3/mol
  double const* exponent = nullptr;  // 1/n, in (0, 1]
  double threshold = 1e-10;          // of b c

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T* loading) const {
    T sum(1.0);
    for (int b = 0; b < bound; ++b) {
      loading[b] = term(b, c).value;
      sum += positive_part(loading[b]);
    }
    for (int b = 0; b < bound; ++b) loading[b] = T(capacity[b]) * loading[b] / sum;
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T* by_c) const {
    T sum(1.0);
    for (int b = 0; b < bound; ++b) sum += positive_part(term(b, c).value);
    for (int b = 0; b < bound; ++b) {
      auto const own = term(b, c);
      T const full = T(capacity[b]) / sum;
      by_c[b * components + component[b]] += full * own.derivative;
      for (int j = 0; j < bound; ++j) {
        auto const other = term(j, c);
        by_c[b * components + component[j]] -=
            full * own.value / sum * where_positive(other.value, other.derivative, T(0.0));
      }
    }
  }

 private:
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> term(int b, T const* c) const {
    auto const f = root_power(T(affinity[b]) * c[component[b]], exponent[b], threshold);
    return {f.value, T(affinity[b]) * f.derivative};
  }
};

/// q_i = k_i c_i (sum_j a_ij c_j + tau)^(1/n_i - 1), tau > 0 (Sheindorf, Rebhun and Sheintuch 1981).
struct CompetitiveFreundlich : States {
  double const* factor = nullptr;       // k
  double const* exponent = nullptr;     // 1/n
  double const* competition = nullptr;  // a, (bound, components)
  double offset = 1e-10;                // tau, mol/m^3

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T* loading) const {
    for (int b = 0; b < bound; ++b) loading[b] = slope(b, mixture(b, c)) * c[component[b]];
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T* by_c) const {
    for (int b = 0; b < bound; ++b) {
      T const sum = mixture(b, c), up = slope(b, sum);
      by_c[b * components + component[b]] += up;
      T const change = T(exponent[b] - 1) * up / sum * c[component[b]];
      for (int j = 0; j < components; ++j) {
        by_c[b * components + j] += change * where_positive(c[j], T(competition[b * components + j]), T(0.0));
      }
    }
  }

 private:
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION T mixture(int b, T const* c) const {
    T sum(offset);
    for (int j = 0; j < components; ++j) sum += T(competition[b * components + j]) * positive_part(c[j]);
    return sum;
  }
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION T slope(int b, T const& sum) const {
    return T(factor[b]) * exponential(T(exponent[b] - 1) * logarithm(sum));
  }
};

/// Isotherms in which each component adsorbs as if it were alone: `Curve` gives q*(c) and its slope of one state.
template <class Curve>
struct PureIsotherm : States {
  Curve curve;

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T* loading) const {
    for (int b = 0; b < bound; ++b) loading[b] = curve(b, c[component[b]]).value;
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T* by_c) const {
    for (int b = 0; b < bound; ++b) by_c[b * components + component[b]] += curve(b, c[component[b]]).derivative;
  }
};

/// q = k c^(1/n) (Freundlich 1906).
struct FreundlichCurve {
  double const* factor = nullptr;
  double const* exponent = nullptr;  // 1/n, in (0, 1]
  double threshold = 1e-10;          // mol/m^3

  template <class T>
  KOKKOS_FUNCTION Slope<T> operator()(int b, T const& c) const {
    auto const f = root_power(c, exponent[b], threshold);
    return {T(factor[b]) * f.value, T(factor[b]) * f.derivative};
  }
};

/// q = q_max b c / (1 + (b c)^t)^(1/t) (Toth 1971).
struct TothCurve {
  double const* capacity = nullptr;
  double const* affinity = nullptr;
  double const* exponent = nullptr;  // t, in (0, 1]
  double threshold = 1e-10;          // of b c

  template <class T>
  KOKKOS_FUNCTION Slope<T> operator()(int b, T const& c) const {
    T const x = T(affinity[b]) * c, full(capacity[b]);
    T const inside = positive_part(x);
    auto const f = root_power(inside, exponent[b], threshold);
    T const sum = T(1.0) + f.value;
    T const bracket = exponential(T(-1 / exponent[b]) * logarithm(sum));
    T const bend = where_positive(x, x * f.derivative / (T(exponent[b]) * sum), T(0.0));
    return {full * x * bracket, full * T(affinity[b]) * bracket * (T(1.0) - bend)};
  }
};

/// q = q_max (b_1 c + 2 b_2 c^2) / (1 + b_1 c + b_2 c^2) (Hill 1960).
struct QuadraticCurve {
  double const* capacity = nullptr;
  double const* first = nullptr;   // b_1, m^3/mol
  double const* second = nullptr;  // b_2, m^6/mol^2

  template <class T>
  KOKKOS_FUNCTION Slope<T> operator()(int b, T const& c) const {
    T const b1(first[b]), b2(second[b]), x = positive_part(c), full(capacity[b]);
    T const over = (b1 + T(2.0) * b2 * x) * x, under = T(1.0) + (b1 + b2 * x) * x;
    T const slope = ((b1 + T(4.0) * b2 * x) * under - over * (b1 + T(2.0) * b2 * x)) / (under * under);
    return {where_positive(c, full * over / under, full * b1 * c), full * slope};
  }
};

/// Brunauer, Emmett and Teller (1938) with a first layer b_s and further layers b_l:
///   q = q_max b_s c / ((1 - b_l c) (1 - b_l c + b_s c)), and its tangent above b_l c = 0.95.
struct BetCurve {
  double const* capacity = nullptr;
  double const* first = nullptr;   // b_s, m^3/mol
  double const* others = nullptr;  // b_l, m^3/mol

  template <class T>
  KOKKOS_FUNCTION Slope<T> operator()(int b, T const& c) const {
    double const limit = 0.95 / others[b];
    T const bs(first[b]), bl(others[b]);
    T const low = positive_part(c), x = where_positive(T(limit) - low, low, T(limit));
    T const left = T(1.0) - bl * x, right = left + bs * x, under = left * right;
    T const factor = T(capacity[b]) * bs, value = factor * x / under;
    T const slope = factor * (under - x * (-bl * right + left * (bs - bl))) / (under * under);
    return {value + slope * (c - x), slope};
  }
};

/// Dubinin and Astakhov (1971), q = q_max exp(-(e/E)^m), e = R_g T ln(c_s / c); m = 2 is Dubinin-Radushkevich. It has
/// no Henry range: below `threshold` c_s it goes straight to 0.
struct DubininAstakhovCurve {
  double const* capacity = nullptr;
  double const* saturation = nullptr;  // c_s, mol/m^3
  double const* steepness = nullptr;   // R_g T / E
  double const* exponent = nullptr;    // m, >= 1
  double threshold = 1e-10;

  template <class T>
  KOKKOS_FUNCTION Slope<T> operator()(int b, T const& c) const {
    T const relative = c * T(1 / saturation[b]);
    T const above = relative - T(threshold);
    T const safe = where_positive(above, relative, T(threshold));
    auto const p = power(T(steepness[b]) * (T(0.0) - logarithm(safe)), exponent[b]);
    T const value = T(capacity[b]) * exponential(T(0.0) - p.value);
    T const slope = value * p.derivative * T(steepness[b]) / safe;
    T const chord = value / T(threshold);
    return {where_positive(above, value, chord * relative), where_positive(above, slope, chord) * T(1 / saturation[b])};
  }
};

/// Temkin's approximation (Simon, Smit and Calero 2014): with y = b c / (1 + b c), q = q_max (y + theta y^2 (y - 1)).
struct TemkinCurve {
  double const* capacity = nullptr;
  double const* affinity = nullptr;
  double const* interaction = nullptr;  // theta

  template <class T>
  KOKKOS_FUNCTION Slope<T> operator()(int b, T const& c) const {
    T const k(affinity[b]), theta(interaction[b]), full(capacity[b]), one(1.0);
    T const x = positive_part(k * c), share = one / (one + x), y = x * share;
    T const slope = full * (one + theta * y * (T(3.0) * y - T(2.0))) * k * share * share;
    return {where_positive(c, full * (y + theta * y * y * (y - one)), full * k * c), slope};
  }
};

/// Linear driving force towards equilibrium, r = k (q*(c) - q) (Glueckauf 1955).
template <class Isotherm>
struct DrivingForce {
  Isotherm isotherm;
  double const* rate = nullptr;  // k, 1/s

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    isotherm(c, r);
    for (int b = 0; b < isotherm.bound; ++b) r[b] = T(rate[b]) * (r[b] - q[b]);
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const* c, T const*, T* by_c, T* by_q) const {
    isotherm.jacobian(c, by_c);
    for (int b = 0; b < isotherm.bound; ++b) {
      for (int j = 0; j < isotherm.components; ++j) by_c[b * isotherm.components + j] *= T(rate[b]);
      by_q[b * isotherm.bound + b] -= T(rate[b]);
    }
  }
};

/// Linear driving force in the liquid, r = k (c - c*(q)): `Curve` gives c* of a state's own loading and its slope.
template <class Curve>
struct LiquidDrivingForce : States {
  Curve curve;
  double const* rate = nullptr;  // k, 1/s

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    for (int b = 0; b < bound; ++b) r[b] = T(rate[b]) * (c[component[b]] - curve(b, q[b]).value);
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const*, T const* q, T* by_c, T* by_q) const {
    for (int b = 0; b < bound; ++b) {
      by_c[b * components + component[b]] += T(rate[b]);
      by_q[b * bound + b] -= T(rate[b]) * curve(b, q[b]).derivative;
    }
  }
};

/// The same towards the extended Langmuir isotherm solved for the liquid, c*_i = q_i / (b_i q_max_i free) with free =
/// 1 - sum_j q_j / q_max_j; below free = 0.01 the tangent of 1 / free goes on.
struct LangmuirLiquidDrivingForce : States {
  double const* rate = nullptr;      // k, 1/s
  double const* capacity = nullptr;  // q_max, mol/m^3
  double const* affinity = nullptr;  // b, m^3/mol

  template <class T>
  KOKKOS_FUNCTION void operator()(T const* c, T const* q, T* r) const {
    T const crowd = crowding(q).value;
    for (int b = 0; b < bound; ++b) {
      r[b] = T(rate[b]) * (c[component[b]] - q[b] * T(1 / (affinity[b] * capacity[b])) * crowd);
    }
  }
  template <class T>
  KOKKOS_FUNCTION void jacobian(T const*, T const* q, T* by_c, T* by_q) const {
    auto const crowd = crowding(q);
    for (int b = 0; b < bound; ++b) {
      T const factor(rate[b] / (affinity[b] * capacity[b]));
      by_c[b * components + component[b]] += T(rate[b]);
      by_q[b * bound + b] -= factor * crowd.value;
      for (int j = 0; j < bound; ++j) by_q[b * bound + j] += factor * q[b] * crowd.derivative * T(1 / capacity[j]);
    }
  }

 private:
  /// 1 / free and its derivative by free.
  template <class T>
  KOKKOS_FORCEINLINE_FUNCTION Slope<T> crowding(T const* q) const {
    constexpr double least = 0.01;
    T free(1.0);
    for (int b = 0; b < bound; ++b) free -= T(1 / capacity[b]) * q[b];
    T const safe = where_positive(free - T(least), free, T(least)), inverse = T(1.0) / safe;
    return {inverse - inverse * inverse * (free - safe), -inverse * inverse};
  }
};

/// Virial isotherm, c* = (q / H) exp(A q + B q^2) (Kiselev 1958).
struct VirialCurve {
  double const* henry = nullptr;   // H
  double const* first = nullptr;   // A, m^3/mol
  double const* second = nullptr;  // B, m^6/mol^2

  template <class T>
  KOKKOS_FUNCTION Slope<T> operator()(int b, T const& q) const {
    T const x = positive_part(q), a(first[b]), b2(second[b]);
    T const growth = exponential((a + b2 * x) * x) * T(1 / henry[b]);
    return {q * growth, growth * (T(1.0) + x * (a + T(2.0) * b2 * x))};
  }
};

}  // namespace kroma::chromatography
