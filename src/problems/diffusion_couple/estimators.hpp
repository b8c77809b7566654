#pragma once

#include <optional>
#include <string>
#include <vector>

#include "problems/diffusion_couple/sampled_curve.hpp"

namespace kroma::diffusion_couple {

/// Integrals of a normalised profile on both sides of every node: left = integral of Y w from the left, right =
/// integral of (1-Y) w to the right, with w = 1 or 1/V.
struct SideIntegrals {
  std::vector<double> y, y_slope, left, right;

  /// (1-Y) left + Y right: 2 t Y' D in (3.1) of Sauer and Freise (1962).
  double braces(std::size_t i) const { return (1 - y[i]) * left[i] + y[i] * right[i]; }
};
enum class Variable { mole_fraction, concentration };
enum class Weight { one, inverse_volume };
SideIntegrals side_integrals(SampledCurve const& curve, Variable variable, Weight weight);

/// Interdiffusion coefficient in m^2/s at every node asked for, after `time` s. NaN where the method says nothing.
///   wagner            mole fraction, weighted by 1/V (Wagner 1969): exact for any V(c)
///   den_broeder       concentration (den Broeder 1969): exact where partial molar volumes are constant
///   sauer_freise      mole fraction, V ignored
///   boltzmann_matano  concentration, from the Matano plane; as den_broeder on exact data
///   hall              concentration, straight line of the normal deviate in the tails 0.002 < Y < 0.05 and mirrored
///                     (Hall 1953, with the factor 2 sqrt(pi) k of a careful derivation): where noise leaves no choice
std::vector<double> interdiffusion(SampledCurve const& curve, Method method, double time);

/// What den Broeder's formula is wrong by, relative, at the nodes asked for, under the actual molar volume: the volume
/// velocity that it takes as zero, over the diffusive flux.
std::vector<double> den_broeder_error(SampledCurve const& curve, double time);

/// Planes in the profile's positions, m.
struct Planes {
  double matano_composition;    // equal areas of mole fraction
  double matano_concentration;  // equal areas of concentration
  double contact;               // where the contact plane was if the left end did not move: both components' balance
  double contact_from_right;    // the same if the right end did not move; they differ by the change of volume
};
Planes find_planes(SampledCurve const& curve);

/// Relative difference of the two sides of the sum rule: integral of (m - m_M)^2 dc = 2 t integral of D_m dc (Gusak and
/// Storozhuk 2019), with D by Wagner's method.
double sum_rule_error(SampledCurve const& curve);
/// The same with the left-hand side from the measured points as they are and D from the smoothed curve: a check of end
/// members, window and smoothing.
double sum_rule_error(SampledCurve const& curve, MeasuredProfile const& profile, VolumeLaw const& volume);

}  // namespace kroma::diffusion_couple
