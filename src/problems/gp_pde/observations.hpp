#pragma once

#include <string>

#include "problems/gp_pde/options.hpp"
#include "problems/gp_pde/regression.hpp"

namespace kroma::gp_pde {

/// By the ending of its name.
bool is_hdf5(std::string const& path);

/// The observations of a deck, from its file or as a sample of its exact solution (a function of seed and index alone).
/// Throws bad_input where a file cannot be read, holds values that are not finite (named by line or index), or does not
/// fill a tensor set of at least two points an axis. Not collective; needs no started Runtime but for the tensor's
/// memory.
TensorData read_observations(Options const& options);

}  // namespace kroma::gp_pde
