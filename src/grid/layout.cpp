#include "grid/layout.hpp"

#include "core/error.hpp"

namespace kroma::grid {

ProcessGrid ProcessGrid::of(MPI_Comm comm) {
  ProcessGrid grid;
  int topology = MPI_UNDEFINED, dimensions = 0;
  MPI_Topo_test(comm, &topology);
  if (topology == MPI_CART) MPI_Cartdim_get(comm, &dimensions);
  if (dimensions == 2) {
    std::array<int, 2> periods{0, 0};
    MPI_Cart_get(comm, 2, grid.ranks.data(), periods.data(), grid.place.data());
  } else {
    MPI_Comm_size(comm, &grid.ranks[0]);
    MPI_Comm_rank(comm, &grid.place[0]);
  }
  return grid;
}

std::array<int, 2> nearly_square(int ranks) {
  int shorter = 1;
  for (int side = 1; side * side <= ranks; ++side) {
    if (ranks % side == 0) shorter = side;
  }
  return {ranks / shorter, shorter};
}

std::array<int, 2> suitable_sides(int ranks, Extents const& n) {
  std::array const slabs{ranks, 1};
  if (n[2] == 1) return slabs;
  auto const pencils = nearly_square(ranks);
  auto const share = [&](std::array<int, 2> const& sides) {  // of the fullest rank
    return static_cast<double>(Layout{ProcessGrid{sides, {0, 0}}, n}.local_size());
  };
  return ranks > n[0] || share(pencils) < 0.8 * share(slabs) ? pencils : slabs;
}

ArrangedRanks::ArrangedRanks(MPI_Comm comm, std::array<int, 2> ranks) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  require(ranks[0] * ranks[1] == size, "the sides of a process grid multiply to its ranks");
  std::array<int, 2> const periods{0, 0};
  MPI_Cart_create(comm, 2, ranks.data(), periods.data(), 0, &comm_);
}

ArrangedRanks::~ArrangedRanks() { MPI_Comm_free(&comm_); }

Layout Layout::moved(int side, int axis) const {
  auto copy = *this;
  copy.split_[static_cast<std::size_t>(side)] = axis;
  return copy;
}

Layout Layout::resized(Extents extents) const {
  auto copy = *this;
  copy.extents_ = extents;
  return copy;
}

BlockMap Layout::map(int axis, int& place) const {
  for (std::size_t side = 0; side < 2; ++side) {
    if (split_[side] != axis) continue;
    place = processes_.place[side];
    return {extents_[static_cast<std::size_t>(axis)], processes_.ranks[side]};
  }
  place = 0;
  return {extents_[static_cast<std::size_t>(axis)], 1};
}

int Layout::begin(int axis) const {
  int place = 0;
  auto const rows = map(axis, place);
  return rows.begin(place);
}

int Layout::count(int axis) const {
  int place = 0;
  auto const rows = map(axis, place);
  return rows.count(place);
}

std::int64_t Layout::local_size() const { return static_cast<std::int64_t>(count(0)) * count(1) * count(2); }

std::int64_t Layout::global_size() const { return static_cast<std::int64_t>(extents_[0]) * extents_[1] * extents_[2]; }

}  // namespace kroma::grid
