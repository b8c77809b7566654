#pragma once

#include <optional>
#include <vector>

#include "problems/chromatography/column.hpp"

namespace kroma::chromatography {

/// What a constant feed tells about a column: the outlet rises from nothing to the feed.
struct Breakthrough {
  double stoichiometric_time = 0;  // s after the feed begins: integral of 1 - outlet / feed
  double at_5 = 0, at_50 = 0,
         at_95 = 0;       // s after the feed begins, where the outlet first has these per cents; NaN if not
  double saturation = 0;  // outlet / feed at the last time
  double loading = 0;     // mol/m^3 of stationary phase that are adsorbed then, the mean over the column
};

/// Of component `index`, from its outlet (mol/m^3) at `times`; nothing unless it is fed at one concentration from some
/// time to the end of the run, and not before. By the trapezoidal rule. With a velocity that depends on sorption the
/// loading is that of a trace component.
std::optional<Breakthrough> breakthrough(Column const& column, std::size_t index, std::vector<double> const& times,
                                         std::vector<double> const& outlet);

}  // namespace kroma::chromatography
