#pragma once

#include <vector>

#include "problems/chromatography/discretisation.hpp"

namespace kroma::chromatography {

/// Bound amounts in equilibrium with liquid `c` (components), by Newton's method from `q` (bound). Throws solver_failed
/// where it does not find one. Not collective.
std::vector<double> equilibrium(Sorption const& sorption, std::vector<double> const& c, std::vector<double> q);

/// The state (layout) that a column begins in, the same everywhere; in rapid equilibrium, bound amounts follow from the
/// liquid. Throws solver_failed where no equilibrium is found. Not collective.
std::vector<Pack> initial_state(Column const& column, Discretisation const& d);

}  // namespace kroma::chromatography
