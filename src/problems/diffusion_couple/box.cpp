#include "problems/diffusion_couple/box.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::diffusion_couple {
namespace {

int up(int n, int parts) { return (n + parts - 1) / parts; }

std::int64_t product(grid::Extents const& n) { return std::int64_t{n[0]} * n[1] * n[2]; }

/// Ghost cells of the fullest rank, along the axes that are divided.
std::int64_t surface(grid::Extents const& cells, grid::Extents const& ranks) {
  grid::Extents n{}, ghosts{};
  for (std::size_t d = 0; d < 3; ++d) {
    n[d] = up(cells[d], ranks[d]);
    ghosts[d] = ranks[d] > 1 ? 2 : 0;
  }
  return std::int64_t{n[0] + ghosts[0]} * (n[1] + ghosts[1]) * (n[2] + ghosts[2]);
}

}  // namespace

grid::Extents cells_of(CoupleOptions const& couple) {
  auto const at = [&](std::size_t axis) { return couple.cells[couple.cells.size() == 1 ? 0 : axis]; };
  if (couple.z > 0) return {at(0), at(1), at(2)};
  return {1, at(0), at(1)};
}

grid::Extents arrange_ranks(int ranks, grid::Extents const& cells) {
  grid::Extents best{0, 0, 0};
  std::int64_t least = 0;
  for (int a = std::min(ranks, cells[0]); a >= 1; --a) {
    for (int b = std::min(ranks / a, cells[1]); ranks % a == 0 && b >= 1; --b) {
      int const c = ranks / a / b;
      if (ranks != a * b * c || c > cells[2]) continue;
      auto const own = surface(cells, {a, b, c});
      if (best[0] != 0 && own >= least) continue;
      best = {a, b, c};
      least = own;
    }
  }
  return best;
}

Box::Box(MPI_Comm comm, Options const& o) : comm_{comm}, first_{o.couple.z > 0 ? 0 : 1}, global_{cells_of(o.couple)} {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  auto const shared = arrange_ranks(ranks, global_);
  if (shared[0] == 0) {
    throw bad_input(fmt::format("diffusion_couple.couple.cells: {} x {} x {} cells cannot be shared out over {} ranks",
                                global_[0], global_[1], global_[2], ranks),
                    "Take fewer ranks, or more cells.");
  }
  std::array const lengths{o.couple.length, o.couple.y, o.couple.z};
  std::array<DMBoundaryType, 3> kind{DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE};
  for (auto d = static_cast<std::size_t>(first_); d < 3; ++d) {
    auto const axis = d - static_cast<std::size_t>(first_);
    widths_[d] = lengths[axis] / global_[d];
    joined_[d] = axis == 0 ? o.left_end.kind == EndKind::periodic : o.periodic_sides;
    kind[d] = joined_[d] ? DM_BOUNDARY_PERIODIC : DM_BOUNDARY_GHOSTED;
  }
  petsc_ok(DMDACreate3d(comm, kind[2], kind[1], kind[0], DMDA_STENCIL_BOX, global_[2], global_[1], global_[0],
                        shared[2], shared[1], shared[0], 1, 1, nullptr, nullptr, nullptr, dm_.put()));
  petsc_ok(DMSetOptionsPrefix(dm_, "diffusion_couple_"));
  petsc_ok(DMSetFromOptions(dm_));
  petsc_ok(DMSetUp(dm_));
  petsc_ok(DMDAGetCorners(dm_, &begin_[2], &begin_[1], &begin_[0], &local_[2], &local_[1], &local_[0]));
}

grid::Extents Box::padded() const {
  auto extents = local_;
  for (auto d = static_cast<std::size_t>(first_); d < 3; ++d) extents[d] += 2;
  return extents;
}

std::int64_t Box::cells() const { return product(global_); }
std::int64_t Box::local_cells() const { return product(local_); }

bool Box::at_low(int axis) const {
  return !joined(axis) && axis >= first_ && begin_[static_cast<std::size_t>(axis)] == 0;
}

bool Box::at_high(int axis) const {
  auto const d = static_cast<std::size_t>(axis);
  return !joined(axis) && axis >= first_ && begin_[d] + local_[d] == global_[d];
}

io::Block Box::block() const {
  io::Block block;
  for (auto d = static_cast<std::size_t>(first_); d < 3; ++d) {
    block.offset.push_back(begin_[d]);
    block.count.push_back(local_[d]);
  }
  return block;
}

io::Shape Box::shape() const { return {global_.begin() + first_, global_.end()}; }

std::array<double, 3> Box::place(std::array<double, 3> const& index) const {
  std::array<double, 3> x{};
  for (auto d = static_cast<std::size_t>(first_); d < 3; ++d) {
    x[d - static_cast<std::size_t>(first_)] = index[d] * widths_[d];
  }
  return x;
}

Handle<Vec> Box::vector() const {
  Handle<Vec> vec;
  petsc_ok(DMCreateGlobalVector(dm_, vec.put()));
  petsc_ok(VecSet(vec, 0.0));
  return vec;
}

Handle<Vec> Box::padded_vector() const {
  Handle<Vec> vec;
  petsc_ok(DMCreateLocalVector(dm_, vec.put()));
  petsc_ok(VecSet(vec, 0.0));
  return vec;
}

void Box::pad(Vec cells, Vec padded) const {
  petsc_ok(DMGlobalToLocalBegin(dm_, cells, INSERT_VALUES, padded));
  petsc_ok(DMGlobalToLocalEnd(dm_, cells, INSERT_VALUES, padded));
}

std::vector<PetscInt> Box::numbering() const {
  ISLocalToGlobalMapping mapping = nullptr;
  PetscInt size = 0;
  PetscInt const* indices = nullptr;
  petsc_ok(DMGetLocalToGlobalMapping(dm_, &mapping));
  petsc_ok(ISLocalToGlobalMappingGetSize(mapping, &size));
  petsc_ok(ISLocalToGlobalMappingGetIndices(mapping, &indices));
  std::vector<PetscInt> numbers(indices, indices + size);
  petsc_ok(ISLocalToGlobalMappingRestoreIndices(mapping, &indices));
  return numbers;
}

}  // namespace kroma::diffusion_couple
