#pragma once

#include <optional>
#include <vector>

#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/boundary.hpp"
#include "problems/gp_pde/equation.hpp"

namespace kroma::gp_pde {

/// The sum of `terms`, which have no factors, of the solution at a tensor set of points, (m0_local, m1, m2).
/// Collective.
Tensor evaluate(MPI_Comm comm, std::vector<AxisBasis> const& bases, std::vector<Term> const& terms,
                PointSet const& points, ConstTensor coefficients);

/// The whole left-hand side of an equation, with factors and nonlinearity, at a tensor set of points. Collective.
Tensor evaluate(MPI_Comm comm, std::vector<AxisBasis> const& bases, Equation const& equation, PointSet const& points,
                ConstTensor coefficients);

/// What the solution misses at points that the solver never saw; both 0 for an exact solution.
struct OffGridCheck {
  double equation = 0;  // ||L u + N(u) - f|| over the larger of ||f|| and the operator's lowest symbol times ||u||
  double boundary = 0;  // ||B u - g|| over the larger of ||g|| and the solution's size in B's units, on the faces

  double worst() const { return equation > boundary ? equation : boundary; }
};

/// Most points per axis of the check, by number of axes: as many as a grid has, as long as checking costs less than
/// solving.
int most_check_points(std::size_t axes);

/// Residuals at jittered points off the grid: aliases, a band too narrow and a basis too large all leave the residual
/// on the grid tiny and show here (see this folder's README). Collective.
OffGridCheck check_off_grid(MPI_Comm comm, std::vector<AxisBasis> const& bases, Equation const& equation,
                            deck::Function const& source, Boundary const& boundary, ConstTensor coefficients);

/// Equispaced points of the error, by number of axes; odd primes, so that they fall between the nodes of common grids.
int error_points(std::size_t axes);

struct ErrorNorms {
  double relative_l2 = 0;  // over equispaced points off the grid
  double largest = 0;
};
/// Against the exact solution. Collective.
ErrorNorms measure_error(MPI_Comm comm, std::vector<AxisBasis> const& bases, deck::Function const& exact,
                         ConstTensor coefficients);

}  // namespace kroma::gp_pde
