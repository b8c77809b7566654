#pragma once

#include <vector>

#include "problems/chromatography/discretisation.hpp"

namespace kroma::chromatography {

/// The state (layout) that a column begins in, the same everywhere; in rapid equilibrium, bound amounts follow from the
/// liquid. Throws solver_failed where no equilibrium is found. Not collective.
std::vector<Pack> initial_state(Column const& column, Discretisation const& d);

}  // namespace kroma::chromatography
