#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "problems/sdp_clustering/k_means.hpp"
#include "problems/sdp_clustering/random.hpp"

namespace kroma::test {

/// Normal points about `clusters` means on a line, centred, in the order of their clusters; on this rank alone.
inline sdp_clustering::Points some_points(int count, int dimension, int clusters, double distance, std::uint64_t seed) {
  auto const n = static_cast<std::size_t>(count), d = static_cast<std::size_t>(dimension);
  HostMatrix x{"test::points", n, d + 1};
  for (std::size_t j = 0; j < d; ++j) {
    double mean = 0;
    for (std::size_t i = 0; i < n; ++i) {
      auto const cluster = static_cast<double>(i * static_cast<std::size_t>(clusters) / n);
      x(i, j) = sdp_clustering::normal(seed, 1, i * d + j) + (j == 0 ? distance * cluster : 0.0);
      mean += x(i, j) / count;
    }
    for (std::size_t i = 0; i < n; ++i) x(i, j) -= mean;
  }
  for (std::size_t i = 0; i < n; ++i) x(i, d) = 1.0;
  return {MPI_COMM_SELF, count, 0, sdp_clustering::on_device(x)};
}

inline HostMatrix coordinates_of(sdp_clustering::Points const& points) {
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, points.features);
  HostMatrix x{"test::coordinates", host.extent(0), host.extent(1) - 1};
  for (std::size_t i = 0; i < x.extent(0); ++i) {
    for (std::size_t j = 0; j < x.extent(1); ++j) x(i, j) = host(i, j);
  }
  return x;
}

inline sdp_clustering::Labels labels_from(std::vector<int> const& values) {
  sdp_clustering::Labels label{"test::labels", values.size()};
  Kokkos::deep_copy(label, VectorOn<Host, int const>(values.data(), values.size()));
  return label;
}

/// The lowest sum of squares of all partitions into `clusters` clusters, by trying them.
inline double best_by_enumeration(sdp_clustering::Points const& points, int clusters) {
  auto const n = static_cast<std::size_t>(points.count);
  double best = std::numeric_limits<double>::infinity();
  std::vector<int> label(n, 0);
  for (std::int64_t code = 0; code < std::llround(std::pow(clusters, static_cast<double>(n - 1))); ++code) {
    std::vector<int> size(static_cast<std::size_t>(clusters), 0);
    auto rest = code;
    for (std::size_t i = 1; i < n; ++i, rest /= clusters) label[i] = static_cast<int>(rest % clusters);
    for (int const k : label) ++size[static_cast<std::size_t>(k)];
    if (*std::min_element(size.begin(), size.end()) == 0) continue;
    best = std::min(best, sdp_clustering::partition_of(points, labels_from(label), clusters).within);
  }
  return best;
}

}  // namespace kroma::test
