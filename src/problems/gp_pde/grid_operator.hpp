#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/sampling.hpp"

namespace kroma::gp_pde {

/// Derivatives of one order that share a factor varying over the nodes.
struct WeightedGroup {
  std::vector<Term> terms;  // whose own factors are in the weight
  Tensor weight;            // (n0_local, n1, n2) at the nodes; empty stands for 1
};

/// The linear groups of an equation, with their factors sampled at the nodes. Collective.
std::vector<WeightedGroup> weighted_groups(Equation const& equation, PointSet const& nodes, MPI_Comm comm);

/// Matrix of the derivative of an order along an axis; empty for the identity.
using FactorOf = std::function<Matrix(int axis, int order)>;

/// sum over groups of weight .* (Kronecker sum) from some coordinates of the solution to the nodes, or its transpose.
class GridOperator {
 public:
  enum class Direction { to_nodes, from_nodes };

  /// `factor` gives matrices (nodes, coordinates), or their transposes for Direction::from_nodes. Weights are kept by
  /// reference: what is written into them later counts. Operators not applied inside one another may share a workspace.
  /// Collective.
  GridOperator(MPI_Comm comm, grid::Extents coordinates, grid::Extents nodes, std::vector<WeightedGroup> const& groups,
               Direction direction, FactorOf const& factor, std::shared_ptr<Workspace> const& workspace);

  grid::Layout const& input() const { return groups_.front().sum->input(); }
  grid::Layout const& output() const { return groups_.front().sum->output(); }

  /// y = operator x. Collective.
  void apply(Space const& space, ConstTensor x, Tensor y);

  /// Of all applications on this rank.
  linalg::Work work() const;

 private:
  struct Group {
    std::unique_ptr<linalg::KroneckerSum> sum;
    Tensor weight;
  };
  Direction direction_;
  std::vector<Group> groups_;
  grid::Layout nodes_;
  bool weighs_, adds_;  // whether a tensor at the nodes, or another result, is needed on the way
  std::shared_ptr<Workspace> workspace_;
};

}  // namespace kroma::gp_pde
