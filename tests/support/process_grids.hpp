#pragma once

#include <array>
#include <vector>

#include <mpi.h>

namespace kroma::test {

/// Every P0 x P1 whose product is the size of `comm`: slabs, pencils, and slabs along the second axis.
inline std::vector<std::array<int, 2>> process_grids(MPI_Comm comm) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  std::vector<std::array<int, 2>> grids;
  for (int side = 1; side <= size; ++side) {
    if (size % side == 0) grids.push_back({size / side, side});
  }
  return grids;
}

}  // namespace kroma::test
