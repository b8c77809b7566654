#include "problems/sdp_clustering/gather.hpp"

#include "linalg/dense.hpp"

namespace kroma::sdp_clustering {

bool is_first(MPI_Comm comm) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank == 0;
}

Labels all_labels(Points const& points, Labels mine) {
  Points const carrier{points.comm, points.count, points.offset, Matrix{"sdp_clustering::carrier", mine.extent(0), 1}};
  auto const column = carrier.features;
  Kokkos::parallel_for(
      "sdp_clustering::carry", Kokkos::RangePolicy<Space>(0, points.local()),
      KOKKOS_LAMBDA(int const i) { column(i, 0) = mine(i); });
  auto const all = all_of(carrier).features;
  Labels label{"sdp_clustering::label", all.extent(0)};
  Kokkos::parallel_for(
      "sdp_clustering::uncarry", Kokkos::RangePolicy<Space>(0, label.extent_int(0)),
      KOKKOS_LAMBDA(int const i) { label(i) = static_cast<int>(all(i, 0)); });
  return label;
}

HostMatrix coordinates(Points const& points) {
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, points.features);
  return linalg::columns(host, 0, points.dimension());
}

Matrix share_rows(Points const& points, HostMatrix first) {
  auto const all = linalg::broadcast(points.comm, 0, first);
  return on_device(linalg::rows(all, static_cast<int>(points.offset), points.local()));
}

void share_numbers(MPI_Comm comm, DenseSolution& s) {
  double numbers[5] = {s.objective, s.bound, s.kkt_residual, static_cast<double>(s.iterations),
                       s.converged ? 1.0 : 0.0};
  MPI_Bcast(numbers, 5, MPI_DOUBLE, 0, comm);
  s.objective = numbers[0];
  s.bound = numbers[1];
  s.kkt_residual = numbers[2];
  s.iterations = static_cast<int>(numbers[3]);
  s.converged = numbers[4] > 0;
  std::vector<double> history;
  for (auto const& step : s.history) {
    history.insert(history.end(), {static_cast<double>(step.iteration), step.objective, step.bound, step.residual});
  }
  history = linalg::broadcast(comm, 0, history);
  s.history.clear();
  for (std::size_t i = 0; i + 3 < history.size(); i += 4) {
    s.history.push_back({static_cast<std::int64_t>(history[i]), history[i + 1], history[i + 2], history[i + 3]});
  }
}

}  // namespace kroma::sdp_clustering
