#pragma once

#include "core/space.hpp"
#include "problems/chromatography/inlet.hpp"

namespace kroma::chromatography {

/// Columns without dispersion and with linear kinetics, whose outlet is a sum of Goldstein functions (README, "Closed
/// form"). A row is one component of one parameter sample: row r has the inlet of component r mod (components).
struct ClosedForm {
  ConstVector events;      // (row) A = F k_a tau, mean number of sorption events
  ConstVector desorption;  // (row) k_d, 1/s
  ConstVector hold_up;     // (row) tau, s
  ConstVector expansion;   // (row) u_0 / u_L
  Inlet inlet;
};

/// One row for each component of the column. Requires kinetic sorption, no dispersion and no particles.
ClosedForm make_closed_form(Column const& column);

/// Panels of the quadrature no longer than this reach rounding.
inline constexpr double kPanel = 1.0;

/// outlet (row, time) in mol/m^3 at `times` (s): one thread for each row and time. Returns before the work is done.
void closed_form_outlet(Space const& space, ClosedForm const& problem, ConstVector times, double panel, Matrix outlet);

/// outlet (row, time, 3): value and its derivatives by ln k' (k' = A / (k_d tau)) and by ln k_d.
void closed_form_gradient(Space const& space, ClosedForm const& problem, ConstVector times, Tensor outlet);

}  // namespace kroma::chromatography
