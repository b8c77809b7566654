#pragma once

#include <vector>

#include "problems/gp_pde/learning.hpp"
#include "problems/gp_pde/prior.hpp"
#include "problems/problem.hpp"

namespace kroma::gp_pde {

/// /tables/spectrum: the components of a mixture, those that learning pruned marked, or the bands of a band-limited
/// prior; and what was learned besides, as metrics. Collective.
void write_spectrum_table(Run& run, std::vector<grid::Axis> const& axes, std::vector<AxisPrior> const& priors,
                          Learned const& learned);

}  // namespace kroma::gp_pde
