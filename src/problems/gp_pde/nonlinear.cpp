#include "problems/gp_pde/nonlinear.hpp"

#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "problems/gp_pde/kernels.hpp"

namespace kroma::gp_pde {
namespace {

using HostJet = std::array<HostTensor, kSlots>;

HostTensor on_host(deck::Function const& f, HostJet const& jet, PointSet const& points, grid::Layout const& layout) {
  auto const n = layout.local();
  HostTensor values{"gp_pde::pointwise", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                    static_cast<std::size_t>(n[2])};
  std::vector<double> arguments(kSlots + 3, 0.0);
  auto const coordinate = [&](std::size_t d, int i) {
    return d < points.size() ? points[d][static_cast<std::size_t>(i)] : 0.0;
  };
  for (int i = 0; i < n[0]; ++i) {
    for (int j = 0; j < n[1]; ++j) {
      for (int k = 0; k < n[2]; ++k) {
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
          if (jet[slot].data() != nullptr) arguments[slot] = jet[slot](i, j, k);
        }
        arguments[kSlots] = coordinate(0, layout.begin(0) + i);
        arguments[kSlots + 1] = coordinate(1, layout.begin(1) + j);
        arguments[kSlots + 2] = coordinate(2, k);
        double const value = values(i, j, k) = f(arguments);
        if (std::isfinite(value)) continue;
        throw solver_failed(
            fmt::format("the nonlinearity \"{}\" is {} where u = {:.6g}", f.text(), value, arguments[0]),
            "Look for a division by zero or a power of a negative u, or give better initial and "
            "boundary data.");
      }
    }
  }
  return values;
}

}  // namespace

Tensor pointwise(deck::Function const& f, Jet const& jet, PointSet const& points, MPI_Comm comm) {
  grid::Layout const layout{comm, extents_of(points)};
  HostJet host;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (jet[slot].data() != nullptr) {
      host[slot] = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, jet[slot]);
    }
  }
  auto const values = agreed(comm, [&] { return on_host(f, host, points, layout); });
  return Kokkos::create_mirror_view_and_copy(Space{}, values);
}

namespace {

/// Derivative of the basis at the nodes, without the weights.
HostMatrix nodal(AxisBasis const& basis, int order) { return evaluate(basis, basis.axis.nodes, order); }

}  // namespace

NodalNonlinearity::NodalNonlinearity(MPI_Comm comm, Nonlinearity const& nonlinearity,
                                     std::vector<AxisBasis> const& bases, std::shared_ptr<Workspace> const& workspace)
    : comm_{comm}, nonlinearity_{nonlinearity} {
  grid::Extents r{1, 1, 1};
  for (std::size_t d = 0; d < bases.size(); ++d) {
    axes_.push_back(bases[d].axis);
    nodes_.push_back(bases[d].axis.nodes);
    r[d] = bases[d].size();
  }
  grid::Layout const at_nodes{comm, extents_of(nodes_)};
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (!nonlinearity.slopes[slot]) continue;
    auto const orders = orders_of_slot(slot);
    linalg::KroneckerTerm term;
    for (std::size_t d = 0; d < bases.size(); ++d) term.factors[d] = linalg::to_device(nodal(bases[d], orders[d]));
    derivatives_[slot] =
        std::make_unique<linalg::KroneckerSum>(comm, r, at_nodes.extents(), std::vector{term}, workspace);
    groups_.push_back({{{1.0, orders, {}}}, linalg::make_tensor("gp_pde::slope", at_nodes)});
    slots_.push_back(slot);
  }
}

Jet NodalNonlinearity::jet(Space const& space, ConstTensor coefficients) {
  Jet jet;
  for (std::size_t slot : slots_) {
    jet[slot] = linalg::make_tensor("gp_pde::jet", derivatives_[slot]->output());
    derivatives_[slot]->apply(space, coefficients, jet[slot]);
  }
  space.fence();
  return jet;
}

void NodalNonlinearity::linearise(Space const& space, ConstTensor coefficients) {
  auto const here = jet(space, coefficients);
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Kokkos::deep_copy(space, groups_[i].weight, pointwise(*nonlinearity_.slopes[slots_[i]], here, nodes_, comm_));
  }
}

void NodalNonlinearity::clear(Space const& space) {
  for (auto const& group : groups_) Kokkos::deep_copy(space, group.weight, 0.0);
}

void NodalNonlinearity::add_values(Space const& space, ConstTensor coefficients, Tensor grid) {
  auto const values = pointwise(nonlinearity_.value, jet(space, coefficients), nodes_, comm_);
  weigh(axes_, {comm_, extents_of(nodes_)}, values);
  add(space, 1.0, values, grid);
}

}  // namespace kroma::gp_pde
