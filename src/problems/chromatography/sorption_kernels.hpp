#pragma once

#include "problems/chromatography/layout.hpp"
#include "problems/chromatography/sorption.hpp"

namespace kroma::chromatography {

/// Rates of a law at all places of a column: y and f as laid out; of f the bound amounts' rows are written.
void sorption_rates(AnyLaw const& law, Layout const& layout, Pack const* y, Pack* f);

/// Their derivatives by_c (points, places, bound, components) and by_q (points, places, bound, bound).
void sorption_jacobians(AnyLaw const& law, Layout const& layout, Pack const* y, Pack* by_c, Pack* by_q);

}  // namespace kroma::chromatography
