#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kroma_tests {

/// Exact solutions of u_t = (k(u) u_x)_x and their mass, the integral over x in [0, 1] (Hansen et al. 2023).
struct ExactFlow {
  virtual ~ExactFlow() = default;
  virtual double operator()(double x, double t) const = 0;
  virtual double mass(double t) const = 0;
  virtual double end() const = 0;  // of time
};

/// Porous medium, k = u^m, with u(0, t) = (m t)^(1/m).
struct PorousMedium : ExactFlow {
  explicit PorousMedium(double power) : m{power} {}
  double operator()(double x, double t) const override { return std::pow(m * std::max(t - x, 0.0), 1 / m); }
  double mass(double t) const override { return std::pow(m, 1 + 1 / m) * std::pow(t, 1 + 1 / m) / (m + 1); }
  double end() const override { return 1; }
  double m;
};

/// Stefan: k = 1 where u >= front, else 0; u(0, t) = 1. The front is at 2 z sqrt(t).
struct Stefan : ExactFlow {
  explicit Stefan(double at_front) : front{at_front} {
    double low = 0, high = 3;  // front erf(z) z exp(z^2) = (1 - front) / sqrt(pi) rises with z
    for (int i = 0; i < 200; ++i) {
      z = 0.5 * (low + high);
      double const left = front * std::erf(z) * z * std::exp(z * z);
      (left < (1 - front) / std::sqrt(std::numbers::pi) ? low : high) = z;
    }
  }
  double operator()(double x, double t) const override {
    if (x > 2 * z * std::sqrt(t)) return 0;
    return t > 0 ? 1 - (1 - front) * std::erf(x / (2 * std::sqrt(t))) / std::erf(z) : 1.0;
  }
  double mass(double t) const override { return 2 * (1 - front) / std::erf(z) * std::sqrt(t / std::numbers::pi); }
  double end() const override { return 0.1; }
  double front, z = 0;
};

}  // namespace kroma_tests
