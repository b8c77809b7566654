#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "linalg/dense.hpp"
#include "problems/sdp_clustering/certificate.hpp"
#include "problems/sdp_clustering/dense_sdp.hpp"
#include "problems/sdp_clustering/matching.hpp"
#include "problems/sdp_clustering/sketch.hpp"
#include "support/sdp_clustering.hpp"

namespace {

using namespace kroma;
using namespace kroma::sdp_clustering;

std::vector<int> blocks(int count, int clusters) {
  std::vector<int> label;
  for (int i = 0; i < count; ++i) label.push_back(i * clusters / count);
  return label;
}

// Verifies: the Hungarian method finds the best of all assignments.
TEST(Matching, IsTheBestOfAllPermutations) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    HostMatrix cost{"test::cost", 5, 5};
    for (std::size_t i = 0; i < 25; ++i) cost(i / 5, i % 5) = normal(seed, 9, i);
    std::vector<int> order(5);
    std::iota(order.begin(), order.end(), 0);
    double best = 1e300;
    do {
      double sum = 0;
      for (std::size_t i = 0; i < 5; ++i) sum += cost(i, static_cast<std::size_t>(order[i]));
      best = std::min(best, sum);
    } while (std::next_permutation(order.begin(), order.end()));
    auto const found = assign(cost);
    double sum = 0;
    for (std::size_t i = 0; i < 5; ++i) sum += cost(i, static_cast<std::size_t>(found[i]));
    EXPECT_NEAR(sum, best, 1e-12);
  }
}

// Verifies: names of clusters do not matter, wrong points do.
TEST(Matching, MisclusteringCountsWrongPoints) {
  auto const points = kroma::test::some_points(12, 2, 3, 1.0, 1);
  std::vector<int> found{2, 2, 2, 2, 0, 0, 0, 0, 1, 1, 1, 0};
  auto const confusion = compare(points, kroma::test::labels_from(found), 3, blocks(12, 3), 3);
  EXPECT_NEAR(confusion.misclustering, 1.0 / 12, 1e-15);
  EXPECT_EQ(confusion.match, (std::vector{1, 2, 0}));
}

// Verifies: Lloyd with single moves reaches the best of all partitions of few points from some start.
TEST(KMeans, FindsTheBestOfFewPoints) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    auto const points = kroma::test::some_points(9, 2, 3, 3.0, seed);
    auto const found = polished(points, k_means(points, 3, 20, seed));
    EXPECT_NEAR(found.within, kroma::test::best_by_enumeration(points, 3), 1e-10);
  }
}

// Verifies: single moves improve partitions that Lloyd leaves alone, and never make one worse.
TEST(KMeans, SingleMovesGoOnWhereLloydStops) {
  auto const points = kroma::test::some_points(60, 2, 3, 1.0, 11);
  double before = 0, after = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    auto const stuck = lloyd(points, seed_means(points, 3, seed));
    auto const better = polished(points, stuck);
    EXPECT_LE(better.within, stuck.within + 1e-12);
    before += stuck.within;
    after += better.within;
  }
  EXPECT_LT(after, before - 1e-6);
}

// Verifies: the bound of a certificate never exceeds the best partition, proves well separated labels, and equals the
// dense bound of the multiplier that it stands for.
TEST(Certificate, BoundsTheOptimumAndIsItsMultipliersBound) {
  for (double const distance : {1.0, 3.0, 60.0}) {
    auto const points = kroma::test::some_points(9, 2, 3, distance, 3);
    auto const partition = partition_of(points, kroma::test::labels_from(blocks(9, 3)), 3);
    auto const certificate = certify(points, partition);
    EXPECT_LE(certificate.bound, kroma::test::best_by_enumeration(points, 3) * (1 + 1e-12)) << distance;
    auto const p = multiplier_of(certificate, partition.label);
    auto const x = kroma::test::coordinates_of(points);
    auto const slack = linalg::multiply(x, x, false, true);
    double total = 0;
    for (std::size_t i = 0; i < 9; ++i) total += slack(i, i);
    for (std::size_t i = 0; i < slack.size(); ++i) slack.data()[i] = -slack.data()[i] - p.data()[i];
    EXPECT_NEAR(certificate.bound, std::max(total + peng_wei_bound(slack, 3), 0.0), 1e-9 * total) << distance;
    EXPECT_EQ(certificate.proves(partition), distance > 50) << distance;
  }
}

// Verifies: rows are different, in order, below the count, and as many as asked for, whether few or most.
TEST(Sketch, DrawsDifferentRows) {
  for (std::int64_t const count : {1, 10, 90, 100}) {
    auto const rows = draw_rows(100, count, 7);
    EXPECT_EQ(static_cast<std::int64_t>(rows.size()), count);
    EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
    EXPECT_EQ(std::adjacent_find(rows.begin(), rows.end()), rows.end());
    EXPECT_LT(rows.back(), 100);
  }
}

}  // namespace
