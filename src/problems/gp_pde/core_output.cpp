#include "problems/gp_pde/core_output.hpp"

#include <string>

namespace kroma::gp_pde {
namespace {

void write_axis(Run& run, AxisBasis const& basis) {
  auto const folder = "/core/" + basis.axis.name;
  auto const& matrix = basis.from_features;
  auto const frequencies = static_cast<std::int64_t>(basis.features.frequency.size());
  run.results.coordinate(folder + "/frequency", basis.features.frequency, "1", "frequency, cycles per unit length");
  run.results.replicated(folder + "/deviation", basis.features.deviation, {{folder + "/frequency", frequencies}}, "1",
                         "prior standard deviation of a feature");
  run.results.replicated(folder + "/functions", {matrix.data(), matrix.size()},
                         {{"", matrix.extent_int(0)}, {"", matrix.extent_int(1)}}, "1",
                         "basis functions (columns) as sums of features: deviation cos(2 pi frequency (x - centre)) of "
                         "all frequencies, then deviation sin(...) of those above 0");
  run.results.attribute(folder, "low", basis.axis.low);
  run.results.attribute(folder, "high", basis.axis.high);
  run.results.attribute(folder, "centre", basis.axis.centre());
}

}  // namespace

void write_core(Run& run, Model const& model, Solution const& solution) {
  std::string names;
  io::Block block;
  std::vector<io::Dimension> dimensions;
  grid::Extents n{1, 1, 1};
  for (std::size_t d = 0; d < solution.bases.size(); ++d) n[d] = solution.bases[d].size();
  grid::Layout const layout{run.comm, n};
  for (std::size_t d = 0; d < solution.bases.size(); ++d) {
    int const axis = static_cast<int>(d);
    write_axis(run, solution.bases[d]);
    names += (d > 0 ? " " : "") + model.axes[d].name;
    block.offset.push_back(layout.begin(axis));
    block.count.push_back(layout.count(axis));
    dimensions.push_back({"", n[d]});
  }
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, solution.coefficients);
  run.results.field("/core/coefficients", {host.data(), host.size()}, block, dimensions, "1",
                    "coefficients of u in products of the axes' basis functions");
  run.results.attribute("/core", "axes", names);
}

}  // namespace kroma::gp_pde
