#pragma once

#include "problems/gp_pde/solution.hpp"

namespace kroma::gp_pde {

/// Whether a deck asks for variance or samples.
bool wants_posterior(Options const& options, Output const& output);

/// Throws bad_input where a deck asks for a variance without saying, or learning, how exact the source is.
void check_posterior(Options const& options, Output const& output);

/// /fields/variance and samples of the posterior, where the deck asks for them. A band-limited prior and a mixture
/// learned on more than one axis say nothing about the size of u: their amplitude is then that of the solution.
/// Collective.
void write_posterior(Run& run, Model const& model, Options const& options, Solver const& solver, Output const& output,
                     Solution const& solution);

}  // namespace kroma::gp_pde
