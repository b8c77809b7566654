#pragma once

#include "core/space.hpp"
#include "problems/diffusion_couple/kirchhoff.hpp"

namespace kroma::diffusion_couple {

/// Conductances between the cells of one rank and their neighbours: over faces, and where the diffusivity is a tensor
/// also over edges, which link cells that lie diagonally. In a grid of points (n0 + 1, n1 + 1, n2 + 1) at the low
/// corners of cells, (n1 + 1, n2 + 1) in two dimensions. A face belongs to its lower cell's upper neighbour; an edge
/// links the cells on its one diagonal with its value and those on the other with minus its value. 1/m^2.
struct Links {
  kroma::Matrix value;  // (links, points): faces across each axis; edges 01, 02, 12 (12 alone in two dimensions)
  int dimension = 2;
  bool edges = false;
  int n0 = 1, n1 = 1, n2 = 1;  // cells of this rank

  int points() const { return (dimension == 3 ? n0 + 1 : 1) * (n1 + 1) * (n2 + 1); }
  /// Neighbours of a cell: 4, 8, 6 or 18.
  int neighbours() const { return dimension == 2 ? (edges ? 8 : 4) : (edges ? 18 : 6); }
  /// Rows of `value`: 2, 3, 3 or 6.
  int rows() const { return dimension + (edges ? dimension * (dimension - 1) / 2 : 0); }
};

/// W(y) and 1/D(y) of every cell; `factor` multiplies the table.
void potentials(Space const& space, KirchhoffTable<Space> const& table, double factor, ConstVector y, Vector W,
                Vector inverse);

/// out = y - known - a L W, with L W the sum over neighbours of conductance times difference. W is padded.
void residual(Space const& space, Links const& links, double a, ConstVector W, ConstVector y, ConstVector known,
              Vector out);
/// out = inverse x - a L x, the symmetric positive definite matrix of Newton's method. x is padded.
void jacobian(Space const& space, Links const& links, double a, ConstVector x, ConstVector inverse, Vector out);
/// Its diagonal.
void jacobian_diagonal(Space const& space, Links const& links, double a, ConstVector inverse, Vector out);
/// Its entries row by row: the diagonal, then the neighbours in the order of neighbour_offsets(). (cells, 1 +
/// neighbours)
void jacobian_entries(Space const& space, Links const& links, double a, ConstVector inverse, Vector out);
/// Offsets of the neighbours in a padded array, in the order of jacobian_entries().
std::vector<int> neighbour_offsets(Links const& links);

/// Mean over the two faces across each axis of the flux -K grad W, (cells, dimension); h: lengths of a cell, m.
struct Widths {
  double h0, h1, h2;
};
void cell_flux(Space const& space, Links const& links, Widths h, ConstVector W, kroma::Matrix out);

/// Sum of L W over the links that cross the low or high end of the first axis, on a rank that has cells there.
double end_rate(Space const& space, Links const& links, bool high, ConstVector W);

/// y += z inverse; returns the largest modulus of what was added, NaN if there is one.
double update(Space const& space, ConstVector z, ConstVector inverse, Vector y);

/// Sum with little rounding: rows of `n` values first, then their sums pairwise.
double careful_sum(Space const& space, ConstVector x, int n);

/// Sets the layer of ghosts beyond an end of the first axis.
void fill_end(Space const& space, Links const& links, bool high, double value, Vector padded);

}  // namespace kroma::diffusion_couple
