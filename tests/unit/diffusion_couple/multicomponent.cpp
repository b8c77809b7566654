#include "problems/diffusion_couple/multicomponent.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr double kTime = 3.6e5;
constexpr double kD[2][2] = {{2e-14, 0.6e-14}, {-0.2e-14, 1.1e-14}};

/// Exact profiles of a ternary couple of constant D: error functions along the eigenvectors.
MeasuredProfile ternary(std::array<double, 2> left, std::array<double, 2> right) {
  double const mean = 0.5 * (kD[0][0] + kD[1][1]), half = 0.5 * (kD[0][0] - kD[1][1]);
  double const root = std::sqrt(half * half + kD[0][1] * kD[1][0]);
  MeasuredProfile p;
  p.name = "ternary";
  p.time = kTime;
  p.options.left = {left[0], left[1]};
  p.options.right = {right[0], right[1]};
  p.c.resize(2);
  double const rise[2] = {right[0] - left[0], right[1] - left[1]};
  for (double x = -6e-4; x < 6e-4; x += 2e-6) {
    p.x.push_back(x + 1e-5);  // the contact plane at 10 um
    double const f[2] = {std::erf(x / (2 * std::sqrt((mean + root) * kTime))),
                         std::erf(x / (2 * std::sqrt((mean - root) * kTime)))};
    for (int i = 0; i < 2; ++i) {
      // erf(D^-1/2 x / 2 sqrt t) by Sylvester's formula
      double const along = kD[i][0] * rise[0] + kD[i][1] * rise[1];
      double const part =
          (f[0] * (along - (mean - root) * rise[i]) - f[1] * (along - (mean + root) * rise[i])) / (2 * root);
      p.c[static_cast<std::size_t>(i)].push_back(
          0.5 * (left[static_cast<std::size_t>(i)] + right[static_cast<std::size_t>(i)]) + 0.5 * part);
    }
  }
  return p;
}

MultiProfile exact(std::array<double, 2> left, std::array<double, 2> right) {
  SmoothingOptions options;
  options.method = Smoothing::none;
  return smooth_components(ternary(left, right), options);
}

void expect_d(HostMatrix const& d, double tolerance) {
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) EXPECT_NEAR(d(i, j), kD[i][j], tolerance * 2e-14);
  }
}

TEST(Multicomponent, CrossingCouplesGiveTheMatrix) {
  auto const a = exact({0.2, 0.3}, {0.3, 0.2}), b = exact({0.2, 0.2}, {0.3, 0.3});
  EXPECT_NEAR(matano_plane(a), 1e-5, 1e-9);
  auto const found = kirkaldy(a, b);
  ASSERT_TRUE(found);
  expect_d(found->d, 1e-5);
  EXPECT_LT(found->condition, 6);
  auto const values = eigenvalues(found->d);
  EXPECT_GT(values.smallest, 0);
  EXPECT_EQ(values.imaginary, 0);
  EXPECT_FALSE(kirkaldy(a, exact({0.4, 0.4}, {0.5, 0.45})));
}

TEST(Multicomponent, AFlatComponentHasAFlux) {
  auto const p = exact({0.2, 0.25}, {0.3, 0.25});
  auto const j = fluxes(p);
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < p.x.size(); ++i) {
    double const expected = -kD[1][0] * p.slope[0][i] - kD[1][1] * p.slope[1][i];
    worst = std::max(worst, std::abs(j[1][i] - expected));
    largest = std::max(largest, std::abs(expected));
  }
  EXPECT_GT(largest, 0);
  EXPECT_LT(worst, 1e-4 * largest);
}

TEST(Multicomponent, SquareRootDiffusivity) {
  expect_d(square_root_diffusivity({exact({0.2, 0.3}, {0.3, 0.2}), exact({0.2, 0.2}, {0.3, 0.3})}), 5e-6);
  EXPECT_THROW(square_root_diffusivity({exact({0.2, 0.3}, {0.3, 0.2}), exact({0.3, 0.2}, {0.2, 0.3})}), Error);
}

TEST(Multicomponent, ComplexEigenvaluesAreSeen) {
  HostMatrix d{"d", 2, 2};
  d(0, 0) = d(1, 1) = 1;
  d(0, 1) = 1, d(1, 0) = -1;
  EXPECT_NEAR(eigenvalues(d).imaginary, 1, 1e-15);
}

TEST(Multicomponent, PseudoBinaryOrNot) {
  auto p = ternary({0.2, 0.25}, {0.3, 0.25});
  EXPECT_THROW(require_pseudo_binary(p, {"A", "B", "C"}), Error);  // C diffuses uphill
  std::mt19937_64 generator{1};
  std::normal_distribution<double> normal{0, 1e-3};
  for (double& c : p.c[1]) c = 0.25 + normal(generator);
  EXPECT_NO_THROW(require_pseudo_binary(p, {"A", "B", "C"}));
}

}  // namespace
}  // namespace kroma::diffusion_couple
