#pragma once

#include <cmath>

#include "core/space.hpp"
#include "grid/layout.hpp"

namespace kroma::test {

/// A value that depends only on the global index, so that every rank count sees the same tensor.
inline double value_at(int i, int j, int k) { return std::sin(1.0 + 12.9898 * i + 78.233 * j + 37.719 * k); }

/// This rank's part of the tensor of `value_at`.
inline Tensor numbered_tensor(grid::Layout const& layout) {
  auto const n = layout.local();
  HostTensor host{"numbered", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                  static_cast<std::size_t>(n[2])};
  for (int i = 0; i < n[0]; ++i) {
    for (int j = 0; j < n[1]; ++j) {
      for (int k = 0; k < n[2]; ++k)
        host(i, j, k) = value_at(layout.begin(0) + i, layout.begin(1) + j, layout.begin(2) + k);
    }
  }
  return Kokkos::create_mirror_view_and_copy(Space{}, host);
}

/// A full matrix of numbers of order 1; different `seed`, different numbers.
inline HostMatrix numbered_matrix(int rows, int columns, int seed) {
  HostMatrix a{"numbered", static_cast<std::size_t>(rows), static_cast<std::size_t>(columns)};
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < columns; ++j) a(i, j) = std::cos(seed + 3.7 * i + 1.9 * j + 0.31 * i * j);
  }
  return a;
}

}  // namespace kroma::test
