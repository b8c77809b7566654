#pragma once

#include <functional>
#include <vector>

#include "problems/chromatography/parameters.hpp"
#include "problems/chromatography/tangents.hpp"

namespace kroma::chromatography {

/// (time, component) outlet of a column at times.
using OutletOf = std::function<std::vector<double>(Column const&, std::vector<double> const&)>;
/// (time, direction, component) derivatives of it, by the parameters that the directions stand for.
using SlopesOf =
    std::function<std::vector<double>(Column const&, std::vector<double> const&, std::vector<Direction> const&)>;

/// Derivatives as differences of the outlets of each direction's two columns.
SlopesOf differences_of(OutletOf const& outlet);

/// Change of a parameter, relative to its value, whose two columns the derivatives of rates are taken between: their
/// error is about its square.
inline constexpr double kTangentStep = 1e-5;

/// For each parameter the columns at (1 +- step) times its value. Throws Error(bad_input) where a rule of the deck
/// forbids one of them, or the column does not depend on the parameter.
std::vector<Direction> directions_of(DeckParameters const& parameters, double step);

/// (time, parameter, component) derivatives of the outlet by each parameter, in SI, of a column that the semi-analytic
/// method does: differences of fourth order of outlets that are exact to rounding. Throws as solve_semi_analytic() and
/// directions_of(). Not collective.
std::vector<double> semi_analytic_sensitivities(DeckParameters const& parameters, std::vector<double> const& times,
                                                double accuracy);

}  // namespace kroma::chromatography
