#pragma once

#include <cstddef>
#include <span>

namespace kroma::numerics {

/// Solves a tridiagonal system in place: `right` (n) holds the solution afterwards, `diagonal` is overwritten. Thomas's
/// algorithm without pivoting, for matrices that are diagonally dominant or symmetric positive definite. below[0] and
/// above[n-1] are not read.
inline void solve_tridiagonal(std::span<double const> below, std::span<double> diagonal, std::span<double const> above,
                              std::span<double> right) {
  std::size_t const n = diagonal.size();
  for (std::size_t i = 1; i < n; ++i) {
    double const factor = below[i] / diagonal[i - 1];
    diagonal[i] -= factor * above[i - 1];
    right[i] -= factor * right[i - 1];
  }
  for (std::size_t i = n; i-- > 0;) {
    if (i + 1 < n) right[i] -= above[i] * right[i + 1];
    right[i] /= diagonal[i];
  }
}

}  // namespace kroma::numerics
