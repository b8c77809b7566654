#pragma once

#include <array>
#include <string>
#include <vector>

#include "problems/gp_pde/method.hpp"
#include "problems/gp_pde/options.hpp"

namespace kroma::gp_pde {

/// Basis functions and features (columns) of each axis.
struct BasisSizes {
  std::vector<int> functions, features;
};

/// The most there can be: of a covariance that is given, its own features; of one that is learned, all frequencies that
/// the nodes carry.
BasisSizes largest_bases(CovarianceOptions const& covariance, std::vector<grid::Axis> const& axes,
                         double basis_tolerance);
BasisSizes sizes_of(std::vector<AxisBasis> const& bases);

/// A deck as the plan sees it.
struct MemoryQuestion {
  Model const& model;
  Options const& options;
  Solver const& solver;
  Output const& output;
  BasisSizes sizes;
  std::array<int, 2> ranks;  // sides of the process grid
};

/// The peak of a run.
struct MemoryPlan {
  double bytes = 0;   // on the fullest rank, without the program itself; host and device together
  std::string stage;  // in which the peak is: "set-up", "bases", "solve", "check", "output" or "posterior"
};

/// Goes through the stages of a run and adds what each allocates: source and fields on the nodes, vectors of the solver
/// and of PETSc, workspaces as the operators' own plans state them, bases and what their decompositions take for a
/// moment, learning, output, variance. Not collective; needs no started Runtime.
MemoryPlan planned_memory(MemoryQuestion const& question);

}  // namespace kroma::gp_pde
