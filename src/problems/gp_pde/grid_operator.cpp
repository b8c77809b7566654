#include "problems/gp_pde/grid_operator.hpp"

#include <algorithm>
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
    : direction_{direction}, nodes_{comm, nodes}, workspace_{workspace} {
  bool const forward = direction == Direction::to_nodes;
  std::size_t inside = 0;
  for (auto const& group : groups) {
    auto sum =
        std::make_unique<linalg::KroneckerSum>(comm, forward ? coordinates : nodes, forward ? nodes : coordinates,
                                               kronecker_terms(group.terms, factor), workspace);
    inside = std::max(inside, sum->footprint());
    groups_.push_back({std::move(sum), group.weight});
  }
  bool const varies =
      std::any_of(groups.begin(), groups.end(), [](auto const& g) { return g.weight.data() != nullptr; });
  weighs_ = varies || (forward && groups_.size() > 1);
  adds_ = !forward && groups_.size() > 1;
  auto const own = [](bool needed, grid::Layout const& layout) {
    return needed ? Workspace::footprint<double>(static_cast<std::size_t>(layout.local_size())) : 0;
  };
  workspace_->reserve(own(weighs_, nodes_) + own(adds_, output()) + inside);
}

void GridOperator::apply(Space const& space, ConstTensor x, Tensor y) {
  Workspace::Use use{*workspace_};
  Tensor weighted, part;
  if (weighs_) weighted = use.take<double>(nodes_.local());
  if (adds_) part = use.take<double>(output().local());
  bool first = true;
  for (auto& [sum, weight] : groups_) {
    bool const plain = weight.data() == nullptr;
    if (direction_ == Direction::to_nodes) {
      if (plain && first) {
        sum->apply(space, x, y);
      } else {
        sum->apply(space, x, weighted);
        if (plain) add(space, 1.0, weighted, y);
        if (!plain && first) multiply(space, weight, weighted, y);
        if (!plain && !first) add_product(space, weight, weighted, y);
      }
    } else {
      if (!plain) multiply(space, weight, x, weighted);
      sum->apply(space, plain ? x : ConstTensor{weighted}, first ? y : part);
      if (!first) add(space, 1.0, part, y);
    }
    first = false;
  }
}

linalg::Work GridOperator::work() const {
  linalg::Work all;
  for (auto const& group : groups_) all += group.sum->work();
  return all;
}

}  // namespace kroma::gp_pde
