#pragma once

#include "problems/gp_pde/model.hpp"
#include "problems/gp_pde/solution.hpp"

namespace kroma::gp_pde {

/// Writes what the solution is in itself, from which it and its derivatives can be evaluated anywhere
/// (`postprocess/results.py`, evaluate): /core/coefficients, and for each axis the frequencies and deviations of its
/// features and the matrix that makes basis functions of them. Collective.
void write_core(Run& run, Model const& model, Solution const& solution);

}  // namespace kroma::gp_pde
