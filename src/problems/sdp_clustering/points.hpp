#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <mpi.h>

#include "core/space.hpp"
#include "linalg/gemm.hpp"

namespace kroma::sdp_clustering {

using Labels = VectorOn<Space, int>;

/// Rows shared out over ranks: centred coordinates of points, and a 1 as the last feature, so that sums and offsets
/// are part of the same matrix products.
struct Points {
  MPI_Comm comm = MPI_COMM_SELF;
  std::int64_t count = 0, offset = 0;  // of all ranks; of this rank's first row
  Matrix features;                     // (local, d + 1)

  int local() const { return features.extent_int(0); }
  int width() const { return features.extent_int(1); }
  int dimension() const { return width() - 1; }
};

/// Rows that kernels and products take at a time: on a host they stay in the cache from one to the next; a device takes
/// as many as it can.
inline constexpr int kTile =
    Kokkos::SpaceAccessibility<Kokkos::HostSpace, Space::memory_space>::accessible ? 256 : 1 << 22;

/// Calls work(begin, count) for all rows in order.
template <class Work>
void for_tiles(int rows, Work&& work) {
  for (int begin = 0; begin < rows; begin += kTile) work(begin, std::min(kTile, rows - begin));
}

/// Rows [begin, begin + count) of a row-major matrix.
template <class T>
MatrixOn<Space, T> tile(MatrixOn<Space, T> const& m, int begin, int count) {
  return MatrixOn<Space, T>(m.data() + static_cast<std::size_t>(begin) * m.extent(1), static_cast<std::size_t>(count),
                            m.extent(1));
}

/// C = A B + beta C, with A (rows, k), B (k, n).
inline void multiply(Space const& space, ConstMatrix a, ConstMatrix b, Matrix c, double beta = 0.0) {
  int const k = b.extent_int(0), n = b.extent_int(1);
  linalg::gemm(space, {.m = a.extent_int(0),
                       .n = n,
                       .k = k,
                       .beta = beta,
                       .a = a.data(),
                       .b = b.data(),
                       .c = c.data(),
                       .lead_a = a.extent_int(1),
                       .lead_b = n,
                       .lead_c = c.extent_int(1)});
}

/// C += A^T B, with A (rows, m), B (rows, n).
inline void accumulate(Space const& space, ConstMatrix a, ConstMatrix b, Matrix c) {
  int const m = a.extent_int(1), n = b.extent_int(1);
  linalg::gemm(space, {.transpose_a = true,
                       .m = m,
                       .n = n,
                       .k = a.extent_int(0),
                       .beta = 1.0,
                       .a = a.data(),
                       .b = b.data(),
                       .c = c.data(),
                       .lead_a = m,
                       .lead_b = n,
                       .lead_c = n});
}

/// Sums over ranks, in place. Collective.
void sum_over_ranks(MPI_Comm comm, double* values, std::size_t count);
double sum_over_ranks(MPI_Comm comm, double value);
/// A matrix of the device summed over ranks, on the host. Collective.
HostMatrix summed(MPI_Comm comm, Matrix mine);
/// The matrix where kernels run.
Matrix on_device(HostMatrix m);

/// Row number `row` of all, features and all, on every rank. Collective.
std::vector<double> row_of(Points const& points, std::int64_t row);

/// F^T F over all ranks, (d + 1, d + 1): second moments, sums and the count. Collective.
HostMatrix gram(Points const& points);

/// The rows `chosen` (global numbers, ascending, the same on all ranks) as points of one rank alone, on every rank.
/// Collective.
Points sample_of(Points const& points, std::vector<std::int64_t> const& chosen);
/// All points on every rank. Collective.
Points all_of(Points const& points);

}  // namespace kroma::sdp_clustering
