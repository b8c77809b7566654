// Writes the file that test_written.py reads.
#include <cstdlib>

#include <gtest/gtest.h>

#include "io/result_file.hpp"
#include "support/blocks.hpp"

namespace {

using kroma::io::ResultFile;
using kroma::io::Shape;
using kroma::test::counted;
using kroma::test::slab;

TEST(Writer, WritesOneOfEverything) {
  char const* path = std::getenv("KROMA_WRITTEN");
  ASSERT_NE(path, nullptr) << "run by ctest";
  Shape const shape{5, 3};
  auto const block = slab(shape);
  auto file = ResultFile::create(MPI_COMM_WORLD, path);
  file.attribute("/", "problem", "gp_pde");
  file.attribute("/", "title", "Größe in µm");
  file.text("/deck/source", "title: Größe\n\n");
  file.text("/deck/resolved", "");
  file.provenance(kroma::provenance(MPI_COMM_WORLD, {"kroma", "run", "a deck.yaml"}));
  file.coordinate("/grid/x", counted(5), "m", "Position");
  file.coordinate("/grid/y", counted(3, 0.5), "m", "Height");
  file.field("/fields/solution", counted(shape, block), block, {{"/grid/x", 5}, {"/grid/y", 3}}, "K", "Temperature");
  file.table("/tables/spectrum", {{"axis", "1", std::vector<std::string>{"x", "µ"}},
                                  {"frequency", "1/m", std::vector<double>{1.5, 2.5}},
                                  {"count", "1", std::vector<std::int64_t>{-1, std::int64_t{1} << 62}}});
  for (int step = 0; step < 3; ++step) {
    file.next_time(0.5 * step);
    file.frame("/fields/moving", counted(shape, block, step), block, {{"/grid/x", 5}, {"/grid/y", 3}}, "K", "Moving");
    file.series("/series/outlet", counted(2, step), {{"", 2}}, "mol/m^3", "Outlet");
  }
  file.attribute("/metrics", "iterations", 12);
  file.attribute("/metrics", "relative_l2", 1e-9);
  file.complete();
}

}  // namespace
