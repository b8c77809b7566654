#pragma once

#include <cmath>
#include <functional>

#include "core/space.hpp"

namespace kroma::diffusion_couple {

/// Kirchhoff potential W(c), the integral of D from `low`, as cubic pieces on equal intervals whose values and slopes
/// are W and D at their ends: error of fourth order, and the coefficient is exactly the derivative of the potential.
/// Beyond the ends D is constant. For kernels; copies share their arrays.
template <class S>
struct KirchhoffTable {
  VectorOn<S, double const> potentials, coefficients;  // (n + 1) at the ends of the intervals
  double low = 0, step = 1;

  struct Value {
    double potential, coefficient;
  };

  /// The table as bare numbers, without a branch: for loops that look up many compositions.
  struct Pieces {
    double const *potentials, *coefficients;
    double low, step, inverse;
    int intervals;

    KOKKOS_INLINE_FUNCTION Value operator()(double c) const {
      double const at = (c - low) * inverse;
      double const last = intervals, below = at < last ? at : last;  // the last one where c is not a number
      double const inside = below > 0 ? below : 0.0;
      int const whole = static_cast<int>(inside), i = whole < intervals - 1 ? whole : intervals - 1;
      double const t = inside - i, u = 1 - t;
      double const rise = potentials[i + 1] - potentials[i], a = step * coefficients[i], b = step * coefficients[i + 1];
      double const coefficient = (6 * t * u * rise + u * (1 - 3 * t) * a + t * (3 * t - 2) * b) * inverse;
      double const potential = potentials[i] + t * t * (3 - 2 * t) * rise + t * u * (u * a - t * b);
      return {potential + (at - inside) * step * coefficient, coefficient};
    }
  };
  KOKKOS_INLINE_FUNCTION Pieces pieces() const {
    return {potentials.data(), coefficients.data(), low, step, 1 / step, potentials.extent_int(0) - 1};
  }

  KOKKOS_INLINE_FUNCTION Value operator()(double c) const { return pieces()(c); }
};

/// Tabulates W for D on [low, high], with intervals halved until W at their middles is right to `tolerance` of its
/// range. Throws Error(bad_input) naming `what` where D is not above 0 and finite, or where the table does not settle.
KirchhoffTable<Host> tabulate(std::function<double(double)> const& diffusivity, double low, double high,
                              std::string const& what, double tolerance = 1e-11);

/// The same table where kernels run.
KirchhoffTable<Space> to_device(KirchhoffTable<Host> const& table);

}  // namespace kroma::diffusion_couple
