#pragma once

#include <array>
#include <memory>

#include <mpi.h>

#include "problems/diffusion_couple/box.hpp"
#include "problems/diffusion_couple/conductance.hpp"

namespace kroma::diffusion_couple {

/// A grain structure whose boundaries are thin against the cells. Each is spread over `smear` cells on both sides by
/// phi(d) = (1 + cos(pi d / w)) / (2 w), d the distance and w the half width, and adds
/// width (ratio segregation - 1) phi (I - n n) to the unit tensor, n its normal: nothing across it, and along it what
/// is right for a thin layer (Hart 1957). Where boundaries meet all of them count: the nearest alone would break the
/// network.
class Grains {
 public:
  virtual ~Grains() = default;
  /// Number of the grain at a cell of this rank, by its index among those of all ranks.
  virtual double grain(std::array<int, 3> const& cell) const = 0;
  /// Sum over the boundaries near the low corner of a cell of phi (I - n n), 1/m.
  virtual SymmetricTensor boundaries(std::array<int, 3> const& corner) const = 0;
};

/// The structure of the deck; null if it has none. Throws Error(bad_input). Collective.
std::unique_ptr<Grains> make_grains(Box const& box, Options const& options);

/// Cells of `seeds` random points and, across faces that are joined, of their images. The tensor at a point takes all
/// bisectors between its own seed and others that are closer than w.
std::unique_ptr<Grains> voronoi_grains(Box const& box, GrainOptions const& options);

/// Grains of an array in an HDF5 file, a number for each cell. Boundaries are where the indicator of a grain, averaged
/// with phi over its cells, has a gradient: its size is phi, its direction n, and every boundary has two sides.
std::unique_ptr<Grains> mapped_grains(Box const& box, GrainOptions const& options);

/// What boundaries add to the tensor of make_links(); null without grains.
CornerTensor corner_tensor(Grains const* grains, Options const& options);

/// Area of boundaries per volume, 1/m: the mean of sum phi over the low corners of all cells. Collective.
double boundary_density(Box const& box, Grains const& grains);

/// Checks what can be known without starting: extents of a file's array. Throws Error(bad_input).
void check_grains(Options const& options);

}  // namespace kroma::diffusion_couple
