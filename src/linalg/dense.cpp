#include "linalg/dense.hpp"

#include <algorithm>
#include <cmath>
#include <lapacke.h>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

extern "C" void dgemm_(char const* trans_a, char const* trans_b, int const* m, int const* n, int const* k,
                       double const* alpha, double const* a, int const* lda, double const* b, int const* ldb,
                       double const* beta, double* c, int const* ldc);

extern "C" void dtrsm_(char const* side, char const* uplo, char const* trans, char const* diagonal, int const* m,
                       int const* n, double const* alpha, double const* a, int const* lda, double* b, int const* ldb);

namespace kroma::linalg {
namespace {

HostMatrix make(int rows, int columns) {
  return HostMatrix{"linalg::dense", static_cast<std::size_t>(rows), static_cast<std::size_t>(columns)};
}

HostMatrix copy(HostMatrix a) {
  auto b = make(a.extent_int(0), a.extent_int(1));
  Kokkos::deep_copy(b, a);
  return b;
}

void lapack_ok(int info, char const* routine) {
  require(info >= 0, "LAPACK arguments");
  if (info > 0) {
    throw solver_failed(fmt::format("LAPACK's {} did not converge (info = {})", routine, info),
                        "Look for NaN or values beyond 1e150 in the data.");
  }
}

/// Eigenvalues number `first` to `last`, from 1, ascending, by relatively robust representations, or by divide and
/// conquer where those fail (tight clusters of values).
Eigen eigen_range(HostMatrix a, int first, int last, bool vectors) {
  int const n = a.extent_int(0), count = last - first + 1;
  require(n == a.extent_int(1) && first >= 1 && last <= n, "eigenvalues of a square matrix");
  // Row-major lower is column-major upper: no transposition inside LAPACKE.
  auto work = copy(a);
  std::vector<double> values(n);
  std::vector<int> support(2 * static_cast<std::size_t>(std::max(1, count)));
  HostMatrix rows = make(vectors ? count : 1, n);
  int found = 0;
  char const job = vectors ? 'V' : 'N';
  int info = LAPACKE_dsyevr(LAPACK_COL_MAJOR, job, 'I', 'U', n, work.data(), n, 0.0, 0.0, first, last, 0.0, &found,
                            values.data(), rows.data(), n, support.data());
  if (info == 0 && found == count) {
    values.resize(count);
    return {values, vectors ? transposed(rows) : make(n, 0)};
  }
  Kokkos::deep_copy(work, a);
  lapack_ok(LAPACKE_dsyevd(LAPACK_COL_MAJOR, job, 'U', n, work.data(), n, values.data()), "eigenvalue decomposition");
  Eigen part{{values.begin() + first - 1, values.begin() + last}, make(n, 0)};
  if (vectors) part.vectors = transposed(kroma::linalg::rows(work, first - 1, count));
  return part;
}

}  // namespace

Eigen highest_eigen(HostMatrix a, int count) {
  return eigen_range(a, a.extent_int(0) - count + 1, a.extent_int(0), true);
}

std::vector<double> lowest_eigenvalues(HostMatrix a, int count) { return eigen_range(a, 1, count, false).values; }

Svd svd(HostMatrix a) {
  int const m = a.extent_int(0), n = a.extent_int(1), k = std::min(m, n);
  Svd result{make(m, k), std::vector<double>(k), make(k, n)};
  auto work = copy(a);
  int info = LAPACKE_dgesdd(LAPACK_ROW_MAJOR, 'S', m, n, work.data(), n, result.s.data(), result.u.data(), k,
                            result.vt.data(), n);
  if (info > 0) {  // divide and conquer can fail on nearly dependent columns where the QR iteration does not
    Kokkos::deep_copy(work, a);
    std::vector<double> superdiagonal(std::max(1, k - 1));
    info = LAPACKE_dgesvd(LAPACK_ROW_MAJOR, 'S', 'S', m, n, work.data(), n, result.s.data(), result.u.data(), k,
                          result.vt.data(), n, superdiagonal.data());
  }
  lapack_ok(info, "singular value decomposition");
  return result;
}

HostMatrix multiply(HostMatrix a, HostMatrix b, bool transpose_a, bool transpose_b) {
  int const m = a.extent_int(transpose_a ? 1 : 0), k = a.extent_int(transpose_a ? 0 : 1);
  int const n = b.extent_int(transpose_b ? 0 : 1);
  require(k == b.extent_int(transpose_b ? 1 : 0), "inner extents of a matrix product");
  auto c = make(m, n);
  if (m == 0 || n == 0 || k == 0) return c;
  char const ta = transpose_a ? 'T' : 'N', tb = transpose_b ? 'T' : 'N';
  double const one = 1.0, zero = 0.0;
  int const lead_a = a.extent_int(1), lead_b = b.extent_int(1);
  // Row-major, as in linalg/gemm_host.cpp: the factors change places.
  dgemm_(&tb, &ta, &n, &m, &k, &one, b.data(), &lead_b, a.data(), &lead_a, &zero, c.data(), &n);
  return c;
}

HostMatrix null_space(HostMatrix rows) {
  int const k = rows.extent_int(0), n = rows.extent_int(1);
  require(k <= n, "null space of a wide matrix");
  auto q = make(n, n);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < k; ++j) q(i, j) = rows(j, i);
  }
  if (k == 0) {
    for (int i = 0; i < n; ++i) q(i, i) = 1.0;
    return q;
  }
  std::vector<double> tau(std::max(1, k));
  lapack_ok(LAPACKE_dgeqrf(LAPACK_ROW_MAJOR, n, k, q.data(), n, tau.data()), "QR");
  lapack_ok(LAPACKE_dorgqr(LAPACK_ROW_MAJOR, n, n, k, q.data(), n, tau.data()), "QR");
  return columns(q, k, n - k);
}

HostMatrix least_squares(HostMatrix a, HostMatrix b, double cutoff) {
  auto const f = svd(a);
  int const k = static_cast<int>(f.s.size()), p = b.extent_int(1);
  auto c = multiply(f.u, b, true);
  for (int i = 0; i < k; ++i) {
    double const factor = f.s[i] > cutoff * f.s[0] ? 1.0 / f.s[i] : 0.0;
    for (int j = 0; j < p; ++j) c(i, j) *= factor;
  }
  return multiply(f.vt, c, true);
}

std::optional<HostMatrix> cholesky(HostMatrix a) {
  int const n = a.extent_int(0);
  require(n == a.extent_int(1), "a square matrix");
  auto lower = copy(a);
  // The upper triangle of the columns is the lower one of the rows.
  int const info = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', n, lower.data(), std::max(1, n));
  require(info >= 0, "LAPACK arguments");
  if (info > 0 || (n > 0 && !std::isfinite(lower(n - 1, n - 1)))) return std::nullopt;
  for (int i = 0; i < n; ++i) {
    for (int j = i + 1; j < n; ++j) lower(i, j) = 0.0;
  }
  return lower;
}

HostMatrix inverse_from_cholesky(HostMatrix lower) {
  int const n = lower.extent_int(0);
  auto inverse = copy(lower);
  lapack_ok(LAPACKE_dpotri(LAPACK_COL_MAJOR, 'U', n, inverse.data(), std::max(1, n)), "inverse");
  for (int i = 0; i < n; ++i) {
    for (int j = i + 1; j < n; ++j) inverse(i, j) = inverse(j, i);
  }
  return inverse;
}

HostMatrix solve_triangular(HostMatrix lower, HostMatrix b, bool transpose) {
  int const n = lower.extent_int(0), p = b.extent_int(1);
  require(n == b.extent_int(0), "extents of a triangular solve");
  auto x = copy(b);
  if (n == 0 || p == 0) return x;
  char const side = 'R', upper = 'U', trans = transpose ? 'T' : 'N', diagonal = 'N';
  double const one = 1.0;
  // Of columns, x^T <- x^T U^-1 with U = L^T solves x <- L^-1 x.
  dtrsm_(&side, &upper, &trans, &diagonal, &p, &n, &one, lower.data(), &n, x.data(), &p);
  return x;
}

Eigen symmetric_eigen(HostMatrix a) {
  int const n = a.extent_int(0);
  require(n == a.extent_int(1), "a square matrix");
  auto rows = copy(a);
  std::vector<double> values(static_cast<std::size_t>(n));
  lapack_ok(LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', n, rows.data(), std::max(1, n), values.data()), "eigenvalues");
  return {std::move(values), transposed(rows)};  // columns of LAPACK's matrix are rows of ours
}

HostMatrix transposed(HostMatrix a) {
  auto b = make(a.extent_int(1), a.extent_int(0));
  for (int i = 0; i < a.extent_int(0); ++i) {
    for (int j = 0; j < a.extent_int(1); ++j) b(j, i) = a(i, j);
  }
  return b;
}

HostMatrix columns(HostMatrix a, int first, int count) {
  auto b = make(a.extent_int(0), count);
  for (int i = 0; i < a.extent_int(0); ++i) {
    for (int j = 0; j < count; ++j) b(i, j) = a(i, first + j);
  }
  return b;
}

HostMatrix rows(HostMatrix a, int first, int count) {
  auto b = make(count, a.extent_int(1));
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < a.extent_int(1); ++j) b(i, j) = a(first + i, j);
  }
  return b;
}

HostMatrix broadcast(MPI_Comm comm, int root, HostMatrix mine) {
  int shape[2] = {mine.extent_int(0), mine.extent_int(1)};
  MPI_Bcast(shape, 2, MPI_INT, root, comm);
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  auto all = rank == root ? mine : make(shape[0], shape[1]);
  MPI_Bcast(all.data(), shape[0] * shape[1], MPI_DOUBLE, root, comm);
  return all;
}

std::vector<double> broadcast(MPI_Comm comm, int root, std::vector<double> mine) {
  int size = static_cast<int>(mine.size());
  MPI_Bcast(&size, 1, MPI_INT, root, comm);
  mine.resize(size);
  MPI_Bcast(mine.data(), size, MPI_DOUBLE, root, comm);
  return mine;
}

Matrix to_device(HostMatrix a) {
  Matrix b{"linalg::factor", a.extent(0), a.extent(1)};
  Kokkos::deep_copy(b, a);
  return b;
}

}  // namespace kroma::linalg
