#pragma once

#include <vector>

#include "problems/diffusion_couple/options.hpp"

namespace kroma::diffusion_couple {

/// Finite volumes along a couple before the anneal; the contact plane is a face.
struct LineMesh {
  std::vector<double> edges;  // (n + 1) m, from the left end
  std::size_t contact = 0;    // number of cells left of the contact plane
  std::size_t cells() const { return edges.size() - 1; }
  double interface() const { return edges[contact]; }
};

/// Cells whose lengths grow geometrically from the contact plane to the ends, by `couple.grading` in all; the longer
/// body has more of them.
LineMesh make_mesh(CoupleOptions const& couple);

/// Centres of cells from their faces.
std::vector<double> middles(std::vector<double> const& edges);

/// Every two cells as one, counted from the contact plane; what is left over at an end stays alone.
LineMesh coarsen(LineMesh const& mesh);

/// Means over the cells of coarsen(fine) of `values` (cells of fine, m), weighted by `widths`.
std::vector<double> average_onto(LineMesh const& coarse, LineMesh const& fine, std::vector<double> const& widths,
                                 std::vector<double> const& values, std::size_t m);

}  // namespace kroma::diffusion_couple
