#include "problems/diffusion_couple/output.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace kroma::diffusion_couple {

void PlaneTable::add(std::string name, double x, double origin, double composition, bool stable) {
  names_.push_back(std::move(name));
  x_.push_back(x);
  shift_.push_back(x - origin);
  composition_.push_back(composition);
  stable_.push_back(stable ? 1 : 0);
}

void PlaneTable::write(io::ResultFile& results) const {
  results.table("/tables/planes",
                {{"plane", "1", names_},
                 {"x", "m", x_},
                 {"shift", "m", shift_},
                 {"composition", "1", composition_},
                 {"stable", "1", stable_}},
                "planes at the end: place, distance from where it was or from the contact plane, mole fraction there");
}

void write_layers(io::ResultFile& results, std::vector<Layer> const& layers, double time) {
  std::vector<std::string> names;
  std::vector<double> from, to, thickness, growth, lowest, highest;
  for (auto const& layer : layers) {
    names.push_back(layer.name);
    from.push_back(layer.from);
    to.push_back(layer.to);
    thickness.push_back(layer.to - layer.from);
    growth.push_back(thickness.back() * thickness.back() / (2 * time));
    lowest.push_back(layer.lowest);
    highest.push_back(layer.highest);
  }
  results.table("/tables/phases",
                {{"phase", "1", names},
                 {"from", "m", from},
                 {"to", "m", to},
                 {"thickness", "m", thickness},
                 {"growth_constant", "m^2/s", growth},
                 {"lowest", "1", lowest},
                 {"highest", "1", highest}},
                "layers at the end of the anneal; the growth constant is thickness^2 / (2 t)");
}

void write_thickness(io::ResultFile& results, std::vector<Layer> const& layers) {
  std::vector<double> thickness;
  for (auto const& layer : layers) thickness.push_back(layer.to - layer.from);
  auto const count = static_cast<std::int64_t>(thickness.size());
  results.series("/series/thickness", thickness, {{"", count}}, "m", "Thickness of the layers of /tables/phases");
}

std::vector<Layer> layers_between(std::vector<std::string> const& names, std::vector<Jump> const& jumps,
                                  std::vector<std::string> const& components, CoupleOptions const& couple, double end) {
  auto const name = [&](int phase, double c) {
    return phase >= 0 ? names[static_cast<std::size_t>(phase)] : components[c > 0.5 ? 1 : 0];
  };
  std::vector<Layer> layers;
  double from = 0, c = couple.left[0];
  int phase = jumps.empty() ? 0 : jumps.front().phase_before;
  for (auto const& jump : jumps) {
    layers.push_back({name(phase, c), from, jump.x, std::min(c, jump.before), std::max(c, jump.before)});
    from = jump.x;
    c = jump.after;
    phase = jump.phase_after;
  }
  layers.push_back({name(phase, c), from, end, std::min(c, couple.right[0]), std::max(c, couple.right[0])});
  return layers;
}

void write_line_frame(io::ResultFile& results, std::size_t fractions, std::span<double const> composition,
                      std::vector<double> const& places) {
  std::vector<double> all;
  auto const cells = static_cast<std::int64_t>(composition.size() / fractions);
  for (std::size_t i = 0; i < composition.size(); i += fractions) {
    auto const own = composition.subspan(i, fractions);
    all.push_back(std::accumulate(own.begin(), own.end(), 1.0, std::minus<>{}));
    all.insert(all.end(), own.begin(), own.end());
  }
  results.series("/fields/composition", all, {{"/grid/x", cells}, {"", static_cast<std::int64_t>(fractions) + 1}}, "1",
                 "Mole fraction");
  if (places.empty()) return;
  results.series("/fields/position", middles(places), {{"/grid/x", cells}}, "m", "Place of the cell");
}

void write_line_axis(io::ResultFile& results, LineMesh const& mesh) {
  results.coordinate("/grid/x", middles(mesh.edges), "m", "Position before the anneal");
  results.coordinate("/grid/x_edges", mesh.edges, "m", "Faces of the cells before the anneal");
}

void save_all(io::Checkpoint& checkpoint, MPI_Comm comm, std::string const& name, std::vector<double> const& values) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  auto const size = static_cast<std::int64_t>(values.size());
  if (rank == 0) {
    checkpoint.write(name, values, {{0}, {size}}, {size});
  } else {
    checkpoint.write(name, {}, {{0}, {0}}, {size});
  }
}

void load_all(io::Checkpoint const& checkpoint, std::string const& name, std::vector<double>& values) {
  checkpoint.read(name, values, {{0}, {static_cast<std::int64_t>(values.size())}});
}

}  // namespace kroma::diffusion_couple
