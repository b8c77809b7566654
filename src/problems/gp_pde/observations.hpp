#pragma once

#include <string>
#include <vector>

#include "problems/gp_pde/options.hpp"
#include "problems/gp_pde/regression.hpp"

namespace kroma::gp_pde {

/// By the ending of its name.
bool is_hdf5(std::string const& path);

/// Values on a tensor set of points, before there is a Runtime whose memory they could be in.
struct Observations {
  std::vector<std::vector<double>> points;  // of each axis, ascending
  std::vector<double> values;               // row-major

  TensorData tensor() const;
};

/// The observations of a deck, from its file or as a sample of its exact solution (a function of seed and index alone).
/// Throws bad_input where a file cannot be read, holds values that are not finite (named by line or index), or does not
/// fill a tensor set of at least two points an axis. Not collective; needs no started Runtime.
Observations read_observations(Options const& options);

}  // namespace kroma::gp_pde
