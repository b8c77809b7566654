#include "grid/slab.hpp"

#include <limits>
#include <vector>

#include "core/error.hpp"

namespace kroma::grid {
namespace {

/// The part of row-major slab (n0_local, n1, n2) that goes to one rank: columns [first, first + width) of axis 1.
void pack(Space const& space, ConstTensor slab, int first, int width, Vector message, std::int64_t start) {
  int const n0 = slab.extent_int(0), n2 = slab.extent_int(2);
  Kokkos::parallel_for(
      "grid::pack", Kokkos::RangePolicy<Space>(space, 0, n0 * width), KOKKOS_LAMBDA(int const row) {
        int const i = row / width, j = row % width;
        for (int k = 0; k < n2; ++k) message(start + static_cast<std::int64_t>(row) * n2 + k) = slab(i, first + j, k);
      });
}

void unpack_add(Space const& space, ConstVector message, std::int64_t start, int first, int width, Tensor slab) {
  int const n0 = slab.extent_int(0), n2 = slab.extent_int(2);
  Kokkos::parallel_for(
      "grid::unpack_add", Kokkos::RangePolicy<Space>(space, 0, n0 * width), KOKKOS_LAMBDA(int const row) {
        int const i = row / width, j = row % width;
        for (int k = 0; k < n2; ++k) slab(i, first + j, k) += message(start + static_cast<std::int64_t>(row) * n2 + k);
      });
}

}  // namespace

int Layout::rank() const {
  int value = 0;
  MPI_Comm_rank(comm, &value);
  return value;
}

int Layout::ranks() const {
  int value = 1;
  MPI_Comm_size(comm, &value);
  return value;
}

Extents Layout::local() const {
  auto mine = extents;
  mine[split] = map().count(rank());
  return mine;
}

std::int64_t Layout::local_size() const {
  auto const n = local();
  return static_cast<std::int64_t>(n[0]) * n[1] * n[2];
}

std::int64_t Layout::global_size() const { return static_cast<std::int64_t>(extents[0]) * extents[1] * extents[2]; }

Turn::Turn(MPI_Comm comm, Extents extents) : slab_{comm, extents, 0}, turned_{comm, extents, 1} {
  require(
      slab_.local_size() <= std::numeric_limits<int>::max() && turned_.local_size() <= std::numeric_limits<int>::max(),
      "a rank's part of a transposed tensor fits MPI's int counts (use more ranks)");
  slab_side_ = Vector{"grid::Turn::slab_side", static_cast<std::size_t>(slab_.local_size())};
  turned_side_ = Vector{"grid::Turn::turned_side", static_cast<std::size_t>(turned_.local_size())};
}

void Turn::exchange(bool forward) {
  int const ranks = slab_.ranks(), me = slab_.rank();
  BlockMap const rows = slab_.map(), columns = turned_.map();
  int const n2 = slab_.extents[2];
  std::vector<int> slab_counts(ranks), slab_starts(ranks), turned_counts(ranks), turned_starts(ranks);
  for (int rank = 0; rank < ranks; ++rank) {
    slab_counts[rank] = rows.count(me) * columns.count(rank) * n2;
    slab_starts[rank] = rows.count(me) * columns.begin(rank) * n2;
    turned_counts[rank] = rows.count(rank) * columns.count(me) * n2;
    turned_starts[rank] = rows.begin(rank) * columns.count(me) * n2;
    if (rank != me) bytes_sent_ += 8LL * (forward ? slab_counts[rank] : turned_counts[rank]);
  }
  // Messages go through host memory: nothing is copied where the host is the execution space.
  auto slab_host = Kokkos::create_mirror_view(Kokkos::HostSpace{}, slab_side_);
  auto turned_host = Kokkos::create_mirror_view(Kokkos::HostSpace{}, turned_side_);
  if (forward) {
    Kokkos::deep_copy(slab_host, slab_side_);
    MPI_Alltoallv(slab_host.data(), slab_counts.data(), slab_starts.data(), MPI_DOUBLE, turned_host.data(),
                  turned_counts.data(), turned_starts.data(), MPI_DOUBLE, slab_.comm);
    Kokkos::deep_copy(turned_side_, turned_host);
  } else {
    Kokkos::deep_copy(turned_host, turned_side_);
    MPI_Alltoallv(turned_host.data(), turned_counts.data(), turned_starts.data(), MPI_DOUBLE, slab_host.data(),
                  slab_counts.data(), slab_starts.data(), MPI_DOUBLE, slab_.comm);
    Kokkos::deep_copy(slab_side_, slab_host);
  }
}

void Turn::forward(Space const& space, ConstTensor slab, Tensor turned) {
  BlockMap const columns = turned_.map();
  std::int64_t start = 0;
  for (int rank = 0; rank < slab_.ranks(); ++rank) {
    pack(space, slab, columns.begin(rank), columns.count(rank), slab_side_, start);
    start += static_cast<std::int64_t>(slab.extent(0)) * columns.count(rank) * slab_.extents[2];
  }
  space.fence();
  exchange(true);
  // Rank by rank the rows of axis 0 arrive in order, which is the memory order of the turned tensor.
  Kokkos::deep_copy(space, Vector(turned.data(), turned.size()), turned_side_);
}

void Turn::backward_add(Space const& space, ConstTensor turned, Tensor slab) {
  Kokkos::deep_copy(space, turned_side_, ConstVector(turned.data(), turned.size()));
  space.fence();
  exchange(false);
  BlockMap const columns = turned_.map();
  std::int64_t start = 0;
  for (int rank = 0; rank < slab_.ranks(); ++rank) {
    unpack_add(space, slab_side_, start, columns.begin(rank), columns.count(rank), slab);
    start += static_cast<std::int64_t>(slab.extent(0)) * columns.count(rank) * slab_.extents[2];
  }
}

}  // namespace kroma::grid
