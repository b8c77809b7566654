#pragma once

#include <vector>

#include "deck/schema.hpp"
#include "problems/chromatography/method.hpp"
#include "problems/chromatography/options.hpp"
#include "problems/chromatography/programme.hpp"

namespace kroma::chromatography {

/// Rules of a deck with a block `gas`: a capillary with a compressible carrier, a retention law for each component at
/// all temperatures of the programme, pressures that let it flow.
void check_gas(Options const& options, deck::Where const& where);

GasColumn make_gas_column(Options const& options);
std::vector<Analyte> make_analytes(Options const& options);

/// Sets flow, binding (rapid equilibrium) and dispersion (H u / 2) to what they are at t = 0.
void apply_gas(Options const& options, Column& column);

/// Outlet at `times` of a column whose temperature or pressures change in time: each component as a normal law of the
/// amount, mean and variance that entered, migrated by migrate(). Throws Error(solver_failed) where one has not left
/// when the run ends. Not collective.
Outlet solve_programme(Options const& options, Column const& column, std::vector<double> const& times);

}  // namespace kroma::chromatography
