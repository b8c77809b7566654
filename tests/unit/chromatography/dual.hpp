#pragma once

#include <cmath>

namespace kroma::chromatography {

/// A number and its derivative, carried through a sorption law: forward automatic differentiation for tests.
struct Dual {
  double value = 0, slope = 0;
  Dual() = default;
  Dual(double v, double s = 0) : value{v}, slope{s} {}
  Dual& operator+=(Dual const& b) { return *this = Dual{value + b.value, slope + b.slope}; }
  Dual& operator-=(Dual const& b) { return *this = Dual{value - b.value, slope - b.slope}; }
  Dual& operator*=(Dual const& b) { return *this = Dual{value * b.value, slope * b.value + value * b.slope}; }
  Dual& operator/=(Dual const& b) {
    return *this = Dual{value / b.value, (slope - value / b.value * b.slope) / b.value};
  }
  friend Dual operator+(Dual a, Dual const& b) { return a += b; }
  friend Dual operator-(Dual a, Dual const& b) { return a -= b; }
  friend Dual operator*(Dual a, Dual const& b) { return a *= b; }
  friend Dual operator/(Dual a, Dual const& b) { return a /= b; }
  friend Dual operator-(Dual const& a) { return {-a.value, -a.slope}; }
};

inline Dual exponential(Dual const& x) { return {std::exp(x.value), std::exp(x.value) * x.slope}; }
inline Dual logarithm(Dual const& x) { return {std::log(x.value), x.slope / x.value}; }
inline Dual where_positive(Dual const& x, Dual const& a, Dual const& b) { return x.value > 0 ? a : b; }

}  // namespace kroma::chromatography
