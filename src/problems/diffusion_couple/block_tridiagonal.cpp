#include "problems/diffusion_couple/block_tridiagonal.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "numerics/tridiagonal.hpp"

namespace kroma::diffusion_couple {
namespace {

/// Solves A X = B in place, A (m, m), B (m, columns), with partial pivoting; A is overwritten.
void solve_dense(double* a, double* b, std::size_t m, std::size_t columns) {
  for (std::size_t k = 0; k < m; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < m; ++i) {
      if (std::abs(a[i * m + k]) > std::abs(a[pivot * m + k])) pivot = i;
    }
    if (pivot != k) {
      std::swap_ranges(a + k * m, a + (k + 1) * m, a + pivot * m);
      std::swap_ranges(b + k * columns, b + (k + 1) * columns, b + pivot * columns);
    }
    for (std::size_t i = 0; i < m; ++i) {
      if (i == k) continue;
      double const factor = a[i * m + k] / a[k * m + k];
      for (std::size_t j = k; j < m; ++j) a[i * m + j] -= factor * a[k * m + j];
      for (std::size_t j = 0; j < columns; ++j) b[i * columns + j] -= factor * b[k * columns + j];
    }
  }
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < columns; ++j) b[i * columns + j] /= a[i * m + i];
  }
}

/// c -= a b for blocks a (m, m), b (m, columns).
void subtract_product(double const* a, double const* b, double* c, std::size_t m, std::size_t columns) {
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t k = 0; k < m; ++k) {
      for (std::size_t j = 0; j < columns; ++j) c[i * columns + j] -= a[i * m + k] * b[k * columns + j];
    }
  }
}

/// The first `rows` rows without their cyclic couplings; right (rows, m, columns).
void solve_open(BlockTridiagonal& t, std::size_t rows, std::vector<double>& right, std::size_t columns) {
  auto const m = t.m, mm = m * m, stride = m * columns;
  // Every row is scaled by its diagonal: above and right hold D^-1 U and D^-1 b; both are solved for together.
  std::vector<double> both(m * (m + columns));
  auto const eliminate = [&](std::size_t i) {
    for (std::size_t r = 0; r < m; ++r) {
      std::copy_n(&t.above[i * mm + r * m], m, &both[r * (m + columns)]);
      std::copy_n(&right[i * stride + r * columns], columns, &both[r * (m + columns) + m]);
    }
    solve_dense(&t.diagonal[i * mm], both.data(), m, m + columns);
    for (std::size_t r = 0; r < m; ++r) {
      std::copy_n(&both[r * (m + columns)], m, &t.above[i * mm + r * m]);
      std::copy_n(&both[r * (m + columns) + m], columns, &right[i * stride + r * columns]);
    }
  };
  for (std::size_t i = 0; i < rows; ++i) {
    if (i > 0) {
      subtract_product(&t.below[i * mm], &t.above[(i - 1) * mm], &t.diagonal[i * mm], m, m);
      subtract_product(&t.below[i * mm], &right[(i - 1) * stride], &right[i * stride], m, columns);
    }
    eliminate(i);
  }
  for (std::size_t i = rows - 1; i-- > 0;) {
    subtract_product(&t.above[i * mm], &right[(i + 1) * stride], &right[i * stride], m, columns);
  }
}

/// The last block is set aside: the others are solved for the right-hand side and for its couplings, then it follows.
void solve_cyclic(BlockTridiagonal& t, std::vector<double>& right) {
  auto const m = t.m, mm = m * m, rows = t.n - 1, columns = m + 1;
  std::vector<double> b(rows * m * columns, 0.0);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t r = 0; r < m; ++r) {
      auto* row = &b[(i * m + r) * columns];
      row[0] = right[i * m + r];
      for (std::size_t k = 0; k < m; ++k) {
        if (i == 0) row[k + 1] += t.below[r * m + k];
        if (i + 1 == rows) row[k + 1] += t.above[i * mm + r * m + k];
      }
    }
  }
  std::vector<double> const last_below(&t.below[rows * mm], &t.below[rows * mm] + mm),
      last_above(&t.above[rows * mm], &t.above[rows * mm] + mm);
  solve_open(t, rows, b, columns);
  std::vector<double> small(m * columns, 0.0);  // right-hand side and matrix of the last block
  for (std::size_t r = 0; r < m; ++r) {
    small[r * columns] = right[rows * m + r];
    for (std::size_t k = 0; k < m; ++k) small[r * columns + k + 1] = t.diagonal[rows * mm + r * m + k];
  }
  subtract_product(last_below.data(), &b[(rows - 1) * m * columns], small.data(), m, columns);
  subtract_product(last_above.data(), &b[0], small.data(), m, columns);
  std::vector<double> matrix(mm), last(m);
  for (std::size_t r = 0; r < m; ++r) {
    last[r] = small[r * columns];
    std::copy_n(&small[r * columns + 1], m, &matrix[r * m]);
  }
  solve_dense(matrix.data(), last.data(), m, 1);
  std::copy(last.begin(), last.end(), &right[rows * m]);
  for (std::size_t i = 0; i < rows * m; ++i) {
    right[i] = b[i * columns];
    for (std::size_t k = 0; k < m; ++k) right[i] -= b[i * columns + k + 1] * last[k];
  }
}

}  // namespace

BlockTridiagonal::BlockTridiagonal(std::size_t blocks, std::size_t block_size, bool is_cyclic)
    : n{blocks},
      m{block_size},
      cyclic{is_cyclic},
      below(n * m * m, 0.0),
      diagonal(n * m * m, 0.0),
      above(n * m * m, 0.0) {}

void BlockTridiagonal::solve(std::vector<double>& right) {
  if (cyclic) return solve_cyclic(*this, right);
  if (m == 1) return numerics::solve_tridiagonal(below, diagonal, above, right);
  solve_open(*this, n, right, 1);
}

}  // namespace kroma::diffusion_couple
