#pragma once

#include <map>
#include <string>
#include <vector>

#include "problems/diffusion_couple/options.hpp"

namespace kroma::diffusion_couple {

/// A measured profile in SI and mole fractions.
struct MeasuredProfile {
  std::string name;                    // of the file, for messages
  std::vector<double> x;               // (points) m, rising
  std::vector<std::vector<double>> c;  // (components - 1, points) mole fractions of all components but the first
  std::vector<double> deviation;       // (points) standard deviations; empty if not given
  double time = 0;                     // s
  ProfileOptions options;
  std::vector<std::string> warnings;  // what looks wrong but can be used

  /// The second component's.
  std::vector<double> const& composition() const { return c.front(); }
};

/// Reads and checks. Nothing is repaired: throws Error(bad_input), naming file and value, for a position column whose
/// name says no unit, compositions of which it is not said whether atoms or mass are counted, positions that do not
/// rise, mole fractions outside [0, 1] by more than noise (5 standard deviations; 0.02 where none are given), fewer
/// than 10 points. Mass fractions need `molar_mass`.
MeasuredProfile read_profile(ProfileOptions const& profile, Options const& options);

/// What a measured profile says of an end member.
struct Plateau {
  double value = 0;      // mean of the outer points
  double deviation = 0;  // standard deviation of one point
  double trend = 0;      // change over the outer points, in standard errors of the trend
  int points = 0;
};
/// From the outer twentieth of the points (3 or more) of component `k`. `side` 0: left, 1: right.
Plateau plateau(MeasuredProfile const& profile, std::size_t k, int side);

/// Standard deviation of white noise from second differences; their median, so that steps between phases do not count.
double noise_of_neighbours(std::vector<double> const& c);

/// Where two bodies of the end members would have to meet to hold as much of the second component as the profile, m.
double balance_plane(MeasuredProfile const& profile, double left, double right);

/// For methods that take the couple as infinite: throws Error(bad_input) if a profile is still changing at an end, or
/// its plateau is not the end member that the deck gives.
void require_plateaus(MeasuredProfile const& profile);

}  // namespace kroma::diffusion_couple
