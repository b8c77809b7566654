#pragma once

#include <array>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/grid_operator.hpp"

namespace kroma::gp_pde {

/// One axis of a process that meets homogeneous conditions at both its ends: u = sum_j xi_j phi_j with independent
/// standard normal xi. Conditioning a product covariance on linear conditions that each concern one axis leaves a
/// product of the axes' conditioned covariances, whose square roots these functions are: the prior's features,
/// restricted to the combinations that meet the conditions.
struct ConditionedAxis {
  Features features;
  grid::Axis axis;
  HostMatrix to_features;  // (columns, m): phi in terms of features

  int size() const { return to_features.extent_int(1); }
  /// Derivative of phi of any order at points, (points, m).
  HostMatrix evaluate(std::vector<double> const& points, int order) const;
};

/// The functions, turned so that their Gram matrices K of slopes and R of second derivatives at the nodes are near
/// diagonal at once: eigenvectors of K / tr K + R / (100 tr R). K rises with frequency, which tells apart what a flat
/// prior leaves degenerate; the Gram matrix of values does not. Not collective.
ConditionedAxis condition_on_ends(AxisBasis const& basis);

/// The precision I + A^T A / noise^2 of the coordinates xi, given the values A xi of an equation's left-hand side at
/// the nodes with independent noise, and all that is drawn from it.
class PosteriorPrecision {
 public:
  /// `groups`: the left-hand side, its factors at the nodes. Collective.
  PosteriorPrecision(MPI_Comm comm, std::vector<WeightedGroup> groups, std::vector<ConditionedAxis> axes, double noise);

  grid::Layout const& core() const { return adjoint_->output(); }
  grid::Layout const& nodes() const { return observe_->output(); }

  /// y = D^(-1/2) (I + A^T A / noise^2) D^(-1/2) x, with D the diagonal of the precision. Collective.
  void apply_scaled(Space const& space, ConstTensor x, Tensor y);
  /// D^(-1/2) x.
  Tensor scaled(Space const& space, ConstTensor x) const;
  /// D^(-1/2) (xi_1 + A^T xi_2 / noise), xi white noise that depends on seed and global index alone. Collective.
  Tensor random_side(Space const& space, std::uint64_t seed);
  /// Values of u at the nodes. Collective.
  Tensor at_nodes(Space const& space, ConstTensor x);

  /// The whole matrix, (N, N), on every rank; each adds up the rows of its own nodes. Collective.
  HostMatrix dense();
  /// This rank's nodes in blocks of some hundred, each of whole rows along axis 0: first row and number of rows.
  std::vector<std::array<int, 2>> blocks() const;
  /// Values of all N functions at the nodes of a block: (points, N).
  HostMatrix values(std::array<int, 2> block);

 private:
  HostMatrix factor(std::size_t axis, int order);  // (nodes, m), made once
  Matrix on_device(std::size_t axis, int order, bool transposed);
  HostMatrix rows_of(std::array<int, 2> block) const;
  void add_rows(int first, Term const& term, HostTensor weight, HostMatrix rows);
  Tensor inverse_roots();

  MPI_Comm comm_;
  std::vector<WeightedGroup> groups_;
  std::vector<ConditionedAxis> axes_;
  double inverse_noise_;  // 1 / noise^2
  std::map<std::pair<std::size_t, int>, HostMatrix> factors_;
  std::map<std::array<int, 3>, Matrix> on_device_;
  std::unique_ptr<GridOperator> observe_, adjoint_;          // A, A^T
  std::unique_ptr<linalg::KroneckerSum> evaluate_, normal_;  // A^T A at once, where no factor varies
  Tensor observed_;                                          // at the nodes, where some does
  Tensor roots_;                                             // D^(-1/2)
};

}  // namespace kroma::gp_pde
