#include "io/result_file.hpp"

#include <cstdlib>
#include <numeric>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "support/h5_peek.hpp"
#include "support/scratch.hpp"

namespace {

using kroma::io::Block;
using kroma::io::Dimension;
using kroma::io::ResultFile;
using kroma::io::Shape;
using kroma::test::Peek;
using kroma::test::Scratch;

int rank_of(MPI_Comm comm) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

int size_of(MPI_Comm comm) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  return size;
}

/// This rank's rows of an array shared along `axis`; with more ranks than rows some have none.
Block slab(Shape const& shape, std::size_t axis) {
  auto const n = shape[axis], rank = std::int64_t{rank_of(MPI_COMM_WORLD)},
             ranks = std::int64_t{size_of(MPI_COMM_WORLD)};
  Block block{Shape(shape.size(), 0), shape};
  block.offset[axis] = n * rank / ranks;
  block.count[axis] = n * (rank + 1) / ranks - block.offset[axis];
  return block;
}

/// The values of a block of the array whose element number i (row-major) is i + `shift`.
std::vector<double> counted(Shape const& shape, Block const& block, double shift = 0) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < kroma::io::elements(shape); ++i) {
    bool inside = true;
    auto rest = i;
    for (auto axis = shape.size(); axis-- > 0;) {
      auto const index = rest % shape[axis] - block.offset[axis];
      inside = inside && index >= 0 && index < block.count[axis];
      rest /= shape[axis];
    }
    if (inside) values.push_back(static_cast<double>(i) + shift);
  }
  return values;
}

std::vector<double> counted(std::int64_t n, double first = 0) {
  std::vector<double> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), first);
  return values;
}

// Verifies: a field of one to four axes, shared along any axis in uneven blocks, of which some may be empty (two rows
// on three ranks), lies in the file as one array in the right order.
TEST(ResultFile, FieldsOfAnyShape) {
  Scratch const scratch;
  std::vector<Shape> const shapes{{7}, {2}, {1, 1}, {5, 3}, {2, 13}, {7, 5, 3}, {3, 2, 5, 7}};
  {
    auto file = ResultFile::create(MPI_COMM_WORLD, scratch.file("new/results.h5"));
    for (std::size_t s = 0; s < shapes.size(); ++s) {
      for (std::size_t axis = 0; axis < shapes[s].size(); ++axis) {
        auto const block = slab(shapes[s], axis);
        std::vector<Dimension> dimensions;
        for (auto const extent : shapes[s]) dimensions.push_back({"", extent});
        file.field("/fields/s" + std::to_string(s) + "_" + std::to_string(axis), counted(shapes[s], block), block,
                   dimensions, "mol/m^3", "Concentration");
      }
    }
    file.complete();
  }
  if (rank_of(MPI_COMM_WORLD) != 0) return;
  Peek const peek{scratch.file("new/results.h5")};
  for (std::size_t s = 0; s < shapes.size(); ++s) {
    for (std::size_t axis = 0; axis < shapes[s].size(); ++axis) {
      auto const path = "/fields/s" + std::to_string(s) + "_" + std::to_string(axis);
      EXPECT_EQ(peek.shape(path), std::vector<hsize_t>(shapes[s].begin(), shapes[s].end())) << path;
      EXPECT_EQ(peek.numbers(path), counted(kroma::io::elements(shapes[s]))) << path;
      EXPECT_EQ(peek.text(path, "units"), "mol/m^3");
      EXPECT_EQ(peek.text(path, "long_name"), "Concentration");
    }
  }
}

}  // namespace
