#pragma once

#include <string>
#include <vector>

#include "io/result_file.hpp"
#include "problems/diffusion_couple/box.hpp"
#include "problems/diffusion_couple/grains.hpp"

namespace kroma::diffusion_couple {

/// Where this rank's cells lie in an array of results with `components` of each, and its axes.
struct BoxArray {
  io::Block block;
  std::vector<io::Dimension> dimensions;
};
BoxArray box_array(Box const& box, int components);

/// /grid/x and so on, and the faces of the cells. Collective, as all here.
void write_box_axes(io::ResultFile& results, Box const& box);
/// /fields/grain: the number of every cell's grain.
void write_grains(io::ResultFile& results, Box const& box, Grains const& grains);
/// /fields/flux: (cells of this rank, dimension).
void write_box_flux(io::ResultFile& results, Box const& box, HostMatrix const& flux, std::string const& units,
                    std::string const& long_name);

/// Values of this rank's cells on the host, and back.
std::vector<double> host_values(Vec cells);
void set_values(Vec cells, std::vector<double> const& values);

}  // namespace kroma::diffusion_couple
