#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/kernels.hpp"
#include "solve/linear_solver.hpp"

namespace kroma::gp_pde {

/// The equation on a tensor grid in the product of the axes' bases. A solution is a tensor of coefficients Y
/// (r0, r1, r2), shared out along axis 0; u at the nodes times sqrt(weight) is (Q0 (x) Q1 (x) Q2) Y.
///
/// With Y = lift + (W0 (x) W1 (x) W2) T, T minimises ||L u - f|| in the weighted norm. Scaled by the inverse root of
/// its diagonal, the normal operator of T has all eigenvalues in [1, D] for Poisson's equation in D dimensions, because
/// <u_xx, u_yy> = ||u_xy||^2 >= 0 for functions that vanish on the boundary of a box: its condition depends neither on
/// the grid nor on the covariance.
class Collocation {
 public:
  /// `bases`: one to three axes. Collective.
  Collocation(MPI_Comm comm, Equation const& equation, std::vector<AxisBasis> const& bases);

  grid::Layout coefficients() const { return operator_->input(); }  // (r0, r1, r2)
  grid::Layout nodes() const { return operator_->output(); }        // (n0, n1, n2)
  grid::Layout core() const { return adjoint_->output(); }          // (r0 - 2, ...)

  /// grid = L u, weighted, from coefficients. Collective.
  void apply_operator(Space const& space, ConstTensor coefficients, Tensor grid);
  /// core = A^T grid / sqrt(d): the scaled right-hand side of the normal equations. Collective.
  void apply_scaled_adjoint(Space const& space, ConstTensor grid, Tensor core);
  /// y = D^(-1/2) A^T A D^(-1/2) x on the core. Collective.
  void apply_scaled_normal(Space const& space, ConstTensor x, Tensor y);
  /// coefficients += W D^(-1/2) x. Collective.
  void add_core(Space const& space, ConstTensor x, Tensor coefficients);

 private:
  Diagonal diagonal_;
  std::unique_ptr<linalg::KroneckerSum> operator_, adjoint_, coupling_, expand_;
  Tensor core_work_, coupled_, coefficient_work_;
};

struct SolverTolerances {
  double relative = 1e-9;   // of one pass of CG, to its right-hand side
  double absolute = 1e-15;  // to the size of source and lift: rounding of the normal equations
  int max_iterations = 500;
  int refinements = 1;  // passes after the first, each with the residual formed on the grid
};

struct SolveReport {
  int iterations = 0;
  bool converged = false;
  std::string reason;
  std::vector<double> history;  // relative normal residual after each iteration of all passes
  double grid_residual = 0;     // ||L u - f|| / (||f|| + ||L lift||) on the grid
};

/// Asked after each pass but the last, with the passes done and the iterations so far; true ends the solve there.
using AfterPass = std::function<bool(int passes, int iterations)>;

/// Adds to `coefficients` the interior part that makes L u = `source` (weighted values at the nodes). They hold the
/// boundary lift, or what `first_pass` earlier passes have left there. Core CG as a PETSc KSP, then grid refinement:
/// the normal equations lose half the digits, and a second pass on a residual formed on the grid brings them back.
/// Collective.
SolveReport solve_interior(Space const& space, Collocation& system, ConstTensor source,
                           SolverTolerances const& tolerances, int first_pass, AfterPass const& after_pass,
                           Tensor coefficients);

/// Global root of the sum of squares. Collective.
double norm(Space const& space, MPI_Comm comm, ConstTensor x);

}  // namespace kroma::gp_pde
