#pragma once

#include <array>
#include <cstdint>

#include <mpi.h>

#include "core/space.hpp"

namespace kroma::grid {

/// How `size` rows are shared out: consecutive blocks, the first size % ranks of them one row longer.
/// Ranks beyond `size` own none.
struct BlockMap {
  int size = 0, ranks = 1;

  KOKKOS_INLINE_FUNCTION int begin(int rank) const {
    int const longer = size % ranks;
    return rank * (size / ranks) + (rank < longer ? rank : longer);
  }
  KOKKOS_INLINE_FUNCTION int count(int rank) const { return size / ranks + (rank < size % ranks ? 1 : 0); }
  /// The rank that has row `row` of [0, size).
  KOKKOS_INLINE_FUNCTION int owner(int row) const {
    int const width = size / ranks, longer = size % ranks;
    return row < longer * (width + 1) ? row / (width + 1) : longer + (row - longer * (width + 1)) / width;
  }
};

/// Global extents of a three-dimensional tensor; an axis that a problem lacks has extent 1.
using Extents = std::array<int, 3>;

/// Ranks as a P0 x P1 rectangle, and the place of one of them in it. P1 = 1: slabs; otherwise pencils.
struct ProcessGrid {
  std::array<int, 2> ranks{1, 1}, place{0, 0};

  /// That of a two-dimensional Cartesian communicator; any other makes slabs. Not collective.
  static ProcessGrid of(MPI_Comm comm);
  int size() const { return ranks[0] * ranks[1]; }
};

/// P0 x P1 = `ranks` with P0 >= P1 as equal as can be.
std::array<int, 2> nearly_square(int ranks);

/// P0 x P1 = `ranks` for tensors of extents n: slabs, unless there are more ranks than rows of axis 0 or pencils leave
/// the fullest rank with less than 4/5 of what slabs give it; never pencils where axis 2 is none.
std::array<int, 2> suitable_sides(int ranks, Extents const& n);

/// A communicator whose ranks, in the same order, form a rectangle: what hands pencils to everything below. Functions
/// that share out tensors see it in the communicator they are given.
class ArrangedRanks {
 public:
  /// `ranks[0] * ranks[1]` is the size of `comm`. Collective.
  ArrangedRanks(MPI_Comm comm, std::array<int, 2> ranks);
  ~ArrangedRanks();
  ArrangedRanks(ArrangedRanks const&) = delete;
  ArrangedRanks& operator=(ArrangedRanks const&) = delete;

  MPI_Comm comm() const { return comm_; }

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
};

/// Where this rank's part of a tensor lies. Axis split[k] is shared out over the k-th side of the process grid; the
/// third axis is whole on every rank. As tensors are kept, {0, 1}: slabs or pencils, with the last axis whole.
class Layout {
 public:
  Layout() = default;
  /// Not collective.
  Layout(MPI_Comm comm, Extents extents) : Layout{ProcessGrid::of(comm), extents} { comm_ = comm; }
  /// Without a communicator, for planning.
  Layout(ProcessGrid const& processes, Extents extents) : extents_{extents}, processes_{processes} {}

  MPI_Comm comm() const { return comm_; }
  Extents const& extents() const { return extents_; }
  ProcessGrid const& processes() const { return processes_; }
  std::array<int, 2> const& split() const { return split_; }
  /// The same tensor with `axis` shared out over side `side` instead.
  Layout moved(int side, int axis) const;
  /// The same distribution of another tensor.
  Layout resized(Extents extents) const;

  /// First row and number of rows along `axis` that this rank has.
  int begin(int axis) const;
  int count(int axis) const;
  Extents local() const { return {count(0), count(1), count(2)}; }
  std::int64_t local_size() const;
  std::int64_t global_size() const;

 private:
  BlockMap map(int axis, int& place) const;

  MPI_Comm comm_ = MPI_COMM_SELF;
  Extents extents_{1, 1, 1};
  ProcessGrid processes_;
  std::array<int, 2> split_{0, 1};
};

}  // namespace kroma::grid
