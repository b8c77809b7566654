#include "solve/linear_solver.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::solve {

LinearSolver::LinearSolver(Mat mat, Mat from, std::string const& prefix, KSPType type, PCType preconditioner) {
  MPI_Comm comm = MPI_COMM_NULL;
  petsc_ok(PetscObjectGetComm(reinterpret_cast<PetscObject>(mat), &comm));
  petsc_ok(KSPCreate(comm, ksp_.put()));
  petsc_ok(KSPSetOptionsPrefix(ksp_, prefix.c_str()));
  petsc_ok(KSPSetOperators(ksp_, mat, from));
  petsc_ok(KSPSetType(ksp_, type));
  PC pc = nullptr;
  petsc_ok(KSPGetPC(ksp_, &pc));
  petsc_ok(PCSetType(pc, preconditioner));
  take_options();
}

void LinearSolver::take_options() {
  if (KSPSetFromOptions(ksp_) == 0) return;
  char const* prefix = nullptr;
  petsc_ok(KSPGetOptionsPrefix(ksp_, &prefix));
  throw bad_input(fmt::format("PETSc does not take one of the options under -{}", prefix),
                  "Look for a wrong name or value in solver.petsc, or behind -- on the command line.");
}

/// Norms of the normal residual that KSPLSQR has gone through, and when it is done.
struct LinearSolver::NormalResidual {
  LinearTolerances tolerances;
  double first = 0;  // ||A^T b||
  std::vector<double> history;

  static PetscErrorCode test(KSP ksp, PetscInt iteration, PetscReal, KSPConvergedReason* reason, void* context) {
    auto& self = *static_cast<NormalResidual*>(context);
    PetscReal normal = self.first, size = 0;
    *reason = KSP_CONVERGED_ITERATING;
    if (iteration > 0) PetscCall(KSPLSQRGetNorms(ksp, &normal, &size));  // not known yet before the first
    self.history.push_back(normal);
    if (PetscIsInfOrNanReal(normal)) *reason = KSP_DIVERGED_NANORINF;
    if (normal <= self.tolerances.relative * self.first) *reason = KSP_CONVERGED_RTOL_NORMAL;
    if (normal <= self.tolerances.absolute) *reason = KSP_CONVERGED_ATOL_NORMAL;
    if (*reason == KSP_CONVERGED_ITERATING && iteration >= self.tolerances.max_iterations) *reason = KSP_DIVERGED_ITS;
    return 0;
  }
};

namespace {

PetscErrorCode tell(KSP, PetscInt iteration, PetscReal, void* monitor) {
  (*static_cast<std::function<void(int)> const*>(monitor))(static_cast<int>(iteration));
  return 0;
}

/// A monitor for the time of one solve. Those that options ask for go with it; each solve takes its options anew.
class Monitored {
 public:
  Monitored(KSP ksp, std::function<void(int)> const& monitor) : ksp_{ksp} {
    if (monitor) petsc_ok(KSPMonitorSet(ksp, tell, const_cast<std::function<void(int)>*>(&monitor), nullptr));
  }
  ~Monitored() { KSPMonitorCancel(ksp_); }
  Monitored(Monitored const&) = delete;
  Monitored& operator=(Monitored const&) = delete;

 private:
  KSP ksp_;
};

}  // namespace

bool LinearSolver::is_least_squares() const {
  PetscBool is = PETSC_FALSE;
  petsc_ok(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(static_cast<KSP>(ksp_)), KSPLSQR, &is));
  return is == PETSC_TRUE;
}

double LinearSolver::normal_residual(Vec b) const {
  Mat mat = nullptr;
  petsc_ok(KSPGetOperators(ksp_, &mat, nullptr));
  Handle<Vec> product;
  petsc_ok(MatCreateVecs(mat, product.put(), nullptr));
  petsc_ok(MatMultTranspose(mat, b, product));
  PetscReal norm = 0;
  petsc_ok(VecNorm(product, NORM_2, &norm));
  return norm;
}

LinearReport LinearSolver::solve(Vec b, Vec x, LinearTolerances const& tolerances) {
  LinearReport report;
  std::vector<PetscReal> history(static_cast<std::size_t>(tolerances.max_iterations) + 2);
  petsc_ok(KSPSetTolerances(ksp_, tolerances.relative, tolerances.absolute, PETSC_DEFAULT, tolerances.max_iterations));
  take_options();  // the user's tolerances win
  petsc_ok(KSPSetResidualHistory(ksp_, history.data(), static_cast<PetscInt>(history.size()), PETSC_TRUE));
  NormalResidual normal{tolerances, 0.0, {}};
  if (is_least_squares()) {
    PetscInt most = 0;  // options may have changed them
    petsc_ok(KSPGetTolerances(ksp_, &normal.tolerances.relative, &normal.tolerances.absolute, nullptr, &most));
    normal.tolerances.max_iterations = static_cast<int>(most);
    normal.first = normal_residual(b);
    petsc_ok(KSPSetConvergenceTest(ksp_, NormalResidual::test, &normal, nullptr));
  }
  {
    Monitored const monitored{ksp_, tolerances.monitor};
    petsc_ok(KSPSolve(ksp_, b, x));
  }

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
  if (is_least_squares()) report.history = normal.history;
  return report;
}

}  // namespace kroma::solve
