#pragma once

#include <optional>
#include <vector>

#include <mpi.h>

#include "core/space.hpp"

namespace kroma::linalg {

/// Small dense algebra on one host rank, through LAPACK; row-major matrices. None of it is collective, except
/// `broadcast`. All throw internal_error if shapes disagree, solver_failed if LAPACK does not converge.

/// A (m, n) = U diag(s) V^T with k = min(m, n); s descending.
struct Svd {
  HostMatrix u;           // (m, k)
  std::vector<double> s;  // (k)
  HostMatrix vt;          // (k, n)
};
Svd svd(HostMatrix a);

/// C = op(A) op(B).
HostMatrix multiply(HostMatrix a, HostMatrix b, bool transpose_a = false, bool transpose_b = false);

/// The rows (k, n), k <= n, have full rank: Q (n, n-k) with orthonormal columns and rows Q = 0, by a QR of rows^T.
HostMatrix null_space(HostMatrix rows);

/// argmin ||A X - B||_F of smallest norm, A (m, n), B (m, p): X (n, p), singular values below
/// `cutoff` * largest taken as zero.
HostMatrix least_squares(HostMatrix a, HostMatrix b, double cutoff);

/// The symmetric positive definite A = L L^T: L (n, n), zero above the diagonal; nothing where A is not positive
/// definite to rounding.
std::optional<HostMatrix> cholesky(HostMatrix a);
/// A^-1, symmetric, from L of `cholesky`.
HostMatrix inverse_from_cholesky(HostMatrix lower);
/// L^-1 B, or L^-T B if `transpose`; B (n, p).
HostMatrix solve_triangular(HostMatrix lower, HostMatrix b, bool transpose);

/// The symmetric A = V diag(values) V^T; values ascending, eigenvectors the columns of V.
struct Eigen {
  std::vector<double> values;
  HostMatrix vectors;
};
Eigen symmetric_eigen(HostMatrix a);
/// The `count` highest eigenvalues of the symmetric A alone, ascending, with their vectors.
Eigen highest_eigen(HostMatrix a, int count);
/// The `count` lowest, without vectors.
std::vector<double> lowest_eigenvalues(HostMatrix a, int count);

HostMatrix transposed(HostMatrix a);
/// Columns [first, first + count) of a, as a new matrix.
HostMatrix columns(HostMatrix a, int first, int count);
/// Rows [first, first + count) of a, as a new matrix.
HostMatrix rows(HostMatrix a, int first, int count);

/// `mine` of rank `root`, on all ranks: the same bits, whatever the processors. Collective.
HostMatrix broadcast(MPI_Comm comm, int root, HostMatrix mine);
std::vector<double> broadcast(MPI_Comm comm, int root, std::vector<double> mine);

/// A copy where kernels run.
Matrix to_device(HostMatrix a);

}  // namespace kroma::linalg
