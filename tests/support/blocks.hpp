#pragma once

// Arrays whose element number i (row-major) is i + first, and the parts of them that ranks hold.

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <mpi.h>

#include "io/data.hpp"

namespace kroma::test {

inline int rank_of(MPI_Comm comm) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

inline int size_of(MPI_Comm comm) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  return size;
}

/// This rank's part of an array shared along `axis`, uneven where it does not divide; with more ranks than rows some
/// have none.
inline io::Block slab(io::Shape const& shape, std::size_t axis = 0, MPI_Comm comm = MPI_COMM_WORLD) {
  std::int64_t const n = shape[axis], ranks = size_of(comm), part = rank_of(comm);
  io::Block block{io::Shape(shape.size(), 0), shape};
  block.offset[axis] = n * part / ranks;
  block.count[axis] = n * (part + 1) / ranks - block.offset[axis];
  return block;
}

inline std::vector<double> counted(std::int64_t n, double first = 0) {
  std::vector<double> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), first);
  return values;
}

inline std::vector<double> counted(io::Shape const& shape, io::Block const& block, double first = 0) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < io::elements(shape); ++i) {
    bool inside = true;
    auto rest = i;
    for (auto axis = shape.size(); axis-- > 0;) {
      auto const index = rest % shape[axis] - block.offset[axis];
      inside = inside && index >= 0 && index < block.count[axis];
      rest /= shape[axis];
    }
    if (inside) values.push_back(static_cast<double>(i) + first);
  }
  return values;
}

}  // namespace kroma::test
