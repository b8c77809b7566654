#pragma once

#include <string>
#include <vector>

#include "problems/diffusion_couple/measured_profile.hpp"
#include "problems/diffusion_couple/volume_law.hpp"

namespace kroma::diffusion_couple {

/// A profile of several phases: pieces of straight lines, jumps where a position stands twice.
struct LayeredProfile {
  std::vector<double> x, c, volume;  // m, mole fraction, m^3/mol
  std::vector<int> phase;            // of each point, in the order of the deck
  double minus = 0, plus = 1;        // end members
};

/// Where a phase begins and ends in a measured profile, m, with the standard deviation of either place.
struct MeasuredLayer {
  int phase = 0;
  double low = 0, high = 0, deviation = 0;
};

/// Points are given to the phase whose range is nearest; a layer ends half-way between the last point of one phase and
/// the first of the next, where the deck does not give `layer`. Phases without points are left out. Throws
/// Error(bad_input) if the phases do not follow each other along the profile.
std::vector<MeasuredLayer> find_layers(MeasuredProfile const& profile, Options const& options);

/// The measured profile, made monotone, with sharp interfaces and compounds at their compositions.
LayeredProfile layered_profile(MeasuredProfile const& profile, std::vector<MeasuredLayer> const& layers,
                               Options const& options, VolumeLaw const& volume);

/// The integral of D over the composition of one phase, in both variables (Wagner 1969; Baheti and Paul 2018).
struct Integrated {
  double by_composition = 0;    // m^2/s: integral of D dc; exact for any volumes of the phases
  double by_concentration = 0;  // mol/(m s): integral of D dC; means something for ideal volumes only
  double growth_constant = 0;   // m^2/s: thickness^2 / (2 time)
  double thickness = 0;         // m
};
Integrated integrated_coefficient(LayeredProfile const& profile, int phase, double time);

/// Both sides of the sum rule: integral of (m - m_M)^2 dc against 2 t sum of the phases' integrals of D_m, relative.
double sum_rule_error(LayeredProfile const& profile, double time);

}  // namespace kroma::diffusion_couple
