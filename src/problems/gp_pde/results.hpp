#pragma once

#include <string>

#include "problems/gp_pde/solution.hpp"

namespace kroma::gp_pde {

/// Writes grid, fields, spectra, history and metrics of a solution to run.results. Collective.
void write_results(Run& run, Model const& model, Output const& output, Solution const& solution);

/// One tensor over the nodes as /fields/NAME with the axes of the problem. Collective.
void write_field(Run& run, Model const& model, std::string const& name, std::string const& long_name, Tensor values);

}  // namespace kroma::gp_pde
