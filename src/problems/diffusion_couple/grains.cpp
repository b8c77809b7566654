#include "problems/diffusion_couple/grains.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "io/input_file.hpp"

namespace kroma::diffusion_couple {

std::unique_ptr<Grains> make_grains(Box const& box, Options const& options) {
  if (!options.grains) return nullptr;
  return options.grains->file.path.empty() ? voronoi_grains(box, *options.grains) : mapped_grains(box, *options.grains);
}

CornerTensor corner_tensor(Grains const* grains, Options const& options) {
  if (grains == nullptr) return nullptr;
  auto const& o = *options.grains;
  double const excess = o.width * (o.ratio * o.segregation.value_or(1.0) - 1);
  return [grains, excess](std::array<int, 3> const& corner) {
    auto K = grains->boundaries(corner);
    for (auto& row : K) {
      for (auto& value : row) value *= excess;
    }
    return K;
  };
}

double boundary_density(Box const& box, Grains const& grains) {
  double sum = 0;
  box.each_cell([&](std::size_t, std::array<int, 3> const& cell) {
    auto const K = grains.boundaries(cell);
    sum += (K[0][0] + K[1][1] + K[2][2]) / (box.dimension() - 1);
  });
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, box.comm());
  return sum / static_cast<double>(box.cells());
}

void check_grains(Options const& options) {
  if (!options.grains) return;
  auto const& o = *options.grains;
  if (o.ratio * o.segregation.value_or(1.0) < 1) {
    throw bad_input("diffusion_couple.grains.ratio: boundaries that are slower than their grains are not simulated",
                    "Give a ratio times segregation of 1 or more.");
  }
  if (o.file.path.empty()) return;
  auto const cells = cells_of(options.couple);
  io::Shape const wanted(cells.begin() + (options.couple.z > 0 ? 0 : 1), cells.end());
  auto const shape = io::shape_in_file(o.file.path, o.dataset);
  if (shape == wanted) return;
  throw bad_input(fmt::format("{}: {} has extents {}, and the couple has {} cells", o.file.path, o.dataset,
                              fmt::join(shape, " x "), fmt::join(wanted, " x ")),
                  "Give couple.cells the extents of the array.");
}

}  // namespace kroma::diffusion_couple
