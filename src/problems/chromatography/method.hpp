#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "problems/chromatography/column.hpp"

namespace kroma::chromatography {

/// What a method hands back.
struct Outlet {
  std::vector<double> concentration;  // (time, component) row-major, mol/m^3 of fluid, flux-averaged at x = L
  std::vector<double> slopes;         // (time, parameter, component) its derivatives, where asked for
  std::string method;                 // "semi_analytic", "numeric"
  std::string description;            // one line for the log: which formula or scheme, at what resolution
  double error_estimate = 0;          // of the outlet, largest over times and components, relative to Column::scales()
  double mass_balance_error = 0;      // relative to what entered, the largest over components, and all the gas
  std::vector<double> velocity, temperature;               // (time) m/s and K at x = L, where they are followed
  double gas_balance_error = 0, energy_balance_error = 0;  // likewise, relative to the largest part
  std::int64_t unknowns = 0, steps = 0, rejected_steps = 0;
};

/// Why the semi-analytic method cannot do this column; "" if it can. Not collective.
std::string semi_analytic_obstacle(Column const& column);

/// Whether the outlet is a sum of Goldstein functions: closed_form.hpp. Not collective.
bool has_closed_form(Column const& column);

/// Outlet at `times` (rising, s) by closed form or inverse transform, with an error of at most `allowed` relative to
/// Column::scales(), where rounding does not do more. Throws Error(solver_failed) if the transform cannot be inverted
/// to `accuracy`. Not collective.
Outlet solve_semi_analytic(Column const& column, std::vector<double> const& times, double accuracy, double allowed = 0);

/// Sets error_estimate (against another quadrature or contour, at some of the times) and mass_balance_error (against a
/// quadrature of the outlet until all has left) of what solve_semi_analytic returned. Not collective.
void judge_semi_analytic(Column const& column, std::vector<double> const& times, Outlet& outlet, double allowed = 0);

}  // namespace kroma::chromatography
