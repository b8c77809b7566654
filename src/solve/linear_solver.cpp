#include "solve/linear_solver.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::solve {

LinearSolver::LinearSolver(Mat mat, std::string const& prefix, KSPType type) {
  MPI_Comm comm = MPI_COMM_NULL;
  petsc_ok(PetscObjectGetComm(reinterpret_cast<PetscObject>(mat), &comm));
  petsc_ok(KSPCreate(comm, ksp_.put()));
  petsc_ok(KSPSetOptionsPrefix(ksp_, prefix.c_str()));
  petsc_ok(KSPSetOperators(ksp_, mat, mat));
  petsc_ok(KSPSetType(ksp_, type));
  PC pc = nullptr;
  petsc_ok(KSPGetPC(ksp_, &pc));
  petsc_ok(PCSetType(pc, PCNONE));
  take_options();
}

void LinearSolver::take_options() {
  if (KSPSetFromOptions(ksp_) == 0) return;
  char const* prefix = nullptr;
  petsc_ok(KSPGetOptionsPrefix(ksp_, &prefix));
  throw bad_input(fmt::format("PETSc does not take one of the options under -{}", prefix),
                  "Look for a wrong name or value in solver.petsc, or behind -- on the command line.");
}

LinearReport LinearSolver::solve(Vec b, Vec x, LinearTolerances const& tolerances) {
  LinearReport report;
  std::vector<PetscReal> history(static_cast<std::size_t>(tolerances.max_iterations) + 2);
  petsc_ok(KSPSetTolerances(ksp_, tolerances.relative, tolerances.absolute, PETSC_DEFAULT, tolerances.max_iterations));
  take_options();  // the user's tolerances win
  petsc_ok(KSPSetResidualHistory(ksp_, history.data(), static_cast<PetscInt>(history.size()), PETSC_TRUE));
  petsc_ok(KSPSolve(ksp_, b, x));

  KSPConvergedReason reason{};
  char const* text = nullptr;
  PetscInt iterations = 0, recorded = 0;
  petsc_ok(KSPGetConvergedReason(ksp_, &reason));
  petsc_ok(KSPGetConvergedReasonString(ksp_, &text));
  petsc_ok(KSPGetIterationNumber(ksp_, &iterations));
  petsc_ok(KSPGetResidualHistory(ksp_, nullptr, &recorded));
  petsc_ok(KSPSetResidualHistory(ksp_, nullptr, 0, PETSC_TRUE));  // ours goes out of scope
  if (reason == KSP_DIVERGED_NANORINF) {
    throw solver_failed(fmt::format("a NaN or infinity appeared in linear iteration {}", iterations),
                        "Look for extreme values in the source and the boundary data.");
  }
  report.iterations = static_cast<int>(iterations);
  report.converged = reason > 0;
  report.reason = text;
  report.history.assign(history.begin(), history.begin() + recorded);
  return report;
}

}  // namespace kroma::solve
