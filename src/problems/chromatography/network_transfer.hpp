#pragma once

#include <string>
#include <vector>

#include "problems/chromatography/moments.hpp"
#include "problems/chromatography/network_numeric.hpp"

namespace kroma::chromatography {

/// Why the semi-analytic method cannot do this network; "" if it can: linear sorption in empty columns and tanks, one
/// section of constant flow, and outlets whose transforms decay. Not collective.
std::string network_obstacle(Network const& network);

/// What every unit gives off at `times` (rising), by the transfer functions of the units and, for each node of the
/// contour, one small linear system that connects them, loops included; NaN for tanks whose transforms do not decay.
/// With error_estimate (against another contour) and mass_balance_error (against a quadrature until all has left).
/// Throws Error(solver_failed) where the transform does not decay. Not collective.
NetworkResult solve_network_by_transform(Network const& network, std::vector<double> const& times);

/// Response of a unit to a unit impulse of one component in one inlet: how much of it comes to the unit (more than 1 in
/// a loop), and the moments of when.
struct Response {
  std::size_t inlet = 0, unit = 0, component = 0;
  double share = 0;
  Moments moments;
};

/// Why there are no moments; "" if there are. Not collective.
std::string network_moments_obstacle(Network const& network);
/// Of all outlets, for each inlet and component that comes there, by power series of the same linear systems.
std::vector<Response> network_moments(Network const& network);
/// Writes /tables/moments. Collective.
void write_network_moments(Run& run, Network const& network);

}  // namespace kroma::chromatography
