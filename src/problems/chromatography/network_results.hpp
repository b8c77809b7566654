#pragma once

#include <vector>

#include "problems/chromatography/network_numeric.hpp"
#include "problems/chromatography/options.hpp"

namespace kroma::chromatography {

/// Writes /series/outlet (that of the main outlet, with its peaks), /series/units/<name> (time, component), the volumes
/// of tanks that change /series/volume/<name> (time), /tables/units, /tables/amounts and metrics. Collective.
void write_network(Run& run, Network const& network, Output const& output, std::vector<double> const& times,
                   NetworkResult const& result);

}  // namespace kroma::chromatography
