#pragma once

#include <array>
#include <cmath>

namespace kroma::chromatography {

/// A power series in s, cut off after s^4: what a transform needs to give the first moments of its original.
struct Series {
  static constexpr std::size_t kTerms = 5;
  std::array<double, kTerms> c{};

  static Series variable() { return {{0, 1}}; }
};

inline Series operator+(Series a, Series const& b) {
  for (std::size_t i = 0; i < Series::kTerms; ++i) a.c[i] += b.c[i];
  return a;
}
inline Series operator+(Series a, double b) {
  a.c[0] += b;
  return a;
}
inline Series operator+(double a, Series const& b) { return b + a; }
inline Series operator*(Series a, double b) {
  for (auto& term : a.c) term *= b;
  return a;
}
inline Series operator*(double a, Series const& b) { return b * a; }
inline Series operator-(double a, Series const& b) { return b * -1.0 + a; }
inline Series operator*(Series const& a, Series const& b) {
  Series product;
  for (std::size_t i = 0; i < Series::kTerms; ++i) {
    for (std::size_t j = 0; j <= i; ++j) product.c[i] += a.c[j] * b.c[i - j];
  }
  return product;
}
inline Series operator/(Series const& a, Series const& b) {
  Series quotient;
  for (std::size_t i = 0; i < Series::kTerms; ++i) {
    double rest = a.c[i];
    for (std::size_t j = 0; j < i; ++j) rest -= quotient.c[j] * b.c[i - j];
    quotient.c[i] = rest / b.c[0];
  }
  return quotient;
}
inline Series operator/(double a, Series const& b) { return Series{{a}} / b; }
inline Series sqrt(Series const& a) {
  Series root{{std::sqrt(a.c[0])}};
  for (std::size_t i = 1; i < Series::kTerms; ++i) {
    double rest = a.c[i];
    for (std::size_t j = 1; j < i; ++j) rest -= root.c[j] * root.c[i - j];
    root.c[i] = rest / (2 * root.c[0]);
  }
  return root;
}
inline Series exp(Series const& a) {  // e' = a' e
  Series e{{std::exp(a.c[0])}};
  for (std::size_t i = 1; i < Series::kTerms; ++i) {
    for (std::size_t j = 1; j <= i; ++j) e.c[i] += static_cast<double>(j) * a.c[j] * e.c[i - j];
    e.c[i] /= static_cast<double>(i);
  }
  return e;
}
inline Series log(Series const& a) {  // a l' = a'
  Series l{{std::log(a.c[0])}};
  for (std::size_t i = 1; i < Series::kTerms; ++i) {
    double rest = static_cast<double>(i) * a.c[i];
    for (std::size_t j = 1; j < i; ++j) rest -= static_cast<double>(j) * l.c[j] * a.c[i - j];
    l.c[i] = rest / (static_cast<double>(i) * a.c[0]);
  }
  return l;
}

}  // namespace kroma::chromatography
