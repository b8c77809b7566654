#pragma once

#include <array>
#include <cmath>

#include <Kokkos_Complex.hpp>
#include <Kokkos_Core.hpp>

#include "problems/gp_pde/spectrum.hpp"

namespace kroma::gp_pde {

/// Highest derivative of a covariance: twice the order of the operators that observe the process.
inline constexpr int kHighestDerivative = 4;

/// sum_p weight[p] d^p/dt^p: what a pair of constant-coefficient operators makes of a stationary covariance k(t).
struct DerivativeSum {
  double weight[kHighestDerivative + 1] = {};

  /// The derivative of one order alone.
  static DerivativeSum order(int p) {
    DerivativeSum sum;
    sum.weight[p] = 1;
    return sum;
  }
};

/// Factors of the derivatives of order 0, 1 and 2 in a constant-coefficient operator on one axis.
using Symbol = std::array<double, 3>;

/// Covariance of L u at distance t from M u, with L = sum_p left[p] d^p and M alike: orders add, and those that act on
/// the second argument change sign when odd. Orders up to 2 on either side.
inline DerivativeSum covariance_of(Symbol const& left, Symbol const& right) {
  DerivativeSum sum;
  for (std::size_t p = 0; p < 3; ++p) {
    for (std::size_t q = 0; q < 3; ++q) sum.weight[p + q] += (q % 2 == 0 ? 1 : -1) * left[p] * right[q];
  }
  return sum;
}

/// Derivatives 0 to 5 of an envelope at t, without the cosine; the fifth is multiplied by t, which takes it to 0 at
/// t = 0 where that of the Matern envelope jumps.
struct EnvelopeDerivatives {
  double d[kHighestDerivative + 2];

  /// exp(-rho t^2), rho = 1 / length^2.
  KOKKOS_INLINE_FUNCTION static EnvelopeDerivatives gaussian(double length, double t) {
    double const r = 1 / (length * length), t2 = t * t, g = std::exp(-r * t2), x = r * t2;
    return {{g, -2 * r * t * g, (4 * x - 2) * r * g, (12 - 8 * x) * r * r * t * g, (12 + x * (16 * x - 48)) * r * r * g,
             -(120 + x * (32 * x - 160)) * r * r * x * g}};
  }

  /// (1 + a |t| + a^2 t^2 / 3) exp(-a |t|), a = sqrt(5) / length: Matern with nu = 5/2, whose fourth derivative exists.
  KOKKOS_INLINE_FUNCTION static EnvelopeDerivatives matern52(double length, double t) {
    double const a = 2.2360679774997896964 / length, y = a * std::abs(t);
    double const e = std::exp(-y), b = a * a / 3 * e, c = a * a * b;
    return {{(1 + y + y * y / 3) * e, -b * t * (1 + y), -b * (1 + y - y * y), c * t * (3 - y), c * (3 + y * (y - 5)),
             c * y * (y * (7 - y) - 8)}};
  }
};

/// Value of a component's covariance and its derivatives with respect to log weight, log length and frequency.
struct CovarianceJet {
  double value = 0, log_weight = 0, log_length = 0, frequency = 0;
};

/// A DerivativeSum applied to one component weight g(t) cos(m t), m = 2 pi frequency. With the cosine as the real part
/// of exp(i m t), Leibniz' rule leaves sum_j g^(j)(t) A_j exp(i m t), where A_j = sum_p weight[p] C(p, j) (i m)^(p - j)
/// does not depend on t. Formulas of Fang et al. (2024), section 3, for all orders at once; the limits at t = 0 are
/// exact.
class ComponentKernel {
 public:
  ComponentKernel(MixtureKind kind, MixtureComponent const& component, DerivativeSum const& sum)
      : gaussian_{kind == MixtureKind::gaussian},
        weight_{component.weight},
        length_{component.length},
        omega_{kTwoPi * component.frequency} {
    constexpr double binomial[5][5] = {
        {1, 0, 0, 0, 0}, {1, 1, 0, 0, 0}, {1, 2, 1, 0, 0}, {1, 3, 3, 1, 0}, {1, 4, 6, 4, 1}};
    Kokkos::complex<double> power{1, 0}, slope{0, 0};  // (i m)^n, and its derivative with respect to m
    for (int n = 0; n <= kHighestDerivative; ++n) {
      for (int j = 0; j + n <= kHighestDerivative; ++j) {
        double const factor = sum.weight[j + n] * binomial[j + n][j];
        factor_[j] += factor * power;
        slope_[j] += factor * slope;
      }
      Kokkos::complex<double> const i{0, 1};
      slope = i * power + i * omega_ * slope;
      power *= i * omega_;
    }
  }

  /// Envelope and wave at one distance, which kernels of the same component share.
  struct Place {
    EnvelopeDerivatives envelope;
    Kokkos::complex<double> wave;
    double t;
  };
  KOKKOS_INLINE_FUNCTION Place at(double t) const {
    return {gaussian_ ? EnvelopeDerivatives::gaussian(length_, t) : EnvelopeDerivatives::matern52(length_, t),
            {weight_ * std::cos(omega_ * t), weight_ * std::sin(omega_ * t)},
            t};
  }

  KOKKOS_INLINE_FUNCTION CovarianceJet operator()(double t) const { return (*this)(at(t)); }
  KOKKOS_INLINE_FUNCTION CovarianceJet operator()(Place const& place) const {
    auto const& g = place.envelope;
    Kokkos::complex<double> value{0, 0}, stretched{0, 0}, turned{0, 0};
    for (int j = 0; j <= kHighestDerivative; ++j) {
      // g(t / length) differentiated j times scales as length^-j: a longer length acts as -(j + t d/dt).
      double const next = j < kHighestDerivative ? place.t * g.d[j + 1] : g.d[j + 1];
      value += g.d[j] * factor_[j];
      stretched += -(j * g.d[j] + next) * factor_[j];
      turned += g.d[j] * slope_[j];
    }
    Kokkos::complex<double> const it{0, place.t};
    double const k = (place.wave * value).real();
    return {k, k, (place.wave * stretched).real(), kTwoPi * (place.wave * (turned + it * value)).real()};
  }

 private:
  static constexpr double kTwoPi = 6.283185307179586476925;

  bool gaussian_;
  double weight_, length_, omega_;
  Kokkos::complex<double> factor_[kHighestDerivative + 1], slope_[kHighestDerivative + 1];
};

}  // namespace kroma::gp_pde
