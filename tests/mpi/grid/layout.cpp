#include "grid/layout.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "grid/turn.hpp"
#include "support/process_grids.hpp"
#include "support/tensors.hpp"

namespace {

using kroma::Space;
using kroma::TensorOf;
using kroma::grid::ArrangedRanks;
using kroma::grid::BlockMap;
using kroma::grid::Extents;
using kroma::grid::Layout;
using kroma::grid::Path;
using kroma::grid::Turn;

// Verifies: blocks cover every row once, in order, and differ by at most one row; and the owner of a row has it.
TEST(BlockMap, CoversEveryRowOnce) {
  for (int size : {0, 1, 2, 7, 13, 64}) {
    for (int ranks : {1, 2, 3, 4, 7}) {
      BlockMap const map{size, ranks};
      int next = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        EXPECT_EQ(map.begin(rank), next);
        for (int row = next; row < next + map.count(rank); ++row) EXPECT_EQ(map.owner(row), rank);
        next += map.count(rank);
        EXPECT_LE(map.count(0) - map.count(rank), 1);
      }
      EXPECT_EQ(next, size);
    }
  }
}

TEST(Layout, NearlySquareProcessGrids) {
  using Sides = std::array<int, 2>;
  EXPECT_EQ(kroma::grid::nearly_square(1), (Sides{1, 1}));
  EXPECT_EQ(kroma::grid::nearly_square(7), (Sides{7, 1}));
  EXPECT_EQ(kroma::grid::nearly_square(12), (Sides{4, 3}));
  EXPECT_EQ(kroma::grid::nearly_square(64), (Sides{8, 8}));
}

// Verifies: slabs as long as they share evenly, pencils where they do not or run out, none without a third axis.
TEST(Layout, SidesThatSuitATensor) {
  using Sides = std::array<int, 2>;
  using kroma::grid::suitable_sides;
  EXPECT_EQ(suitable_sides(64, {640, 640, 640}), (Sides{64, 1}));
  EXPECT_EQ(suitable_sides(512, {640, 640, 640}), (Sides{32, 16}));  // slabs of two rows or one
  EXPECT_EQ(suitable_sides(14, {12, 37, 37}), (Sides{7, 2}));
  EXPECT_EQ(suitable_sides(14, {12, 37, 1}), (Sides{14, 1}));
}

template <class T>
TensorOf<T> zeros(Layout const& layout) {
  auto const n = layout.local();
  return TensorOf<T>{"zeros", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                     static_cast<std::size_t>(n[2])};
}

/// The tensor of known values, in T.
template <class T>
TensorOf<T> numbered(Layout const& layout) {
  auto const values = kroma::test::numbered_tensor(layout);
  auto const result = zeros<T>(layout);
  Kokkos::deep_copy(result, values);
  return result;
}

template <class T>
void expect_multiple(TensorOf<T> a, double factor, TensorOf<T> b) {
  auto const ha = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, a);
  auto const hb = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, b);
  ASSERT_EQ(ha.size(), hb.size());
  for (std::size_t i = 0; i < ha.size(); ++i) EXPECT_EQ(ha.data()[i], static_cast<T>(factor) * hb.data()[i]) << i;
}

template <class T>
void turn_there_and_back(Layout const& home, Path path) {
  Space const space;
  auto layout = home;
  for (int side : {1, 0}) {  // every axis is whole after one of the two turns
    Turn<T> turn{layout, side, std::make_shared<kroma::Workspace>(), path};
    auto const from = numbered<T>(turn.from()), to = zeros<T>(turn.to()), back = zeros<T>(turn.from());
    turn.forward(space, from, to);
    expect_multiple<T>(to, 1, numbered<T>(turn.to()));
    turn.backward(space, to, back, false);
    expect_multiple<T>(back, 1, from);
    turn.backward(space, to, back, true);
    space.fence();
    expect_multiple<T>(back, 2, from);
    layout = turn.to();
  }
}

// Verifies: turning moves every value to its place and back, bit for bit: on every process grid that the ranks form,
// for prime sizes, axes shorter than the number of ranks, tensors of one to three axes, doubles and floats, and through
// buffers on the host as well as directly.
TEST(Turn, MovesEveryValueThereAndBack) {
  for (auto const& sides : kroma::test::process_grids(MPI_COMM_WORLD)) {
    ArrangedRanks const ranks{MPI_COMM_WORLD, sides};
    for (Extents const extents :
         {Extents{7, 5, 3}, Extents{13, 2, 11}, Extents{2, 11, 4}, Extents{17, 1, 1}, Extents{1, 1, 6}}) {
      SCOPED_TRACE(testing::Message() << sides[0] << " x " << sides[1] << " ranks, " << extents[0] << " x "
                                      << extents[1] << " x " << extents[2]);
      Layout const home{ranks.comm(), extents};
      turn_there_and_back<double>(home, Path::direct);
      turn_there_and_back<double>(home, Path::staged);
      turn_there_and_back<float>(home, Path::automatic);
    }
  }
}

// Verifies: counted messages are those that a full exchange between the ranks of a side needs.
TEST(Turn, CountsWhatItSends) {
  int const ranks = kroma::grid::ProcessGrid::of(MPI_COMM_WORLD).size();
  Layout const slabs{MPI_COMM_WORLD, {4 * ranks, 3 * ranks, 5}};
  Layout const from = slabs.moved(1, 2);
  Turn<double> turn{from, 0};
  turn.forward(Space{}, numbered<double>(turn.from()), zeros<double>(turn.to()));
  EXPECT_EQ(turn.traffic().exchanges, 1);
  EXPECT_EQ(turn.traffic().messages, ranks - 1);
  EXPECT_EQ(turn.traffic().bytes, (ranks - 1) * 4 * 3 * 5 * 8);
}

// Verifies: where an axis is wanted whole, every value comes to where its fibres along that axis are whole.
TEST(Turn, MakesAnyAxisWhole) {
  for (auto const& sides : kroma::test::process_grids(MPI_COMM_WORLD)) {
    ArrangedRanks const ranks{MPI_COMM_WORLD, sides};
    Layout const home{ranks.comm(), {7, 5, 3}};
    std::array const whole{home.moved(1, 2).moved(0, 1), home.moved(1, 2), home};
    for (int axis = 0; axis < 3; ++axis) {
      auto const& layout = whole[static_cast<std::size_t>(axis)];
      EXPECT_EQ(layout.count(axis), layout.extents()[static_cast<std::size_t>(axis)]);
      auto const moved = kroma::grid::with_whole_axis(Space{}, home, kroma::test::numbered_tensor(home), axis);
      expect_multiple<double>(moved, 1, kroma::test::numbered_tensor(layout));
    }
  }
}

}  // namespace
