#include "problems/diffusion_couple/box_output.hpp"

#include <array>

#include "linalg/petsc_view.hpp"
#include "problems/diffusion_couple/mesh.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr std::array<char const*, 3> kAxes{"x", "y", "z"};

}  // namespace

BoxArray box_array(Box const& box, int components) {
  BoxArray array{box.block(), {}};
  for (auto const size : box.shape())
    array.dimensions.push_back({std::string{"/grid/"} + kAxes[array.dimensions.size()], size});
  if (components > 1) {
    array.block.offset.push_back(0);
    array.block.count.push_back(components);
    array.dimensions.push_back({"", components});
  }
  return array;
}

void write_box_axes(io::ResultFile& results, Box const& box) {
  for (int d = box.first(); d < 3; ++d) {
    auto const axis = static_cast<std::size_t>(d);
    std::vector<double> edges;
    for (int i = 0; i <= box.global()[axis]; ++i) edges.push_back(i * box.widths()[axis]);
    std::string const name = kAxes[axis - static_cast<std::size_t>(box.first())];
    results.coordinate("/grid/" + name, middles(edges), "m", "Position along " + name);
    results.coordinate("/grid/" + name + "_edges", edges, "m", "Faces of the cells along " + name);
  }
}

void write_grains(io::ResultFile& results, Box const& box, Grains const& grains) {
  std::vector<double> numbers(static_cast<std::size_t>(box.local_cells()));
  box.each_cell([&](std::size_t number, std::array<int, 3> const& cell) { numbers[number] = grains.grain(cell); });
  auto const array = box_array(box, 1);
  results.field("/fields/grain", numbers, array.block, array.dimensions, "1", "Grain");
}

void write_box_flux(io::ResultFile& results, Box const& box, HostMatrix const& flux, std::string const& units,
                    std::string const& long_name) {
  auto const array = box_array(box, box.dimension());
  results.field("/fields/flux", {flux.data(), flux.size()}, array.block, array.dimensions, units, long_name);
}

std::vector<double> host_values(Vec cells) {
  linalg::BorrowedView<double const> const view{cells};
  std::vector<double> values(view.flat().extent(0));
  Kokkos::deep_copy(VectorOn<Kokkos::HostSpace>(values.data(), values.size()), view.flat());
  return values;
}

void set_values(Vec cells, std::vector<double> const& values) {
  linalg::BorrowedView<double> const view{cells};
  Kokkos::deep_copy(view.flat(), VectorOn<Kokkos::HostSpace, double const>(values.data(), values.size()));
}

}  // namespace kroma::diffusion_couple
