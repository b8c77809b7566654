#pragma once

#include <functional>
#include <string>
#include <vector>

#include <petscksp.h>

#include "core/petsc.hpp"

namespace kroma::solve {

/// How one linear solve ended.
struct LinearReport {
  int iterations = 0;
  bool converged = false;
  std::string reason;           // PETSc's word for it, e.g. "CONVERGED_RTOL"
  std::vector<double> history;  // norm of the (preconditioned) residual before each iteration and at the end
};

struct LinearTolerances {
  double relative = 1e-10;  // to the right-hand side
  double absolute = 0.0;
  int max_iterations = 200;
  std::function<void(int iteration)> monitor = {};  // told of each, where given; must not throw
};

/// A Krylov method behind a small face. With KSPLSQR (Paige and Saunders 1982) the matrix may have any shape, the
/// solution is that of least squares, and tolerances and history are those of the normal residual ||A^T (b - A x)||:
/// ||b - A x|| itself need not become small. Its options can be changed from the deck (`solver.petsc`) or the command
/// line under `prefix`, e.g. -gp_pde_ksp_type.
class LinearSolver {
 public:
  /// `type` is PETSc's name of the default method, e.g. KSPCG. Collective.
  LinearSolver(Mat mat, std::string const& prefix, KSPType type) : LinearSolver{mat, mat, prefix, type, PCNONE} {}
  /// With a preconditioner made from `from`, at the first solve. Collective.
  LinearSolver(Mat mat, Mat from, std::string const& prefix, KSPType type, PCType preconditioner);

  /// Solves A x = b from x = 0. Does not throw when it fails to converge: the report says so. Throws solver_failed
  /// when a NaN appears. Collective.
  LinearReport solve(Vec b, Vec x, LinearTolerances const& tolerances);

 private:
  struct NormalResidual;
  void take_options();  // throws bad_input where PETSc refuses one
  bool is_least_squares() const;
  double normal_residual(Vec b) const;  // ||A^T b||
  Handle<KSP> ksp_;
};

}  // namespace kroma::solve
