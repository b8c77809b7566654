#pragma once

#include <vector>

#include "problems/chromatography/fit.hpp"

namespace kroma::chromatography {

/// Start values of both rates of linear kinetics from the peaks of a measurement: k' = (m_1 - t_1 / 2) / tau - 1,
/// k_d = 2 k' tau / (m_2 - t_1^2 / 12). The peaks belong to the components in the order in which these leave with the
/// values of the deck. Returns whether that could be done: both rates fitted, one rectangular pulse, as many peaks as
/// components. `values` are those of `parameters`.
bool start_from_moments(Measurement const& data, DeckParameters const& parameters, std::vector<double>& values);

}  // namespace kroma::chromatography
