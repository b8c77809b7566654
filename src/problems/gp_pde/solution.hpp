#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "problems/gp_pde/learning.hpp"
#include "problems/gp_pde/model.hpp"
#include "problems/gp_pde/prior.hpp"
#include "problems/gp_pde/solve_interior.hpp"
#include "problems/gp_pde/verification.hpp"

namespace kroma::gp_pde {

/// A solution and what is known of it.
struct Solution {
  std::vector<AxisSupport> support;
  Learned learned;
  std::vector<AxisPrior> priors;
  std::vector<AxisBasis> bases;
  Tensor coefficients;  // (r0_local, r1, r2)
  SolveReport report;
  OffGridCheck off_grid;
  std::optional<double> resonance_distance;  // smallest |eigenvalue| of an operator that can resonate (Helmholtz)
};

/// Solves with the detected support, checks off the grid, and widens the support while the check fails and widening can
/// help. Returns the last attempt, good or not, or nothing when the run is to stop early (a checkpoint is then
/// written). Throws bad_input where the source is not finite, solver_failed where the iteration does not converge.
/// Collective.
std::unique_ptr<Solution> find_solution(Run& run, Model const& model, Options const& options, Solver const& solver);

}  // namespace kroma::gp_pde
