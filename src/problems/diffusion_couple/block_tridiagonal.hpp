#pragma once

#include <cstddef>
#include <vector>

namespace kroma::diffusion_couple {

/// A cyclic block tridiagonal system of n blocks of size m, row-major: row i couples to i - 1 (below), i and i + 1
/// (above); below of the first row and above of the last join the ends, if `cyclic`.
struct BlockTridiagonal {
  BlockTridiagonal(std::size_t blocks, std::size_t block_size, bool is_cyclic);

  /// Solves in place: `right` (n m) becomes the solution; the matrix is overwritten. Elimination without pivoting
  /// between blocks, for matrices that are diagonally dominant by blocks.
  void solve(std::vector<double>& right);

  std::size_t n, m;
  bool cyclic;
  std::vector<double> below, diagonal, above;  // (n, m, m)
};

}  // namespace kroma::diffusion_couple
