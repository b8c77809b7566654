#pragma once

#include <memory>

#include "linalg/mat_shell.hpp"
#include "problems/diffusion_couple/box.hpp"
#include "problems/diffusion_couple/box_kernels.hpp"
#include "solve/linear_solver.hpp"

namespace kroma::diffusion_couple {

/// The symmetric positive definite matrix 1/D - a L of a box of cells, and solves with it: matrix-free conjugate
/// gradients, with algebraic multigrid on an assembled copy as preconditioner (Matrix::assembled, and only where
/// conductances outweigh the diagonal) or with the diagonal. Every member is collective.
class BoxOperator {
 public:
  BoxOperator(Box const& box, Links links, Matrix kind);
  BoxOperator(BoxOperator const&) = delete;
  BoxOperator& operator=(BoxOperator const&) = delete;

  Links const& links() const { return links_; }
  /// 1/D of every cell, to be filled; zero at first.
  Vec inverse() const { return inverse_; }
  void set(double a) { a_ = a; }
  /// Constants are its null space: 1/D is zero, and nothing leaves the box.
  void make_singular();

  /// The preconditioner is made at the first solve and then kept, whatever becomes of a and 1/D, until forget().
  solve::LinearReport solve(Vec b, Vec x, solve::LinearTolerances const& tolerances);
  void forget() { solver_.reset(); }

 private:
  void make_solver();
  void make_matrix();
  double stiffness();
  Handle<Vec> regular_shift() const;

  Box const& box_;
  Links links_;
  Matrix kind_;
  double a_ = 1;
  bool singular_ = false;
  Handle<Vec> inverse_, padded_;  // the latter with zeros beyond fixed ends
  linalg::MatShell shell_;
  Handle<Mat> matrix_;
  Handle<MatNullSpace> constants_;
  std::unique_ptr<solve::LinearSolver> solver_;
};

/// -K grad W at the cells' centres, (cells of this rank, dimension), from potentials in a padded array. Not collective.
HostMatrix cell_fluxes(Box const& box, Links const& links, Vec padded);

}  // namespace kroma::diffusion_couple
