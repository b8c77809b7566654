#include "problems/gp_pde/grid_operator.hpp"

#include <utility>

#include "problems/gp_pde/kernels.hpp"

namespace kroma::gp_pde {

std::vector<WeightedGroup> weighted_groups(Equation const& equation, PointSet const& nodes, MPI_Comm comm) {
  std::vector<WeightedGroup> groups;
  for (auto const& group : grouped(equation.terms)) {
    auto const weight = group.factor ? sample(*group.factor, "gp_pde.equation", nodes, comm) : Tensor{};
    groups.push_back({group.terms, weight});
  }
  return groups;
}

GridOperator::GridOperator(MPI_Comm comm, grid::Extents coordinates, grid::Extents nodes,
                           std::vector<WeightedGroup> const& groups, Direction direction, FactorOf const& factor,
                           std::shared_ptr<Workspace> const& workspace)
    : direction_{direction} {
  bool const forward = direction == Direction::to_nodes;
  for (auto const& group : groups) {
    auto sum =
        std::make_unique<linalg::KroneckerSum>(comm, forward ? coordinates : nodes, forward ? nodes : coordinates,
                                               kronecker_terms(group.terms, factor), workspace);
    groups_.push_back({std::move(sum), group.weight});
  }
  grid::Layout const at_nodes{comm, nodes};
  weighted_ = linalg::make_tensor("gp_pde::weighted", at_nodes);
  if (groups_.size() > 1 && !forward) part_ = linalg::make_tensor("gp_pde::part", output());
}

void GridOperator::apply(Space const& space, ConstTensor x, Tensor y) {
  bool first = true;
  for (auto& [sum, weight] : groups_) {
    bool const plain = weight.data() == nullptr;
    if (direction_ == Direction::to_nodes) {
      if (plain && first) {
        sum->apply(space, x, y);
      } else {
        sum->apply(space, x, weighted_);
        if (plain) add(space, 1.0, weighted_, y);
        if (!plain && first) multiply(space, weight, weighted_, y);
        if (!plain && !first) add_product(space, weight, weighted_, y);
      }
    } else {
      if (!plain) multiply(space, weight, x, weighted_);
      sum->apply(space, plain ? x : ConstTensor{weighted_}, first ? y : part_);
      if (!first) add(space, 1.0, part_, y);
    }
    first = false;
  }
}

}  // namespace kroma::gp_pde
