#pragma once

#include <vector>

#include "problems/chromatography/method.hpp"
#include "problems/chromatography/options.hpp"
#include "problems/problem.hpp"

namespace kroma::chromatography {

/// Writes /series/outlet (time, component), /grid/component and metrics. Collective.
void write_results(Run& run, Column const& column, Output const& output, std::vector<double> const& times,
                   Outlet const& outlet);

}  // namespace kroma::chromatography
