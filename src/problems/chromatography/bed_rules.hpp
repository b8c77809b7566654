#pragma once

#include "deck/schema.hpp"
#include "problems/chromatography/column.hpp"
#include "problems/chromatography/options.hpp"

namespace kroma::chromatography {

/// Rules of the closures with_sorption and transient: what they need, and that what enters is not more than all the
/// gas.
void check_total_balance(Options const& options, deck::Where const& where);
/// Rules of the block energy, and of temperatures, which need it.
void check_energy(Options const& options, deck::Where const& where);

/// Momentum, temperature and energy of a column whose velocity is in place already.
void apply_total_balance(Options const& options, Column& column);

}  // namespace kroma::chromatography
