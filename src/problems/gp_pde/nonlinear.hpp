#pragma once

#include <array>
#include <memory>
#include <vector>

#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/grid_operator.hpp"
#include "problems/gp_pde/sampling.hpp"

namespace kroma::gp_pde {

/// Values of u and its first derivatives at this rank's points, by slot; those that nothing uses are empty.
using Jet = std::array<Tensor, kSlots>;

/// f(u, u_x, u_y, u_z, x, y, z) at this rank's slab of a point set. Evaluated on the host. Throws solver_failed where
/// it is not finite: the iterate has left the range where the equation makes sense. Collective.
Tensor pointwise(deck::Function const& f, Jet const& jet, PointSet const& points, MPI_Comm comm);

/// A nonlinearity at the nodes: its values, and its slopes as weights of derivatives of the solution.
class NodalNonlinearity {
 public:
  /// Collective.
  NodalNonlinearity(MPI_Comm comm, Nonlinearity const& nonlinearity, std::vector<AxisBasis> const& bases,
                    std::shared_ptr<Workspace> const& workspace);

  /// One group for each slot: slope .* derivative, with weights that linearise() and clear() write.
  std::vector<WeightedGroup> const& groups() const { return groups_; }
  /// Slopes at the solution with these coefficients (r0_local, r1, r2). Collective.
  void linearise(Space const& space, ConstTensor coefficients);
  /// Slopes 0: as if there were no nonlinearity.
  void clear(Space const& space);
  /// grid += N of that solution, weighted. Collective.
  void add_values(Space const& space, ConstTensor coefficients, Tensor grid);

 private:
  Jet jet(Space const& space, ConstTensor coefficients);

  MPI_Comm comm_;
  Nonlinearity nonlinearity_;
  std::vector<grid::Axis> axes_;
  PointSet nodes_;
  std::array<std::unique_ptr<linalg::KroneckerSum>, kSlots> derivatives_;
  std::vector<WeightedGroup> groups_;
  std::vector<std::size_t> slots_;  // of the groups
};

}  // namespace kroma::gp_pde
