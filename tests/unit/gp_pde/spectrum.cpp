#include "problems/gp_pde/spectrum.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "linalg/dense.hpp"
#include "problems/gp_pde/axis_basis.hpp"

namespace {

using namespace kroma::gp_pde;
using kroma::grid::make_axis;
using kroma::grid::Nodes;

/// Weights (0.6, 0.3), inverse scales rho (0.9, 1.7), frequencies (0.8, 2.5): the mixture of the published check
/// values. rho is an inverse length for the Student-t envelope and an inverse squared length for the Gaussian.
std::vector<MixtureComponent> check_mixture(MixtureKind kind) {
  auto const length = [&](double rho) { return kind == MixtureKind::gaussian ? 1 / std::sqrt(rho) : 1 / rho; };
  return {{0.6, 0.8, length(0.9)}, {0.3, 2.5, length(1.7)}};
}

// Verifies: covariances and their derivatives of order 0 to 4 against independently computed values, also at t = 0
// where the second derivative is not zero. The digits given are 12.
TEST(Spectrum, CovarianceDerivatives) {
  struct Check {
    MixtureKind kind;
    double t;
    std::array<double, 5> values;
  };
  for (auto const& check : {Check{MixtureKind::student_t,
                                  0.37,
                                  {0.0440824518088, -1.25203076719, -47.6899502377, -121.350547022, 14453.4877441}},
                            Check{MixtureKind::student_t, 0.0, {0.9, 0, -91.4367453682, 0, 20981.7453743}},
                            Check{MixtureKind::gaussian,
                                  0.37,
                                  {0.0606138258646, -1.0263025711, -49.4806587456, -161.143209082, 15309.6066042}},
                            Check{MixtureKind::gaussian, 0.0, {0.9, 0, -91.2817453682, 0, 20337.2430671}}}) {
    for (int order = 0; order <= 4; ++order) {
      double const expected = check.values[static_cast<std::size_t>(order)];
      EXPECT_NEAR(covariance(check.kind, check_mixture(check.kind), check.t, order), expected,
                  1e-11 * std::max(1.0, std::abs(expected)))
          << order << " at " << check.t;
    }
  }
}

// Verifies: the spectral density is the Fourier transform of the covariance: its integral is the variance, and its
// second moment the curvature at 0.
TEST(Spectrum, DensityTransformsToCovariance) {
  for (auto const kind : {MixtureKind::gaussian, MixtureKind::student_t}) {
    auto const mixture = check_mixture(kind);
    double mass = 0, curvature = 0;
    double const step = 1e-3;
    for (double s = -400; s <= 400; s += step) {
      double const density = spectral_density(kind, mixture, s) * step, w = 2 * std::numbers::pi * s;
      mass += density;
      curvature -= w * w * density;
    }
    EXPECT_NEAR(mass, 0.9, 1e-8);
    // the tail of the Student-t density beyond 400 holds about (400)^-3 of the curvature
    EXPECT_NEAR(curvature, covariance(kind, mixture, 0, 2), 2e-4);
  }
}

// Verifies: features reproduce the covariance, F F^T = k, for a Gaussian envelope that has decayed over the axis
// (exp(-rho L^2) < 1e-14), to rounding.
TEST(Spectrum, FeaturesReproduceTheCovariance) {
  std::vector<MixtureComponent> const mixture{{0.6, 2.0, 0.15}, {0.3, 5.0, 0.1}};
  auto const axis = make_axis("x", Nodes::uniform, 23, -0.3, 0.7);
  auto const features = mixture_features(MixtureKind::gaussian, mixture, axis.length(), 40.0, 0.0);
  auto const f = feature_matrix(features, axis, axis.nodes, 0), f2 = feature_matrix(features, axis, axis.nodes, 2);
  auto const k = kroma::linalg::multiply(f, f, false, true), k4 = kroma::linalg::multiply(f2, f2, false, true);
  double const scale = covariance(MixtureKind::gaussian, mixture, 0, 4);
  for (int i = 0; i < axis.size(); ++i) {
    for (int j = 0; j < axis.size(); ++j) {
      double const t = axis.nodes[static_cast<std::size_t>(i)] - axis.nodes[static_cast<std::size_t>(j)];
      EXPECT_NEAR(k(i, j), covariance(MixtureKind::gaussian, mixture, t), 1e-12);
      EXPECT_NEAR(k4(i, j) / scale, covariance(MixtureKind::gaussian, mixture, t, 4) / scale, 1e-12);
    }
  }
}

// Verifies: touching bands become one, and nothing passes the limit.
TEST(Spectrum, BandsMerge) {
  auto const bands = merged({{5, 7}, {-1, 2}, {6, 9}, {20, 30}, {11, 12}}, 11.5);
  ASSERT_EQ(bands.size(), 3u);
  EXPECT_EQ(bands[0].low, 0.0);
  EXPECT_EQ(bands[0].high, 2.0);
  EXPECT_EQ(bands[1].high, 9.0);
  EXPECT_EQ(bands[2].high, 11.5);
}

}  // namespace
