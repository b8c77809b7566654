#include "solve/linear_solver.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "linalg/mat_shell.hpp"
#include "linalg/petsc_view.hpp"

namespace {

using kroma::Space;
using kroma::linalg::BorrowedView;
using kroma::linalg::MatShell;

/// y(i) = (1, 2, 3, 4, 1, 2, ...)(begin + i) x(i). A kernel of its own: nvcc allows none inside another lambda.
void multiply_by_four_values(PetscInt begin, kroma::ConstVector x, kroma::Vector y) {
  Kokkos::parallel_for(
      "test::multiply_by_four_values", Kokkos::RangePolicy<Space>(0, x.extent(0)),
      KOKKOS_LAMBDA(int const i) { y(i) = static_cast<double>((begin + i) % 4 + 1) * x(i); });
  Kokkos::fence();
}

/// diag(1, 2, 3, 4, 1, 2, ...): four distinct eigenvalues, so CG must end after four steps.
MatShell four_eigenvalues(PetscInt local) {
  PetscInt begin = 0;
  MPI_Exscan(&local, &begin, 1, MPIU_INT, MPI_SUM, MPI_COMM_WORLD);
  return MatShell{MPI_COMM_WORLD, local, true, [begin](Vec x, Vec y) {
                    BorrowedView<double const> const from{x};
                    BorrowedView<double> const to{y};
                    multiply_by_four_values(begin, from.flat(), to.flat());
                  }};
}

PetscInt uneven_rows() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return 5 + 3 * rank;
}

// Verifies: the shell's product reaches KSP, CG needs one step per distinct eigenvalue, and the solution is right.
TEST(LinearSolver, ConjugateGradientsOnAShell) {
  auto const shell = four_eigenvalues(uneven_rows());
  auto const b = shell.vector(), x = shell.vector(), residual = shell.vector();
  kroma::petsc_ok(VecSet(b, 1.0));
  kroma::solve::LinearSolver solver{shell.mat(), "test_", KSPCG};
  auto const report = solver.solve(b, x, {.relative = 1e-12});
  EXPECT_TRUE(report.converged);
  EXPECT_EQ(report.iterations, 4);
  ASSERT_EQ(report.history.size(), 5u);
  kroma::petsc_ok(MatMult(shell.mat(), x, residual));
  kroma::petsc_ok(VecAXPY(residual, -1.0, b));
  PetscReal norm = 1;
  kroma::petsc_ok(VecNorm(residual, NORM_2, &norm));
  EXPECT_LT(norm, 1e-11);
}

// Verifies: a solve that may not finish says so, and a NaN is an error on every rank rather than a silent result.
TEST(LinearSolver, ReportsFailure) {
  auto const shell = four_eigenvalues(uneven_rows());
  auto const b = shell.vector(), x = shell.vector();
  kroma::petsc_ok(VecSet(b, 1.0));
  kroma::solve::LinearSolver solver{shell.mat(), "test_", KSPCG};
  EXPECT_FALSE(solver.solve(b, x, {.relative = 1e-12, .max_iterations = 2}).converged);
  kroma::petsc_ok(VecSet(b, std::numeric_limits<double>::quiet_NaN()));
  try {
    solver.solve(b, x, {});
    ADD_FAILURE() << "a NaN went through";
  } catch (kroma::Error const& e) {
    EXPECT_EQ(e.kind(), kroma::Exit::solver_failed);
  }
}

}  // namespace
