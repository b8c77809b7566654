#pragma once

#include <cstddef>
#include <span>

namespace kroma::numerics {

/// Solves a tridiagonal system in place: `right` (n) holds the solution afterwards, `diagonal` is overwritten.
/// Elimination without pivoting, for matrices that are diagonally dominant or symmetric positive definite, from both
/// ends to the middle and back: two chains of dependent operations that the processor works on at once. below[0] and
/// above[n-1] are not read.
inline void solve_tridiagonal(std::span<double const> below, std::span<double> diagonal, std::span<double const> above,
                              std::span<double> right) {
  std::size_t const n = diagonal.size(), half = n / 2;  // rows before `half` from the top, the others from the bottom
  if (n < 2) {
    if (n == 1) right[0] /= diagonal[0];
    return;
  }
  auto const from_top = [&](std::size_t i) {
    double const factor = below[i] * diagonal[i - 1];
    diagonal[i] = 1 / (diagonal[i] - factor * above[i - 1]);
    right[i] -= factor * right[i - 1];
  };
  auto const from_bottom = [&](std::size_t i) {
    double const factor = above[i] * diagonal[i + 1];
    diagonal[i] = 1 / (diagonal[i] - factor * below[i + 1]);
    right[i] -= factor * right[i + 1];
  };
  diagonal[0] = 1 / diagonal[0];  // the reciprocals of what elimination leaves on the diagonal
  diagonal[n - 1] = 1 / diagonal[n - 1];
  for (std::size_t k = 1; k < half; ++k) {
    from_top(k);
    from_bottom(n - 1 - k);
  }
  bool const odd = n - half > half;
  if (odd) from_bottom(half);
  // The two rows that meet:
  double const coupled = above[half - 1] * diagonal[half - 1], down = below[half] * diagonal[half];
  double const upper = right[half - 1] * diagonal[half - 1], lower = right[half] * diagonal[half];
  right[half - 1] = (upper - coupled * lower) / (1 - coupled * down);
  right[half] = lower - down * right[half - 1];
  for (std::size_t k = 2; k <= half; ++k) {
    right[half - k] = (right[half - k] - above[half - k] * right[half - k + 1]) * diagonal[half - k];
    std::size_t const i = half + k - 1;
    right[i] = (right[i] - below[i] * right[i - 1]) * diagonal[i];
  }
  if (odd) right[n - 1] = (right[n - 1] - below[n - 1] * right[n - 2]) * diagonal[n - 1];
}

}  // namespace kroma::numerics
