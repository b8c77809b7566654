#pragma once

#include "problems/gp_pde/options.hpp"
#include "problems/problem.hpp"

namespace kroma::gp_pde {

/// Sizes of a regression: the grid where it is wanted, and what the observations' factors take.
Plan plan_regression(Options const& options, int ranks);

/// Regression on the observations of a deck: learns hyper-parameters and noise where asked for, updates with a
/// conserved total, writes mean, variance, error, spectrum and metrics. Throws solver_failed where the search for the
/// hyper-parameters breaks down. Collective.
void solve_regression(Run& run, Options const& options, Output const& output);

}  // namespace kroma::gp_pde
