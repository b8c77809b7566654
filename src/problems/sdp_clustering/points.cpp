#include "problems/sdp_clustering/points.hpp"

#include <numeric>

#include "linalg/dense.hpp"

namespace kroma::sdp_clustering {

void sum_over_ranks(MPI_Comm comm, double* values, std::size_t count) {
  MPI_Allreduce(MPI_IN_PLACE, values, static_cast<int>(count), MPI_DOUBLE, MPI_SUM, comm);
}

double sum_over_ranks(MPI_Comm comm, double value) {
  sum_over_ranks(comm, &value, 1);
  return value;
}

HostMatrix summed(MPI_Comm comm, Matrix mine) {
  auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, mine);
  HostMatrix sum{"sdp_clustering::sum", mine.extent(0), mine.extent(1)};
  Kokkos::deep_copy(sum, host);
  sum_over_ranks(comm, sum.data(), sum.size());
  return sum;
}

Matrix on_device(HostMatrix m) { return linalg::to_device(m); }

std::vector<double> row_of(Points const& points, std::int64_t row) {
  auto const chosen = sample_of(points, {row});
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, chosen.features);
  return {host.data(), host.data() + host.size()};
}

HostMatrix gram(Points const& points) {
  Space const space;
  auto const p = static_cast<std::size_t>(points.width());
  Matrix sum{"sdp_clustering::gram", p, p};
  for_tiles(points.local(), [&](int begin, int count) {
    auto const rows = tile(points.features, begin, count);
    accumulate(space, rows, rows, sum);
  });
  space.fence();
  return summed(points.comm, sum);
}

Points sample_of(Points const& points, std::vector<std::int64_t> const& chosen) {
  auto const p = static_cast<std::size_t>(points.width());
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, points.features);
  HostMatrix rows{"sdp_clustering::sample", chosen.size(), p};
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    auto const local = chosen[i] - points.offset;
    if (local < 0 || local >= points.local()) continue;
    for (std::size_t j = 0; j < p; ++j) rows(i, j) = host(static_cast<std::size_t>(local), j);
  }
  sum_over_ranks(points.comm, rows.data(), rows.size());
  return {MPI_COMM_SELF, static_cast<std::int64_t>(chosen.size()), 0, on_device(rows)};
}

Points all_of(Points const& points) {
  std::vector<std::int64_t> every(static_cast<std::size_t>(points.count));
  std::iota(every.begin(), every.end(), 0);
  return sample_of(points, every);
}

}  // namespace kroma::sdp_clustering
