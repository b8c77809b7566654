#pragma once

#include <memory>
#include <vector>

#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/grid_operator.hpp"
#include "problems/gp_pde/kernels.hpp"
#include "problems/gp_pde/nonlinear.hpp"
#include "problems/gp_pde/preconditioner.hpp"

namespace kroma::gp_pde {

/// An equation on a tensor grid in the product of the axes' bases: an operator, and a preconditioner. A solution is a
/// tensor of coefficients Y (r0, r1, r2), shared out along axis 0; u at the nodes times sqrt(weight) is
/// (Q0 (x) Q1 (x) Q2) Y.
///
/// With Y = lift + (W0 (x) W1 (x) W2) P X, X minimises ||L u - f|| in the weighted norm, where P is the preconditioner.
/// For Poisson's equation in D dimensions and tau the normal operator of X has all eigenvalues in [1, D], because
/// <u_xx, u_yy> = ||u_xy||^2 >= 0 for functions that vanish on the boundary of a box: its condition depends neither on
/// the grid nor on the covariance.
class Collocation {
 public:
  /// `bases`: one to three axes, made for `kind`. Samples the factors of terms. Collective.
  Collocation(MPI_Comm comm, Equation const& equation, std::vector<AxisBasis> const& bases,
              PreconditionerKind kind = PreconditionerKind::tau,
              CorePrecision precision = CorePrecision::double_precision);

  grid::Layout const& coefficients() const { return operator_->input(); }  // (r0, r1, r2)
  grid::Layout const& nodes() const { return operator_->output(); }        // (n0, n1, n2)
  grid::Layout const& core() const { return core_; }                       // (r0 - b0, ...)
  /// Whether the normal operator is known on the core: constant coefficients of a Laplacian's kind, and tau.
  bool has_normal_operator() const { return coupling_ != nullptr || single_ != nullptr; }

  /// The nonlinearity, or nullptr where there is none.
  NodalNonlinearity* nonlinearity() { return nonlinearity_.get(); }

  /// grid = L u, weighted, from coefficients; without nonlinearity. Collective.
  void apply_operator(Space const& space, ConstTensor coefficients, Tensor grid);
  /// grid = J W P x, the scaled operator, where J is L and the nonlinearity's slopes as last set. Collective.
  void apply_scaled(Space const& space, ConstTensor x, Tensor grid);
  /// core = P^T W^T J^T grid: also the scaled right-hand side of the normal equations. Collective.
  void apply_scaled_adjoint(Space const& space, ConstTensor grid, Tensor core);
  /// y = P^T W^T L^T L W P x on the core. Collective. Throws internal_error without has_normal_operator().
  void apply_scaled_normal(Space const& space, ConstTensor x, Tensor y);
  /// coefficients += W P x. Collective.
  void add_core(Space const& space, ConstTensor x, Tensor coefficients);

  /// Of all products so far on this rank.
  linalg::Work work() const;
  bool is_single() const { return single_ != nullptr; }  // whether the normal operator is in single precision

 private:
  void make_coupling(MPI_Comm comm, std::vector<linalg::KroneckerTerm> const& terms, CorePrecision precision,
                     std::shared_ptr<Workspace> const& workspace);

  grid::Layout core_;
  Preconditioner preconditioner_;
  Diagonal diagonal_;  // of the normal operator, where that is known
  std::unique_ptr<NodalNonlinearity> nonlinearity_;
  std::unique_ptr<GridOperator> operator_, scaled_, adjoint_;
  std::unique_ptr<linalg::KroneckerSum> coupling_, expand_;
  std::unique_ptr<linalg::KroneckerSumOf<float>> single_;  // coupling_ in single precision, instead of it
  TensorOf<float> single_work_, single_coupled_;
  Tensor core_work_, coupled_, coefficient_work_;
};

/// Global root of the sum of squares. Collective.
double norm(Space const& space, MPI_Comm comm, ConstTensor x);

}  // namespace kroma::gp_pde
