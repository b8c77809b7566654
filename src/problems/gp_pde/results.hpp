#pragma once

#include "problems/gp_pde/solution.hpp"

namespace kroma::gp_pde {

/// Writes grid, fields, spectra, history and metrics of a solution to run.results. Collective.
void write_results(Run& run, Model const& model, Output const& output, Solution const& solution);

}  // namespace kroma::gp_pde
