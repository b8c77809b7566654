#pragma once

#include <string>

#include "problems/diffusion_couple/sampled_curve.hpp"

namespace kroma::diffusion_couple {

/// Intrinsic coefficients of both components at the Kirkendall plane.
struct Intrinsic {
  double first = 0, second = 0;  // m^2/s
  /// Partial molar volumes' weighted ratio V_A D_B / (V_B D_A), about the ratio of tracer coefficients.
  double ratio = 0;
  double velocity = 0;  // m/s, of the markers, that these coefficients mean in the volume-fixed frame
};

/// At node `i` after `time` s, from the lattice-frame fluxes in mole fractions (van Loo 1970): exact for any V(c),
/// needs neither Matano plane nor origin of positions.
Intrinsic intrinsic_by_composition(SampledCurve const& curve, std::size_t i, double time);
/// The same in concentrations (Baheti and Paul 2018): exact where partial molar volumes are constant.
Intrinsic intrinsic_by_concentration(SampledCurve const& curve, std::size_t i, double time);
/// Heumann (1952): from Wagner's coefficient and the distance of the markers from the contact plane at `contact`, m;
/// partial molar volumes taken as constant.
Intrinsic heumann(SampledCurve const& curve, std::size_t i, double time, double contact);

/// Ratio V_A D_B / (V_B D_A) by (3.5), which needs no gradient and holds in line compounds, too.
double ratio_without_gradient(SampledCurve const& curve, std::size_t i);

/// Darken's combination of intrinsic coefficients at node i: the interdiffusion coefficient they mean, m^2/s.
double darken(SampledCurve const& curve, std::size_t i, Intrinsic const& intrinsic);

}  // namespace kroma::diffusion_couple
