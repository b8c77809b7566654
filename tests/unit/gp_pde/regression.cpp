#include "problems/gp_pde/regression.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "linalg/dense.hpp"
#include "problems/gp_pde/conservation.hpp"

namespace {

using namespace kroma::gp_pde;
using kroma::HostMatrix;
using kroma::HostTensor;
namespace linalg = kroma::linalg;

/// A 5 x 4 x 3 grid of points at uneven distances with smooth values.
TensorData small_data() {
  TensorData data;
  data.points = {{0, 0.13, 0.4, 0.71, 0.9}, {0.1, 0.3, 0.35, 0.8}, {0, 0.5, 0.7}};
  data.values = HostTensor{"values", 5, 4, 3};
  for (int i = 0; i < 5; ++i) {
    for (int j = 0; j < 4; ++j) {
      for (int k = 0; k < 3; ++k) data.values(i, j, k) = std::sin(3.0 * i + j) + 0.2 * k;
    }
  }
  return data;
}

ProductCovariance small_covariance(MixtureKind kind) {
  return {kind, {{{1.2, 0.6, 0.4}, {0.3, 1.4, 0.2}}, {{0.8, 0.0, 0.5}}, {{1.0, 0.3, 0.9}}}};
}

/// The covariance of all values of `a` with all of `b`, as one dense matrix.
HostMatrix dense(ProductCovariance const& k, std::vector<std::vector<double>> const& a,
                 std::vector<std::vector<double>> const& b) {
  std::vector<HostMatrix> factors;
  for (std::size_t d = 0; d < 3; ++d) factors.push_back(k.matrix(d, a[d], b[d]));
  auto const rows = a[0].size() * a[1].size() * a[2].size(), columns = b[0].size() * b[1].size() * b[2].size();
  HostMatrix all{"dense", rows, columns};
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      all(r, c) = factors[2](r % a[2].size(), c % b[2].size()) *
                  factors[1](r / a[2].size() % a[1].size(), c / b[2].size() % b[1].size()) *
                  factors[0](r / a[2].size() / a[1].size(), c / b[2].size() / b[1].size());
    }
  }
  return all;
}

// Verifies: mean, variance and evidence against the same by one dense matrix, to rounding times its condition (1e4).
TEST(Regression, EqualsTheDensePosterior) {
  auto const data = small_data();
  auto const k = small_covariance(MixtureKind::student_t);
  double const noise = 0.01;
  Regression const regression{data, k, noise};
  std::vector<std::vector<double>> const at{{0.2, 0.95}, {0.05, 0.5, 0.6}, {0.3}};
  auto all = dense(k, data.points, data.points);
  for (int i = 0; i < all.extent_int(0); ++i) all(i, i) += noise;
  auto const lower = linalg::cholesky(all).value();
  auto const inverse = linalg::inverse_from_cholesky(lower);
  auto const cross = dense(k, at, data.points);
  HostMatrix const y{data.values.data(), all.extent(0), 1};
  auto const solved = linalg::multiply(inverse, y);
  auto const mean = linalg::multiply(cross, solved);
  auto const explained = linalg::multiply(linalg::multiply(cross, inverse), cross, false, true);
  std::vector<HostMatrix> features;
  for (std::size_t d = 0; d < 3; ++d) features.push_back(regression.features(d, at[d]));
  auto const m = regression.mean(features), v = regression.variance(features);
  for (std::size_t i = 0; i < m.size(); ++i) {
    EXPECT_NEAR(m.data()[i], mean.data()[i], 1e-11);
    EXPECT_NEAR(v.data()[i], k.variance() - explained(i, i), 1e-11);
  }
  double value = 0;
  for (std::size_t i = 0; i < all.extent(0); ++i) {
    value -= std::log(lower(i, i)) + 0.5 * y(i, 0) * solved(i, 0) + 0.5 * std::log(2 * 3.14159265358979323846);
  }
  EXPECT_NEAR(regression.log_evidence(), value, 1e-9);
}

// Verifies: the gradient of the evidence against central differences.
TEST(Regression, GradientAgainstDifferences) {
  for (auto const kind : {MixtureKind::gaussian, MixtureKind::student_t}) {
    RegressionEvidence const evidence{small_data(), {{kind, 1.0}, {kind, 0.7}, {kind, 2.0}}, {2, 1, 1}};
    auto const x = evidence.pack(small_covariance(kind), 0.02);
    std::vector<double> gradient(x.size()), unused(x.size());
    evidence(x, gradient);
    for (std::size_t i = 0; i < x.size(); ++i) {
      auto up = x, down = x;
      up[i] += 1e-5;
      down[i] -= 1e-5;
      double const slope = (evidence(up, unused) - evidence(down, unused)) / 2e-5;
      EXPECT_NEAR(gradient[i], slope, 1e-6 * std::max(1.0, std::abs(slope))) << i;
    }
  }
}

}  // namespace
