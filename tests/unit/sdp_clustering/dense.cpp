#include "linalg/dense.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "problems/sdp_clustering/dense_likelihood.hpp"
#include "problems/sdp_clustering/dense_sdp.hpp"
#include "problems/sdp_clustering/low_rank.hpp"
#include "problems/sdp_clustering/spectral_set.hpp"
#include "support/sdp_clustering.hpp"

namespace {

using namespace kroma;
using namespace kroma::sdp_clustering;

HostMatrix random_symmetric(std::size_t n, std::uint64_t seed, bool positive) {
  HostMatrix a{"test::symmetric", n, n};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double const value = normal(seed, 2, i * n + j);
      a(i, j) = a(j, i) = positive ? std::abs(value) : value;
    }
  }
  return a;
}

// Verifies: the shift gives weights in [0, 1] with the wanted sum, and is the projection: pairs of free weights keep
// their difference, what is at 0 or 1 would like to go beyond.
TEST(CappedSimplex, IsTheProjection) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<double> values;
    for (std::uint64_t i = 0; i < 12; ++i) values.push_back(3 * normal(seed, 3, i));
    for (double const total : {1.0, 2.0, 5.5}) {
      double const shift = capped_simplex_shift(values, total);
      double sum = 0;
      for (double const v : values) sum += std::clamp(v - shift, 0.0, 1.0);
      EXPECT_NEAR(sum, total, 1e-12);
    }
  }
  EXPECT_NEAR(capped_simplex_shift({0.5, 0.5, 0.5, 0.5}, 2.0), 0.0, 1e-12);  // already there
}

/// The projection by all eigenpairs: of J A J onto {0 <= w <= 1, sum w = total}, and 1 1^T / n.
HostMatrix projected(HostMatrix a, double total) {
  auto const n = a.extent(0);
  HostMatrix copy{"test::copy", n, n}, z{"test::projected", n, n};
  Kokkos::deep_copy(copy, a);
  centre(copy, 1e3);  // 1 becomes the lowest
  auto const eigen = linalg::symmetric_eigen(copy);
  double const shift = capped_simplex_shift({eigen.values.begin() + 1, eigen.values.end()}, total);
  Kokkos::deep_copy(z, 1.0 / static_cast<double>(n));
  for (std::size_t k = 1; k < n; ++k) {
    double const weight = std::clamp(eigen.values[k] - shift, 0.0, 1.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) z(i, j) += weight * eigen.vectors(i, k) * eigen.vectors(j, k);
    }
  }
  return z;
}

// Verifies: along a sequence of matrices that change little, the projection that follows eigenvectors stays as near to
// that by all eigenpairs as it was allowed to, and is exact where nothing is allowed; also where the penalty leaps.
TEST(SpectralSet, FollowsMatricesAsWellAsAsked) {
  constexpr std::size_t n = 120;
  SpectralSet set{n, 3.0, true};
  auto const random = random_symmetric(n, 11, false), drift = random_symmetric(n, 12, false);
  for (int step = 0; step < 12; ++step) {
    double const size = step < 8 ? 0.05 : 0.1;
    if (step == 8) set.expect(2.0);
    HostMatrix a{"test::a", n, n}, z{"test::z", n, n};
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        a(i, j) = (i % 4 == j % 4 ? 1.0 / 30 : 0.0) + size * (random(i, j) + 1e-3 * step * drift(i, j));
      }
    }
    auto const whole = projected(a, 3.0);
    double const allowed = step % 4 == 3 ? 0.0 : 1e-5;
    set.project(a, z, allowed);
    for (std::size_t i = 0; i < z.size(); ++i) z.data()[i] -= whole.data()[i];
    EXPECT_LE(norm(z), std::max(allowed, 1e-11)) << step;
  }
}

// Verifies: the penalty follows the residuals at first, then drives the primal one down, then returns to balance.
TEST(Penalty, IsAnnealedInRounds) {
  Penalty const penalty;
  EXPECT_EQ(penalty.factor(24, 1.0, 1e-6), 1.0);
  EXPECT_GT(penalty.factor(25, 1e-2, 1e-4), 1.3);
  EXPECT_EQ(penalty.factor(25, 1e-4, 1e-4), 1.0);
  EXPECT_GT(penalty.factor(100, 1e-4, 1e-4), 1.3);
  EXPECT_LT(penalty.factor(275, 1e-6, 1e-4), 1 / 1.3);
  EXPECT_EQ(penalty.factor(325, 1e-4, 1e-4), 1.0);
  EXPECT_GT(penalty.factor(500, 1e-4, 1e-4), 1.3);
}

// Verifies: after the projection row sums are 1 and entries nonnegative; and it is the nearest such point: the residual
// M - N is v 1^T + 1 v^T where N > 0 and below it elsewhere (the KKT conditions).
TEST(RowSums, ProjectionMeetsItsConditions) {
  std::vector<HostMatrix> m{random_symmetric(25, 1, false), random_symmetric(25, 2, false)};
  std::vector<HostMatrix> n;
  for (auto const& block : m) {
    n.emplace_back("test::copy", 25, 25);
    Kokkos::deep_copy(n.back(), block);
  }
  std::vector<double> v(25, 0.0);
  EXPECT_LE(project_row_sums(n, v), 20);
  for (std::size_t i = 0; i < 25; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      for (std::size_t j = 0; j < 25; ++j) {
        sum += n[k](i, j);
        double const residual = m[k](i, j) - n[k](i, j) - v[i] - v[j];
        EXPECT_GE(n[k](i, j), 0.0);
        if (n[k](i, j) > 0) {
          EXPECT_NEAR(residual, 0.0, 1e-12);
        } else {
          EXPECT_LE(residual, 1e-12);
        }
      }
    }
    EXPECT_NEAR(sum, 1.0, 1e-10);
  }
}

// Verifies: whatever P >= 0, the bound stays below the best of all partitions.
TEST(PengWei, BoundIsValidForAnyMultiplier) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    auto const points = kroma::test::some_points(9, 2, 3, 2.0, seed);
    auto const x = kroma::test::coordinates_of(points);
    double const best = kroma::test::best_by_enumeration(points, 3);
    double total = 0;
    for (std::size_t i = 0; i < x.size(); ++i) total += x.data()[i] * x.data()[i];
    for (double const size : {0.0, 0.1, 1.0, 10.0}) {
      auto const slack = linalg::multiply(x, x, false, true);
      auto const p = random_symmetric(9, seed + 100, true);
      for (std::size_t i = 0; i < slack.size(); ++i) slack.data()[i] = -slack.data()[i] - size * p.data()[i];
      EXPECT_LE(total + peng_wei_bound(slack, 3), best * (1 + 1e-12));
    }
  }
}

// Verifies: the solution lies in all sets, and its bound between the relaxed value and the best partition.
TEST(PengWei, SolutionIsFeasibleAndBracketed) {
  auto const points = kroma::test::some_points(10, 2, 3, 2.5, 4);
  double const best = kroma::test::best_by_enumeration(points, 3);
  HostMatrix start{"test::start", 10, 10};
  Kokkos::deep_copy(start, 0.1);
  auto const s = solve_peng_wei(kroma::test::coordinates_of(points), 3, start, {}, {1e-8, 0, 50000, best});
  EXPECT_TRUE(s.converged);
  double trace = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < 10; ++j) {
      EXPECT_GE(s.z(i, j), 0.0);
      sum += s.z(i, j);
    }
    trace += s.z(i, i);
    EXPECT_NEAR(sum, 1.0, 1e-5);
  }
  EXPECT_NEAR(trace, 3.0, 1e-5);
  EXPECT_GE(linalg::symmetric_eigen(s.z).values.front(), -1e-5);
  EXPECT_LE(s.bound, best * (1 + 1e-12));
  EXPECT_NEAR(s.bound, s.objective, 1e-5 * best);
}

// Verifies: a factor made of labels is feasible, and its cost is the partition's sum of squares less |X|^2: with
// exactly K columns a factor can be nothing else than a partition.
TEST(LowRank, APartitionIsAFeasibleFactor) {
  auto const points = kroma::test::some_points(40, 3, 2, 12.0, 6);
  std::vector<int> label(40, 0);
  std::fill(label.begin() + 20, label.end(), 1);
  auto const partition = partition_of(points, kroma::test::labels_from(label), 2);
  HostMatrix u{"test::factor", 40, 2}, cost{"test::cost", 4, 4};
  double total = 0;
  auto const x = kroma::test::coordinates_of(points);
  for (std::size_t i = 0; i < x.size(); ++i) total += x.data()[i] * x.data()[i];
  for (std::size_t i = 0; i < 40; ++i) u(i, static_cast<std::size_t>(label[i])) = 1.0;
  for (std::size_t i = 0; i < 3; ++i) cost(i, i) = 1.0;
  auto const s = solve_low_rank({points, {cost}, {2.0}, 2}, on_device(u), {1e-6, 5000});
  EXPECT_TRUE(s.converged);
  EXPECT_NEAR(total + s.objective, partition.within, 1e-5 * partition.within);
}

}  // namespace
