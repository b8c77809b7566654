#pragma once

#include <cstddef>
#include <vector>

#include "problems/diffusion_couple/smooth_profile.hpp"
#include "problems/diffusion_couple/volume_law.hpp"

namespace kroma::diffusion_couple {

/// A curve at nodes close enough for integrals of fourth order; compositions or places asked for are among them.
struct SampledCurve {
  std::vector<double> x, c, slope;      // m, mole fraction, 1/m
  std::vector<double> volume, dvolume;  // V and dV/dc, m^3/mol
  double minus = 0, plus = 1;           // end members
  std::vector<std::size_t> asked;       // nodes of the compositions or places that were asked for, in their order

  double first(std::size_t i) const { return volume[i] - c[i] * dvolume[i]; }  // partial molar volumes
  double second(std::size_t i) const { return volume[i] + (1 - c[i]) * dvolume[i]; }
  /// Concentration of the second component and its slope, mol/m^3.
  double concentration(std::size_t i) const { return c[i] / volume[i]; }
  double concentration_slope(std::size_t i) const { return first(i) / (volume[i] * volume[i]) * slope[i]; }
};

SampledCurve sample_at_places(Curve const& curve, VolumeLaw const& volume, std::vector<double> const& places);
/// Throws Error(bad_input) for a composition that is not between the end members.
SampledCurve sample_at_compositions(Curve const& curve, VolumeLaw const& volume,
                                    std::vector<double> const& compositions);

/// Where the monotone curve has the composition c, m.
double place_of(Curve const& curve, double c);

/// Integral of f from the first node to each, by the trapezoidal rule corrected by the slopes at both ends of each
/// step; error of fourth order.
std::vector<double> integral_from_left(std::vector<double> const& x, std::vector<double> const& f,
                                       std::vector<double> const& slope);
/// Integral from each node to the last.
std::vector<double> integral_to_right(std::vector<double> const& x, std::vector<double> const& f,
                                      std::vector<double> const& slope);

}  // namespace kroma::diffusion_couple
