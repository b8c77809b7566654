#pragma once

#include "problems/diffusion_couple/options.hpp"

namespace kroma::diffusion_couple {

/// Rules between the keys of a block; each adds its mistakes to `where`.
void check_end(EndOptions const& o, deck::Where const& where);
void check_spline(SplineOptions const& o, deck::Where const& where);
void check_diffusivity(DiffusivityOptions const& o, deck::Where const& where);
void check_phase(PhaseOptions const& o, deck::Where const& where);
void check_options(Options const& o, deck::Where const& where);

}  // namespace kroma::diffusion_couple
