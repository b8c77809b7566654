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

  int begin(int rank) const { return rank * (size / ranks) + (rank < size % ranks ? rank : size % ranks); }
  int count(int rank) const { return size / ranks + (rank < size % ranks ? 1 : 0); }
};

/// Global extents of a three-dimensional tensor; an axis that a problem lacks has extent 1.
using Extents = std::array<int, 3>;

/// Where this rank's part of a tensor lies. A slab tensor is shared out along axis 0, a turned one along axis 1;
/// the other axes are whole on every rank.
struct Layout {
  MPI_Comm comm = MPI_COMM_SELF;
  Extents extents{1, 1, 1};
  int split = 0;  // the axis shared out: 0 (slab) or 1 (turned)

  int rank() const;
  int ranks() const;
  BlockMap map() const { return {extents[split], ranks()}; }
  int begin() const { return map().begin(rank()); }
  Extents local() const;
  std::int64_t local_size() const;
  std::int64_t global_size() const;
};

/// Moves a tensor from slabs along axis 0 to slabs along axis 1 and back, so that every axis is whole on a rank in
/// one of the two. Sizes need not divide by the number of ranks. One MPI_Alltoallv each way; on one rank a copy.
class Turn {
 public:
  /// `extents` of the tensor; allocates the message buffers. Throws internal_error if a block passes 2^31 values.
  Turn(MPI_Comm comm, Extents extents);

  Layout const& slab() const { return slab_; }
  Layout const& turned() const { return turned_; }

  /// turned (n0, n1_local, n2) = slab (n0_local, n1, n2). Collective.
  void forward(Space const& space, ConstTensor slab, Tensor turned);
  /// slab (n0_local, n1, n2) += turned (n0, n1_local, n2). Collective.
  void backward_add(Space const& space, ConstTensor turned, Tensor slab);

  /// Bytes this rank has sent to other ranks so far.
  std::int64_t bytes_sent() const { return bytes_sent_; }

 private:
  void exchange(bool forward);

  Layout slab_, turned_;
  Vector slab_side_, turned_side_;  // packed by rank; turned_side_ has the memory order of the turned tensor
  std::int64_t bytes_sent_ = 0;
};

}  // namespace kroma::grid
