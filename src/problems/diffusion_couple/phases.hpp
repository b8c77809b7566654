#pragma once

#include <string>
#include <vector>

#include "problems/diffusion_couple/options.hpp"
#include "problems/diffusion_couple/similarity.hpp"
#include "problems/diffusion_couple/volume_law.hpp"

namespace kroma::diffusion_couple {

/// The phases of a binary couple in the scaled molar coordinate, at one temperature.
struct PhaseModel {
  std::vector<Phase> phases;
  std::vector<std::string> names;
  VolumeRatio volume;    // of a phase (-1: outside of all) over that of the left end member
  bool constant_volume;  // the same everywhere: places are molar coordinates

  /// Phase that holds the mole fraction c, or -1.
  int phase_of(double c) const;
};

/// The phases of a deck, or the whole range of composition as one. Throws Error(bad_input) if a diffusivity is not
/// above 0, or if an end member lies in no phase and is no pure component.
PhaseModel make_phases(Options const& options, double temperature);

}  // namespace kroma::diffusion_couple
