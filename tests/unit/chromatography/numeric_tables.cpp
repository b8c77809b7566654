#include <cmath>

#include <gtest/gtest.h>

#include "problems/chromatography/particle_basis.hpp"
#include "problems/chromatography/polynomials.hpp"
#include "problems/chromatography/radau.hpp"

namespace kroma::chromatography {
namespace {

using Complex = std::complex<double>;

// Verifies: eigenvalues and error weights against printed ones (Hairer and Wanner 1996 for three stages).
TEST(Radau, PrintedValues) {
  auto const three = make_radau(3);
  EXPECT_NEAR(three.real_eigenvalue, 3.6378342527444957, 1e-14);
  EXPECT_NEAR(three.error_weights[0], -(13 + 7 * std::sqrt(6.0)) / 3, 1e-13);
  EXPECT_NEAR(three.error_weights[1], (-13 + 7 * std::sqrt(6.0)) / 3, 1e-13);
  EXPECT_NEAR(three.error_weights[2], -1.0 / 3, 1e-14);
  EXPECT_NEAR(make_radau(5).real_eigenvalue, 6.2867047517292766, 1e-13);
}

/// T diag(lambda) T^-1 applied to f.
std::vector<double> inverse_times(Radau const& r, std::vector<double> const& f) {
  auto const s = static_cast<std::size_t>(r.stages);
  double real = 0;
  for (std::size_t j = 0; j < s; ++j) real += r.real_row[j] * f[j];
  std::vector<double> result(s);
  for (std::size_t i = 0; i < s; ++i) result[i] = r.real_vector[i] * r.real_eigenvalue * real;
  for (std::size_t k = 0; k < r.eigenvalue.size(); ++k) {
    Complex w = 0;
    for (std::size_t j = 0; j < s; ++j) w += r.rows[k * s + j] * f[j];
    for (std::size_t i = 0; i < s; ++i) result[i] += 2 * (r.vectors[k * s + i] * r.eigenvalue[k] * w).real();
  }
  return result;
}

// Verifies: the diagonal form is that of A^-1, which differentiates powers that vanish at 0: A^-1 c^k = k c^(k-1); the
// quadrature has order 2 s - 1; the error weights see no linear solution.
TEST(Radau, DiagonalFormDifferentiatesPowers) {
  for (int stages : {3, 5, 7}) {
    auto const r = make_radau(stages);
    for (int k = 1; k <= stages; ++k) {
      std::vector<double> power;
      for (double c : r.nodes) power.push_back(std::pow(c, k));
      auto const slope = inverse_times(r, power);
      for (std::size_t i = 0; i < slope.size(); ++i) {
        EXPECT_NEAR(slope[i], k * std::pow(r.nodes[i], k - 1), 1e-11) << stages << " stages, power " << k;
      }
    }
    for (int k = 0; k < 2 * stages - 1; ++k) {
      double sum = 0;
      for (std::size_t i = 0; i < r.nodes.size(); ++i) sum += r.weights[i] * std::pow(r.nodes[i], k);
      EXPECT_NEAR(sum, 1.0 / (k + 1), 1e-15);
    }
    double sum = 0;
    for (std::size_t i = 0; i < r.nodes.size(); ++i) sum += r.error_weights[i] * r.nodes[i];
    EXPECT_NEAR(sum, -1.0, 1e-12);
  }
}

// Verifies: dense output passes through the stages and reproduces polynomials of degree s.
TEST(Radau, DenseOutput) {
  auto const r = make_radau(5);
  auto const at = r.dense(0.37);
  double sum = 0;
  for (std::size_t i = 0; i < at.size(); ++i) sum += at[i] * std::pow(r.nodes[i], 5);
  EXPECT_NEAR(sum, std::pow(0.37, 5), 1e-14);
  EXPECT_NEAR(r.dense(1.0).back(), 1.0, 1e-15);
}

// Verifies: volume of the particle, and the Laplacian of rho^4 with the flux through the surface as a source:
// Delta rho^4 = 4 (shape + 2) rho^2; weakly, - W^-1 K f = Delta f - e_s f'(1) / w_s.
TEST(ParticleBasis, LaplacianOfAPolynomial) {
  for (double shape : {3.0, 2.0, 1.0}) {
    for (int points : {3, 6, 12, 20}) {
      auto const basis = make_particle_basis(points, shape);
      auto const n = static_cast<std::size_t>(points);
      double volume = 0;
      for (double w : basis.weight) volume += w;
      EXPECT_NEAR(volume, 1 / shape, 1e-15);
      for (std::size_t i = 0; i < n; ++i) {
        double got = 0, scale = 0;
        for (std::size_t j = 0; j < n; ++j) {
          got -= basis.laplacian[i * n + j] * std::pow(basis.radius[j], 4);
          scale += std::abs(basis.laplacian[i * n + j]);
        }
        double const surface = i + 1 == n ? 4 / basis.weight[i] : 0.0;
        EXPECT_NEAR(got, 4 * (shape + 2) * std::pow(basis.radius[i], 2) - surface, 1e-15 * (100 + scale));
      }
    }
  }
}

// Verifies: nodes and derivatives of Lobatto's points.
TEST(Polynomials, Lobatto) {
  auto const nodes = lobatto_nodes(4);
  EXPECT_NEAR(static_cast<double>(nodes[1]), -1 / std::sqrt(5.0), 1e-16);
  auto const d = differentiation_matrix(nodes);
  for (std::size_t i = 0; i < 4; ++i) {
    Real slope = 0;
    for (std::size_t j = 0; j < 4; ++j) slope += d[i * 4 + j] * nodes[j] * nodes[j] * nodes[j];
    EXPECT_NEAR(static_cast<double>(slope), static_cast<double>(3 * nodes[i] * nodes[i]), 1e-15);
  }
}

}  // namespace
}  // namespace kroma::chromatography
