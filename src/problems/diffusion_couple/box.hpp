#pragma once

#include <array>

#include <petscdmda.h>

#include "core/petsc.hpp"
#include "core/space.hpp"
#include "grid/layout.hpp"
#include "io/data.hpp"
#include "problems/diffusion_couple/options.hpp"

namespace kroma::diffusion_couple {

/// Cells of a couple of two or three dimensions, shared out over ranks in boxes (PETSc's DMDA). Arrays are row-major
/// with axes x, y, z, so that the last runs fastest; they always have three axes, and for two dimensions the first is
/// one cell long and has no neighbours: x is axis `first()`. A padded array has a layer of ghost cells around the cells
/// of this rank, along every axis that there is.
class Box {
 public:
  /// Throws Error(bad_input) where there are more ranks than cells can be shared out to. Collective.
  Box(MPI_Comm comm, Options const& options);

  MPI_Comm comm() const { return comm_; }
  int dimension() const { return 3 - first_; }
  int first() const { return first_; }
  grid::Extents const& global() const { return global_; }
  grid::Extents const& local() const { return local_; }
  grid::Extents const& begin() const { return begin_; }
  grid::Extents padded() const;
  std::int64_t cells() const;        // of all ranks
  std::int64_t local_cells() const;  // of this rank
  /// Lengths of a cell, m; 1 along an axis that is none.
  std::array<double, 3> const& widths() const { return widths_; }
  /// Whether the two faces across an axis are joined, and whether this rank has cells at them.
  bool joined(int axis) const { return joined_[static_cast<std::size_t>(axis)]; }
  bool at_low(int axis) const;
  bool at_high(int axis) const;
  /// Where this rank's cells lie in an array without the missing axis.
  io::Block block() const;
  io::Shape shape() const;
  /// Coordinates x, y, z in m from indices of cells, whose centres are at whole numbers plus 1/2; 0 along no axis.
  std::array<double, 3> place(std::array<double, 3> const& index) const;

  std::array<double, 3> centre(std::array<int, 3> const& cell) const {
    return place({cell[0] + 0.5, cell[1] + 0.5, cell[2] + 0.5});
  }
  /// visit(number of the cell on this rank, its indices among those of all ranks), in the order of arrays.
  template <class Visit>
  void each_cell(Visit const& visit) const {
    std::size_t number = 0;
    for (int i = 0; i < local_[0]; ++i) {
      for (int j = 0; j < local_[1]; ++j) {
        for (int k = 0; k < local_[2]; ++k)
          visit(number++, std::array<int, 3>{begin_[0] + i, begin_[1] + j, begin_[2] + k});
      }
    }
  }

  /// A vector of cells, zero. Collective.
  Handle<Vec> vector() const;
  /// A padded array, zero, whose memory is on this rank alone.
  Handle<Vec> padded_vector() const;
  /// Copies cells into a padded array, with ghosts from other ranks; those beyond ends and sealed sides stay.
  void pad(Vec cells, Vec padded) const;
  /// Index in a vector of cells of every element of a padded array; negative beyond ends and sealed sides.
  std::vector<PetscInt> numbering() const;

 private:
  MPI_Comm comm_;
  int first_;
  grid::Extents global_{1, 1, 1}, local_{1, 1, 1}, begin_{0, 0, 0};
  std::array<double, 3> widths_{1, 1, 1};
  std::array<bool, 3> joined_{};
  Handle<DM> dm_;
};

/// Cells along x, y and z of a couple of two or three dimensions.
grid::Extents cells_of(CoupleOptions const& couple);

/// Ranks along each axis: those that give the fullest rank the fewest ghost cells; axes in front are divided rather
/// than the last. {0, 0, 0} where no arrangement leaves every rank a cell.
grid::Extents arrange_ranks(int ranks, grid::Extents const& cells);

}  // namespace kroma::diffusion_couple
