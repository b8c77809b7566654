#include "grid/slab.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "support/tensors.hpp"

namespace {

using kroma::Space;
using kroma::Tensor;
using kroma::grid::BlockMap;
using kroma::grid::Extents;
using kroma::grid::Turn;

// Verifies: blocks cover every row once, in order, and differ by at most one row.
TEST(BlockMap, CoversEveryRowOnce) {
  for (int size : {0, 1, 2, 7, 13, 64}) {
    for (int ranks : {1, 2, 3, 4, 7}) {
      BlockMap const map{size, ranks};
      int next = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        EXPECT_EQ(map.begin(rank), next);
        next += map.count(rank);
        EXPECT_LE(map.count(0) - map.count(rank), 1);
      }
      EXPECT_EQ(next, size);
    }
  }
}

Tensor zeros(kroma::grid::Layout const& layout) {
  auto const n = layout.local();
  return Tensor{"zeros", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                static_cast<std::size_t>(n[2])};
}

void expect_equal(Tensor a, Tensor b) {
  auto const ha = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, a);
  auto const hb = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, b);
  ASSERT_EQ(ha.size(), hb.size());
  for (std::size_t i = 0; i < ha.size(); ++i) EXPECT_EQ(ha.data()[i], hb.data()[i]) << i;
}

// Verifies: turning moves every value to its place and back, bit for bit, for prime sizes, for axes shorter than the
// number of ranks, and for tensors of one and two axes.
TEST(Turn, MovesEveryValueThereAndBack) {
  Space const space;
  for (Extents const extents :
       {Extents{7, 5, 3}, Extents{13, 2, 1}, Extents{2, 11, 4}, Extents{17, 1, 1}, Extents{1, 1, 6}}) {
    Turn turn{MPI_COMM_WORLD, extents};
    auto const slab = kroma::test::numbered_tensor(turn.slab());
    auto const turned = zeros(turn.turned());
    turn.forward(space, slab, turned);
    expect_equal(turned, kroma::test::numbered_tensor(turn.turned()));
    auto const back = zeros(turn.slab());
    turn.backward_add(space, turned, back);
    expect_equal(back, slab);
  }
}

}  // namespace
