#include "problems/sdp_clustering/sketch.hpp"

#include <set>

#include <fmt/format.h>

#include "problems/sdp_clustering/kernels.hpp"
#include "problems/sdp_clustering/random.hpp"
#include "problems/sdp_clustering/relaxation.hpp"

namespace kroma::sdp_clustering {
namespace {

constexpr std::uint64_t kSketchStream = 6000;

/// What the distance to each mean of the sample is lowered by: the estimated variance of that mean.
std::vector<double> variances_of_means(Points const& sample, Partition const& partition) {
  auto const clusters = static_cast<std::size_t>(partition.clusters());
  auto const label = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, partition.label);
  auto const x = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, sample.features);
  std::vector<double> within(clusters, 0.0);
  for (std::size_t i = 0; i < label.extent(0); ++i) {
    auto const k = static_cast<std::size_t>(label(i));
    for (std::size_t j = 0; j < partition.mean.extent(1); ++j) {
      double const difference = x(i, j) - partition.mean(k, j);
      within[k] += difference * difference;
    }
  }
  for (std::size_t k = 0; k < clusters; ++k) {
    double const size = partition.size[k];
    within[k] = size > 1 ? within[k] / (size - 1) / size : 0.0;
  }
  return within;
}

/// Labels of the nearest mean, distances lowered by `offset`.
Labels nearest(Points const& points, HostMatrix mean, std::vector<double> const& offset) {
  Space const space;
  auto const clusters = mean.extent(0), d = mean.extent(1);
  HostMatrix factors{"sdp_clustering::lift", d + 1, clusters};
  for (std::size_t k = 0; k < clusters; ++k) {
    factors(d, k) = -offset[k];
    for (std::size_t j = 0; j < d; ++j) {
      factors(j, k) = -2 * mean(k, j);
      factors(d, k) += mean(k, j) * mean(k, j);
    }
  }
  auto const local = static_cast<std::size_t>(points.local());
  Matrix score{"sdp_clustering::score", local, clusters}, member{"sdp_clustering::member", local, clusters};
  Labels label{"sdp_clustering::label", local};
  Vector lowest{"sdp_clustering::lowest", local};
  multiply(space, points.features, on_device(factors), score);
  assign_lowest(space, score, member, label, lowest);
  space.fence();
  return label;
}

}  // namespace

std::vector<std::int64_t> draw_rows(std::int64_t of, std::int64_t count, std::uint64_t seed) {
  bool const few = count <= of / 2;  // else draw those that are left out
  std::set<std::int64_t> drawn;
  for (std::uint64_t i = 0; static_cast<std::int64_t>(drawn.size()) < (few ? count : of - count); ++i) {
    drawn.insert(static_cast<std::int64_t>(uniform(seed, kSketchStream, i) * static_cast<double>(of)));
  }
  if (few) return {drawn.begin(), drawn.end()};
  std::vector<std::int64_t> rest;
  for (std::int64_t row = 0; row < of; ++row) {
    if (!drawn.contains(row)) rest.push_back(row);
  }
  return rest;
}

Outcome by_sketch(Points const& points, int clusters, Options const& options, Solver const& solver) {
  auto const seed = static_cast<std::uint64_t>(options.seed);
  auto const size = std::min(options.sketch.points, points.count);
  auto const sample = sample_of(points, draw_rows(points.count, size, seed));
  // Every rank solves the sample: the same points, hence the same labels, without a word between them.
  auto const sketched = size <= solver.dense_up_to ? by_dense_sdp(sample, clusters, options, solver)
                                                   : by_low_rank(sample, clusters, options, solver);
  auto const part = partition_of(sample, sketched.label, clusters);
  auto const offset = options.sketch.corrected ? variances_of_means(sample, part)
                                               : std::vector<double>(static_cast<std::size_t>(clusters), 0.0);
  auto partition = partition_of(points, nearest(points, part.mean, offset), clusters);
  double const lifted = partition.within;
  if (options.polish != Polish::none) partition = polished(points, lloyd(points, partition.mean));

  auto const certificate = certify(points, partition, points.count > 100000 ? 0 : 6);
  Outcome outcome;
  outcome.label = partition.label;
  outcome.objective = partition.within;
  outcome.relaxed = sketched.relaxed * static_cast<double>(points.count) / static_cast<double>(size);
  outcome.bound = certificate.bound;
  outcome.kkt_residual = sketched.kkt_residual;
  outcome.iterations = sketched.iterations;
  outcome.converged = sketched.converged;
  outcome.history = sketched.history;
  outcome.more["lifted_objective"] = lifted;
  outcome.more["sketch_points"] = static_cast<double>(size);
  outcome.certificate = certificate.proves(partition)
                            ? "optimal: proven in one pass from the partition's own multipliers"
                            : fmt::format("bound from the partition's own multipliers, gap {:.2e}", outcome.gap());
  return outcome;
}

}  // namespace kroma::sdp_clustering
