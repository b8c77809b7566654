#include "problems/chromatography/complex_functions.hpp"

#include <complex>
#include <random>

#include <gtest/gtest.h>

#include "problems/chromatography/transfer.hpp"

namespace {

using namespace kroma::chromatography;

constexpr int kWide = 4;
using Numbers = Complex<Lanes<kWide>>;

/// Largest distance of f side by side from `exact` one by one, relative to max(|exact|, 1e-300), over random arguments.
template <class F, class Exact>
double worst(double most_re, double most_im, F const& f, Exact const& exact) {
  std::mt19937 random{7};
  std::uniform_real_distribution<double> re{-most_re, most_re}, im{-most_im, most_im};
  double largest = 0;
  for (int turn = 0; turn < 500; ++turn) {
    Numbers x;
    for (int l = 0; l < kWide; ++l) {
      x.re[l] = re(random);
      x.im[l] = im(random);
    }
    auto const y = f(x);
    for (int l = 0; l < kWide; ++l) {
      std::complex<double> const expected = exact(std::complex<double>{x.re[l], x.im[l]});
      largest = std::max(largest, std::abs(std::complex<double>{y.re[l], y.im[l]} - expected) / std::abs(expected));
    }
  }
  return largest;
}

// Verifies: exponentials and roots of numbers side by side are those of the standard library, on both sides of the
// imaginary axis and for phases up to 1e5.
TEST(ComplexFunctions, AreTheStandardOnes) {
  auto const e = [](auto const& x) { return exp(x); };
  auto const root = [](auto const& x) { return sqrt(x); };
  auto const std_root = [](std::complex<double> x) { return std::sqrt(x); };
  EXPECT_LT(worst(30, 10, e, [](std::complex<double> x) { return std::exp(x); }), 1e-15);
  EXPECT_LT(worst(1, 1e5, e, [](std::complex<double> x) { return std::exp(x); }), 1e-15);
  EXPECT_LT(worst(10, 10, root, std_root), 1e-15);
  EXPECT_LT(worst(1e-3, 1e4, root, std_root), 1e-15);
  auto const edge = sqrt(Numbers(-4.0));
  EXPECT_EQ(edge.re[0], 0);
  EXPECT_EQ(std::abs(edge.im[0]), 2);
  EXPECT_EQ(sqrt(Numbers(0.0)).re[0], 0);
}

// Verifies: what goes on in particles is the same side by side and one by one, also where the formula changes.
TEST(ComplexFunctions, Intraparticle) {
  for (int shape : {1, 2, 3}) {
    for (double most : {1.2, 40.0, 1e4}) {
      auto const one = [&](std::complex<double> x) {
        auto const g = intraparticle(Kokkos::complex<double>{std::abs(x.real()), x.imag()}, shape);
        return std::complex<double>{g.real(), g.imag()};
      };
      auto const many = [&](Numbers x) {
        for (int l = 0; l < kWide; ++l) x.re[l] = std::abs(x.re[l]);
        return intraparticle(x, shape);
      };
      EXPECT_LT(worst(most, most, many, one), 1e-13) << shape << ", up to " << most;
    }
  }
}

}  // namespace
