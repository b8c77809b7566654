#pragma once

#include "problems/chromatography/kinetics.hpp"

namespace kroma::chromatography {

/// A pure component's isotherm for mixture theory: loading, its slope, and the reduced spreading pressure
/// pi(c) = integral of q(c') dc'/c' from 0 to c.
struct PureState {
  double loading, slope, spreading;
};

/// Langmuir on one to three sites: pi = sum_s q_max,s ln(1 + b_s c).
struct LangmuirPure {
  int sites = 1, bound = 0;
  double const* capacity = nullptr;  // (sites, bound)
  double const* affinity = nullptr;  // (sites, bound)

  KOKKOS_FUNCTION PureState operator()(int b, double c) const {
    PureState state{0, 0, 0};
    for (int s = 0; s < sites; ++s) {
      double const full = capacity[s * bound + b], k = affinity[s * bound + b], share = 1 / (1 + k * c);
      state.loading += full * k * c * share;
      state.slope += full * k * share * share;
      state.spreading += full * std::log1p(k * c);
    }
    return state;
  }
};

/// Sips, with x = (b c)^(1/n): q = q_max x / (1 + x), pi = n q_max ln(1 + x).
struct SipsPure {
  double const* capacity = nullptr;
  double const* affinity = nullptr;
  double const* exponent = nullptr;  // 1/n

  KOKKOS_FUNCTION PureState operator()(int b, double c) const {
    double const m = exponent[b], x = std::pow(affinity[b] * c, m), share = 1 / (1 + x);
    return {capacity[b] * x * share, capacity[b] * m * x / c * share * share, capacity[b] / m * std::log1p(x)};
  }
};

/// Freundlich: q = k c^(1/n), pi = n q.
struct FreundlichPure {
  double const* factor = nullptr;
  double const* exponent = nullptr;  // 1/n

  KOKKOS_FUNCTION PureState operator()(int b, double c) const {
    double const q = factor[b] * std::pow(c, exponent[b]);
    return {q, exponent[b] * q / c, q / exponent[b]};
  }
};

/// Quadratic: q = q_max (b_1 c + 2 b_2 c^2) / (1 + b_1 c + b_2 c^2), pi = q_max ln(1 + b_1 c + b_2 c^2).
struct QuadraticPure {
  double const* capacity = nullptr;
  double const* first = nullptr;
  double const* second = nullptr;

  KOKKOS_FUNCTION PureState operator()(int b, double c) const {
    double const b1 = first[b], b2 = second[b], over = (b1 + 2 * b2 * c) * c, more = (b1 + b2 * c) * c;
    double const under = 1 + more, bend = (b1 + 4 * b2 * c) * under - over * (b1 + 2 * b2 * c);
    return {capacity[b] * over / under, capacity[b] * bend / (under * under), capacity[b] * std::log1p(more)};
  }
};

/// Toth, with x = b c: q = q_max x (1 + x^t)^(-1/t). With s = x^t / (1 + x^t) and a = 1/t,
/// pi = q_max / t * integral of v^(a-1) / (1 - v) dv from 0 to s.
struct TothPure {
  double const* capacity = nullptr;
  double const* affinity = nullptr;
  double const* exponent = nullptr;  // t

  KOKKOS_FUNCTION PureState operator()(int b, double c) const {
    double const t = exponent[b], x = affinity[b] * c, power = std::pow(x, t);
    double const bracket = std::pow(1 + power, -1 / t);
    return {capacity[b] * x * bracket, capacity[b] * affinity[b] * bracket / (1 + power),
            capacity[b] / t * integral(1 / t, power)};
  }

 private:
  /// By its series up to s = 1/2; beyond, -ln(1 - v) is taken out and Gauss's formula of 10 nodes does the rest, which
  /// is analytic from v = 0 on.
  KOKKOS_FUNCTION static double integral(double a, double power) {
    double const s = power / (1 + power), start = s < 0.5 ? s : 0.5;
    double sum = 0, term = std::pow(start, a);
    for (int k = 0; k < 60 && term > 1e-17 * sum; ++k, term *= start) sum += term / (a + k);
    if (s <= 0.5) return sum;
    constexpr double node[] = {0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845,
                               0.9739065285171717};
    constexpr double weight[] = {0.2955242247147529, 0.2692667193099963, 0.2190863625159820, 0.1494513491505806,
                                 0.0666713443086881};
    double const middle = 0.5 * (s + 0.5), half = 0.5 * (s - 0.5);
    double rest = 0;
    for (int k = 0; k < 10; ++k) {
      double const v = middle + (k % 2 == 0 ? half : -half) * node[k / 2];
      rest += weight[k / 2] * half * -std::expm1((a - 1) * std::log(v)) / (1 - v);
    }
    return sum + std::log1p(power) - 0.6931471805599453 - rest;
  }
};

/// Ideal adsorbed solution (Myers and Prausnitz 1965): the loadings of a mixture from the isotherms of its pure
/// components. The spreading pressure pi solves sum_i c_i / c0_i(pi) = 1, where c0_i is the pure component's
/// concentration at pi; then x_i = c_i / c0_i, 1 / q_T = sum_i x_i / q_i(c0_i), q_i* = x_i q_T.
///
/// Concentrations below `threshold`, negative ones too, take part as `threshold`; their loadings go straight to zero.
template <class Pure>
struct IdealAdsorbedSolution : States {
  static constexpr int most = 16;  // bound components
  Pure pure;
  double threshold = 1e-12;  // mol/m^3

  KOKKOS_FUNCTION void operator()(double const* c, double* loading) const {
    Mixture m;
    solve(c, m);
    for (int b = 0; b < bound; ++b) loading[b] = held(c, b) * m.share[b] * m.total;
  }
  KOKKOS_FUNCTION void jacobian(double const* c, double* by_c) const {
    Mixture m;
    solve(c, m);
    for (int j = 0; j < bound; ++j) {
      // dpi/dc_j = q_T / c0_j; then dx_i and d(1/q_T), each through c0_i(pi) with dc0_i/dpi = c0_i / q_i.
      double const pressure = m.total / m.alone[j];
      double inverse = 0;
      for (int i = 0; i < bound; ++i) {
        auto const& s = m.state[i];
        inverse += share_slope(m, i, j, pressure) / s.loading -
                   m.share[i] * s.slope * m.alone[i] / (s.loading * s.loading * s.loading) * pressure;
      }
      for (int i = 0; i < bound; ++i) {
        double const change = m.total * share_slope(m, i, j, pressure) - m.total * m.total * m.share[i] * inverse;
        double const moves = c[component[j]] > threshold ? 1.0 : 0.0;
        double const own = i == j && moves == 0 ? m.share[i] * m.total / threshold : 0.0;
        by_c[i * components + component[j]] += held(c, i) * change * moves + own;
      }
    }
  }

  template <int W>
  KOKKOS_FUNCTION void operator()(Lanes<W> const* c, Lanes<W>* loading) const {
    double here[most], out[most];
    for (int l = 0; l < W; ++l) {
      for (int i = 0; i < components; ++i) here[i] = c[i][l];
      (*this)(here, out);
      for (int b = 0; b < bound; ++b) loading[b][l] = out[b];
    }
  }
  template <int W>
  KOKKOS_FUNCTION void jacobian(Lanes<W> const* c, Lanes<W>* by_c) const {
    double here[most], out[most * most];
    for (int l = 0; l < W; ++l) {
      for (int i = 0; i < components; ++i) here[i] = c[i][l];
      for (int k = 0; k < bound * components; ++k) out[k] = 0;
      jacobian(here, out);
      for (int k = 0; k < bound * components; ++k) by_c[k][l] = out[k];
    }
  }

 private:
  struct Mixture {
    double alone[most], share[most];  // c0_i, x_i
    PureState state[most];            // at c0_i
    double total;                     // q_T
  };

  /// 1, or below the threshold c / threshold, by which a loading is scaled.
  KOKKOS_FUNCTION double held(double const* c, int b) const {
    double const x = c[component[b]];
    return x > threshold ? 1.0 : x / threshold;
  }
  KOKKOS_FUNCTION double concentration(double const* c, int b) const {
    double const x = c[component[b]];
    return x > threshold ? x : threshold;
  }
  KOKKOS_FUNCTION double share_slope(Mixture const& m, int i, int j, double pressure) const {
    return (i == j ? 1 / m.alone[i] : 0.0) - m.share[i] / m.state[i].loading * pressure;
  }

  /// c0 with pi(c0) = `spreading`, by Newton in ln c, where pi has the slope q; kept within a factor e^2 per step.
  KOKKOS_FUNCTION double invert(int b, double spreading, double guess) const {
    double c = guess;
    for (int turn = 0; turn < 100; ++turn) {
      auto const s = pure(b, c);
      double step = (spreading - s.spreading) / s.loading;
      step = step > 2 ? 2 : step < -2 ? -2 : step;
      c *= std::exp(step);
      if (std::fabs(step) < 1e-15) break;
    }
    return c;
  }

  /// Newton for ln pi on f = sum c_i / c0_i - 1, which falls in pi; a bracket keeps the steps safe.
  KOKKOS_FUNCTION void solve(double const* c, Mixture& m) const {
    double low = 0, high = 1e300, spreading = 0;
    for (int b = 0; b < bound; ++b) {  // the largest pi alone is below that of the mixture
      m.alone[b] = concentration(c, b);
      spreading = std::fmax(spreading, pure(b, m.alone[b]).spreading);
    }
    for (int turn = 0; turn < 100; ++turn) {
      double excess = -1, slope = 0;
      for (int b = 0; b < bound; ++b) {
        m.alone[b] = invert(b, spreading, m.alone[b]);
        m.state[b] = pure(b, m.alone[b]);
        m.share[b] = concentration(c, b) / m.alone[b];
        excess += m.share[b];
        slope += m.share[b] / m.state[b].loading;
      }
      m.total = 1 / slope;
      (excess > 0 ? low : high) = spreading;
      double next = spreading + excess * m.total;
      if (!(next > low && next < high)) next = 0.5 * (low + std::fmin(high, 4 * low + 4 * spreading));
      bool const done = std::fabs(next - spreading) <= 4e-16 * spreading || std::fabs(excess) < 1e-15;
      spreading = next;
      if (done) break;
    }
  }
};

}  // namespace kroma::chromatography
