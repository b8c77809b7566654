#pragma once

#include <array>
#include <cmath>

#include "problems/chromatography/transfer.hpp"

namespace kroma::chromatography {

/// A power series in s, cut off after s^4: what a transform needs to give the first moments of its original.
struct PowerSeries {
  static constexpr std::size_t kTerms = 5;
  std::array<double, kTerms> c{};

  static PowerSeries variable() { return {{0, 1}}; }
};

inline PowerSeries operator+(PowerSeries a, PowerSeries const& b) {
  for (std::size_t i = 0; i < PowerSeries::kTerms; ++i) a.c[i] += b.c[i];
  return a;
}
inline PowerSeries operator+(PowerSeries a, double b) {
  a.c[0] += b;
  return a;
}
inline PowerSeries operator+(double a, PowerSeries const& b) { return b + a; }
inline PowerSeries operator*(PowerSeries a, double b) {
  for (auto& term : a.c) term *= b;
  return a;
}
inline PowerSeries operator*(double a, PowerSeries const& b) { return b * a; }
inline PowerSeries operator-(double a, PowerSeries const& b) { return b * -1.0 + a; }
inline PowerSeries operator*(PowerSeries const& a, PowerSeries const& b) {
  PowerSeries product;
  for (std::size_t i = 0; i < PowerSeries::kTerms; ++i) {
    for (std::size_t j = 0; j <= i; ++j) product.c[i] += a.c[j] * b.c[i - j];
  }
  return product;
}
inline PowerSeries operator/(PowerSeries const& a, PowerSeries const& b) {
  PowerSeries quotient;
  for (std::size_t i = 0; i < PowerSeries::kTerms; ++i) {
    double rest = a.c[i];
    for (std::size_t j = 0; j < i; ++j) rest -= quotient.c[j] * b.c[i - j];
    quotient.c[i] = rest / b.c[0];
  }
  return quotient;
}
inline PowerSeries operator/(double a, PowerSeries const& b) { return PowerSeries{{a}} / b; }
inline PowerSeries sqrt(PowerSeries const& a) {
  PowerSeries root{{std::sqrt(a.c[0])}};
  for (std::size_t i = 1; i < PowerSeries::kTerms; ++i) {
    double rest = a.c[i];
    for (std::size_t j = 1; j < i; ++j) rest -= root.c[j] * root.c[i - j];
    root.c[i] = rest / (2 * root.c[0]);
  }
  return root;
}
inline PowerSeries exp(PowerSeries const& a) {  // e' = a' e
  PowerSeries e{{std::exp(a.c[0])}};
  for (std::size_t i = 1; i < PowerSeries::kTerms; ++i) {
    for (std::size_t j = 1; j <= i; ++j) e.c[i] += static_cast<double>(j) * a.c[j] * e.c[i - j];
    e.c[i] /= static_cast<double>(i);
  }
  return e;
}
inline PowerSeries log(PowerSeries const& a) {  // a l' = a'
  PowerSeries l{{std::log(a.c[0])}};
  for (std::size_t i = 1; i < PowerSeries::kTerms; ++i) {
    double rest = static_cast<double>(i) * a.c[i];
    for (std::size_t j = 1; j < i; ++j) rest -= static_cast<double>(j) * l.c[j] * a.c[i - j];
    l.c[i] = rest / (static_cast<double>(i) * a.c[0]);
  }
  return l;
}

/// Found by the templates of transfer.hpp, by the type of x: a series to s^4 needs five levels of the fraction.
inline PowerSeries intraparticle(PowerSeries const& x, int shape) {
  return intraparticle_fraction(x, shape, static_cast<int>(PowerSeries::kTerms));
}

}  // namespace kroma::chromatography
