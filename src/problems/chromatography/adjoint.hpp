#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "problems/chromatography/pass.hpp"

namespace kroma::chromatography {

/// An outlet (times, components), and the gradient of a function of it by each direction's parameter.
struct AdjointResult {
  std::vector<double> outlet, gradient;
  std::int64_t steps = 0;
};

/// d(function)/d(outlet), (times, components), of an outlet.
using Seeds = std::function<std::vector<double>(std::vector<double> const& outlet)>;

/// The gradient of one function of the outlet at `times` (rising) by any number of parameters: the discrete adjoint of
/// the steps of Radau IIA, with their lengths held fixed as Tangents hold them. A step
///
///   E (A^-1 x Z) / h - f(y + Z) = 0,   y <- y + Z_s
///
/// turns backwards the derivative l by y into l + sum_i J_i^T m_i, where E^T (A^-T x m) / h - J^T m is l at the last
/// stage, and what the samples in the step add; the gradient gains m_i (f_p - E_p (A^-1 x Z)_i / h). The systems are
/// the step's own, transposed, and solved with its kind of factors. States on the way back come from integrating again
/// between saved ones, of which there are at most twice kSaved: the cost is two integrations and one way back, whatever
/// the number of parameters, but for f_p. Throws solver_failed as ColumnIntegrator::step(), and if the transposed
/// systems do not converge.
AdjointResult solve_adjoint(Column const& column, Level const& level, std::vector<double> const& times,
                            std::vector<Direction> const& directions, Seeds const& seeds);

}  // namespace kroma::chromatography
