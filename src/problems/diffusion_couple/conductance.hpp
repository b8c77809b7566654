#pragma once

#include <array>
#include <functional>

#include "problems/diffusion_couple/box.hpp"
#include "problems/diffusion_couple/box_kernels.hpp"

namespace kroma::diffusion_couple {

/// A symmetric tensor along the axes of arrays.
using SymmetricTensor = std::array<std::array<double, 3>, 3>;

/// What grain boundaries add to the tensor at the low corner of a cell, given by its index among those of all ranks.
using CornerTensor = std::function<SymmetricTensor(std::array<int, 3> const& corner)>;

/// Conductances of flux = -K grad W, K(x) = position(x) (anisotropy + corner(x)).
///
/// Where K is diagonal, faces have the harmonic mean of their two cells, which is exact for layers along and across.
/// Otherwise K is taken at the corners of cells and with it, about each corner, the energy
///   sum_a K_aa mean (du/dx_a)^2 + 2 sum_{a<b} K_ab mean (du/dx_a du/dx_b)
/// of differences between the cells around it, the last mean over the two layers of four cells. It is positive for
/// every positive K: in the trilinear modes of a box it is g K g + h M h + q^2 trace K with
/// M_aa = trace K - K_aa, M_ab = K_ab, and 2 |K_ab h_a h_b| <= K_bb h_a^2 + K_aa h_b^2. Its derivatives are fluxes
/// over faces, second order and conservative. At a sealed face the normal difference is what leaves no flux.
///
/// Throws Error(bad_input) where position is not above 0 and finite. Collective.
Links make_links(Box const& box, Options const& options, CornerTensor const& corner);

/// Anisotropy of the deck along the axes of arrays; the unit tensor where it gives none. Throws Error(bad_input) unless
/// it is positive definite.
SymmetricTensor anisotropy_of(Options const& options);

}  // namespace kroma::diffusion_couple
