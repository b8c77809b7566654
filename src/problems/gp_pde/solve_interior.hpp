#pragma once

#include <functional>
#include <string>
#include <vector>

#include "problems/gp_pde/collocation.hpp"

namespace kroma::gp_pde {

struct SolverTolerances {
  double relative = 1e-9;   // of one pass, to its (normal) right-hand side
  double absolute = 1e-15;  // to the size of source and lift: rounding of the normal equations
  int max_iterations = 500;
  int refinements = 1;    // of a linear equation: passes after the first, each with the residual formed on the grid
  int newton_steps = 40;  // of a nonlinear one: most passes after the first
  std::function<void(int pass, int iteration)> monitor =
      {};  // told of each Krylov iteration, where given; must not throw
};

/// The same for a system whose normal operator is in single precision: a pass gains no more than the six digits of that
/// operator, and three passes end where two in double precision do.
SolverTolerances suited(Collocation const& system, SolverTolerances tolerances);

struct SolveReport {
  int iterations = 0;
  bool converged = false;
  std::string reason;
  std::vector<double> history;  // relative normal residual after each iteration of all passes
  int passes = 0;               // refinements, or steps of Gauss-Newton
  double grid_residual = 0;     // ||L u + N(u) - f|| / (||f|| + ||L lift||) on the grid
};

/// Asked after each pass but the last, with the passes done and the iterations so far; true ends the solve there.
using AfterPass = std::function<bool(int passes, int iterations)>;

/// Adds to `coefficients` the interior part that makes L u + N(u) = `source` (weighted values at the nodes). They hold
/// the boundary lift, or what `first_pass` earlier passes have left there.
///
/// Linear equations: conjugate gradients on the core where the normal operator is known there, LSQR on the grid
/// elsewhere, as a PETSc KSP; then refinement: the normal equations lose half the digits, and a second pass on a
/// residual formed on the grid brings them back. Nonlinear ones: the linear part alone first, then Gauss-Newton steps
/// with a backtracking line search on the norm of the residual, until that and the solution stand still. Throws
/// solver_failed where the iterate leaves the range of N. Collective.
SolveReport solve_interior(Space const& space, Collocation& system, ConstTensor source,
                           SolverTolerances const& tolerances, int first_pass, AfterPass const& after_pass,
                           Tensor coefficients);

}  // namespace kroma::gp_pde
