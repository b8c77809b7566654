#pragma once

#include "deck/schema.hpp"
#include "problems/chromatography/column.hpp"
#include "problems/chromatography/options.hpp"

namespace kroma::chromatography {

/// Rules between the keys of a deck: what each model needs and what it must not have, one value per component, inlet
/// times that rise, pressures that fall. After this make_column() succeeds.
void check_column(Options const& options, deck::Where const& where);

/// The column that checked options describe.
Column make_column(Options const& options);

}  // namespace kroma::chromatography
