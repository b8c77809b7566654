#pragma once

#include <span>
#include <string>
#include <vector>

#include "io/checkpoints.hpp"
#include "io/result_file.hpp"
#include "problems/diffusion_couple/mesh.hpp"

namespace kroma::diffusion_couple {

/// /tables/planes: places in a couple that have a name.
class PlaneTable {
 public:
  /// x in m from the left end, shift from `origin`.
  void add(std::string name, double x, double origin, double composition, bool stable);
  /// Collective.
  void write(io::ResultFile& results) const;

 private:
  std::vector<std::string> names_;
  std::vector<double> x_, shift_, composition_;
  std::vector<std::int64_t> stable_;
};

/// /tables/phases: a row per layer at the end of the anneal.
struct Layer {
  std::string name;
  double from, to;  // m from the left end
  double lowest, highest;
};
void write_layers(io::ResultFile& results, std::vector<Layer> const& layers, double time);

/// A row of /series/thickness, of the same layers at every time. Collective.
void write_thickness(io::ResultFile& results, std::vector<Layer> const& layers);

/// An interface of a couple: mole fractions and phases on its left and on its right; phase -1 is a pure end member.
struct Jump {
  double x;  // m from the left end
  double before, after;
  int phase_before, phase_after;
};
/// The layers from left to right; `end` is the place of the right end, m.
std::vector<Layer> layers_between(std::vector<std::string> const& names, std::vector<Jump> const& jumps,
                                  std::vector<std::string> const& components, CoupleOptions const& couple, double end);

/// One row of /fields/composition, all components, from the fractions (cells, fractions) of all but the first; and of
/// /fields/position from the faces' places, unless there are none. Collective.
void write_line_frame(io::ResultFile& results, std::size_t fractions, std::span<double const> composition,
                      std::vector<double> const& places);

/// /grid/x and /grid/x_edges: cells of a couple before the anneal. Collective.
void write_line_axis(io::ResultFile& results, LineMesh const& mesh);

/// An array that every rank has, written by the first one, and read by all. Collective.
void save_all(io::Checkpoint& checkpoint, MPI_Comm comm, std::string const& name, std::vector<double> const& values);
void load_all(io::Checkpoint const& checkpoint, std::string const& name, std::vector<double>& values);

}  // namespace kroma::diffusion_couple
