#pragma once

#include <vector>

#include "problems/chromatography/column.hpp"

namespace kroma::chromatography {

/// Cumulants of the outlet's response to a unit impulse, as a law of arrival times: mean s, variance s^2, third and
/// fourth cumulant s^3, s^4. Exact, from the series of ln G(s) at 0; with a compressible carrier dispersion adds to the
/// variance to first order in D / (u L), and to nothing else.
struct Moments {
  double mean = 0, variance = 0, third = 0, fourth = 0;
};

/// Moments of each component of a column with linear sorption.
std::vector<Moments> moments(Column const& column);

}  // namespace kroma::chromatography
