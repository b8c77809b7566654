#include "io/result_file.hpp"

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <signal.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "support/blocks.hpp"
#include "support/errors.hpp"
#include "support/h5_peek.hpp"
#include "support/scratch.hpp"

namespace {

using kroma::io::Dimension;
using kroma::io::ResultFile;
using kroma::io::Shape;
using kroma::test::counted;
using kroma::test::error_of;
using kroma::test::Peek;
using kroma::test::rank_of;
using kroma::test::Scratch;
using kroma::test::size_of;
using kroma::test::slab;

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

// Verifies: axes carry their coordinates as attached dimension scales with units, on fields and on small arrays; an
// axis without coordinates has none.
TEST(ResultFile, ScalesAreAttached) {
  Scratch const scratch;
  Shape const shape{7, 3};
  {
    auto file = ResultFile::create(MPI_COMM_WORLD, scratch.file("results.h5"));
    file.coordinate("/grid/x", counted(7, 0.5), "m", "Position");
    file.coordinate("/spectrum/x/frequency", counted(3), "1/m", "Frequency");
    auto const block = slab(shape);
    file.field("/fields/solution", counted(shape, block), block, {{"/grid/x", 7}, {"", 3}}, "1", "Solution");
    file.replicated("/spectrum/x/source", counted(3, 9), {{"/spectrum/x/frequency", 3}}, "1", "Source");
    file.complete();
  }
  if (rank_of(MPI_COMM_WORLD) != 0) return;
  Peek const peek{scratch.file("results.h5")};
  EXPECT_EQ(peek.scale("/fields/solution", 0), "/grid/x");
  EXPECT_EQ(peek.scale("/fields/solution", 1), "");
  EXPECT_EQ(peek.scale("/spectrum/x/source", 0), "/spectrum/x/frequency");
  EXPECT_EQ(peek.numbers("/grid/x"), counted(7, 0.5));
  EXPECT_EQ(peek.numbers("/spectrum/x/source"), counted(3, 9));
  EXPECT_EQ(peek.text("/grid/x", "units"), "m");
  EXPECT_EQ(peek.text("/grid/x", "long_name"), "Position");
}

// Verifies: what the root, /metrics, /provenance and /timing promise is there, with texts byte for byte.
TEST(ResultFile, DescribesItself) {
  Scratch const scratch;
  auto const deck = std::string{"problem: gp_pde\r\n\ttitle: \"Grüße, 100 µm\"\n\n"};
  {
    auto file = ResultFile::create(MPI_COMM_WORLD, scratch.file("results.h5"));
    file.attribute("/", "problem", "gp_pde");
    file.attribute("/", "title", "Größe");
    file.attribute("/", "title", "Größe in µm");  // replaces
    file.attribute("/metrics", "relative_l2", 1e-9);
    file.attribute("/metrics", "iterations", 12);
    file.text("/deck/source", deck);
    file.text("/deck/resolved", "");
    file.provenance(kroma::provenance(MPI_COMM_WORLD, {"kroma", "run", std::string(100'000, 'x')}));
    kroma::Timers timers;
    { kroma::Timed const timed{timers, "solve"}; }
    file.timing(timers);
    file.complete();
  }
  if (rank_of(MPI_COMM_WORLD) != 0) return;
  Peek const peek{scratch.file("results.h5")};
  EXPECT_EQ(peek.text("/", "schema"), "kroma-results/1");
  EXPECT_EQ(peek.text("/", "title"), "Größe in µm");
  EXPECT_EQ(peek.text("/", "created").size(), std::string{"2026-01-31T12:00:00Z"}.size());
  EXPECT_EQ(peek.number("/", "complete"), 1);
  EXPECT_EQ(peek.number("/metrics", "relative_l2"), 1e-9);
  EXPECT_EQ(peek.number("/metrics", "iterations"), 12);
  EXPECT_EQ(peek.text("/provenance", "ranks"), std::to_string(size_of(MPI_COMM_WORLD)));
  EXPECT_EQ(peek.text("/provenance", "hdf5").substr(0, 2), "1.");
  EXPECT_EQ(peek.text("/provenance", "command_line").size(), 100'010u);
  EXPECT_EQ(peek.shape("/timing/solve"), std::vector<hsize_t>{static_cast<hsize_t>(size_of(MPI_COMM_WORLD))});
  EXPECT_EQ(peek.text("/timing/solve", "units"), "s");
  std::string text(deck.size(), '?');
  H5LTread_dataset_string(peek.id(), "/deck/source", text.data());
  EXPECT_EQ(text, deck);
}

// Verifies: a table keeps numbers, 64-bit integers and texts of different lengths, with a unit for each column; an
// empty table is a table.
TEST(ResultFile, Tables) {
  struct Row {
    char axis[3];
    double frequency;
    std::int64_t count;
  } rows[3];
  Scratch const scratch;
  std::int64_t const large = (std::int64_t{1} << 53) + 1;  // not a double
  {
    auto file = ResultFile::create(MPI_COMM_WORLD, scratch.file("results.h5"));
    file.table("/tables/spectrum",
               {{"axis", "1", std::vector<std::string>{"x", "", "yµ"}},
                {"frequency", "1/m", std::vector<double>{1.5, -2, 1e300}},
                {"count", "1", std::vector<std::int64_t>{1, large, -3}}},
               "Learned spectrum");
    file.table("/tables/empty", {{"axis", "1", std::vector<std::string>{}}});
    file.complete();
  }
  if (rank_of(MPI_COMM_WORLD) != 0) return;
  Peek const peek{scratch.file("results.h5")};
  std::size_t const offsets[] = {offsetof(Row, axis), offsetof(Row, frequency), offsetof(Row, count)};
  std::size_t const sizes[] = {3, 8, 8};
  ASSERT_GE(H5TBread_table(peek.id(), "/tables/spectrum", sizeof(Row), offsets, sizes, rows), 0);
  EXPECT_EQ((std::string{rows[0].axis, 3}), (std::string{"x\0\0", 3}));
  EXPECT_EQ((std::string{rows[2].axis, 3}), "yµ");
  EXPECT_EQ(rows[2].frequency, 1e300);
  EXPECT_EQ(rows[1].count, large);
  EXPECT_EQ(peek.shape("/tables/empty"), std::vector<hsize_t>{0});
  EXPECT_EQ(peek.text("/tables/spectrum", "long_name"), "Learned spectrum");
}

// Verifies: fields and small things saved at several times lie behind each other along /time.
TEST(ResultFile, FramesFollowTime) {
  Scratch const scratch;
  Shape const shape{5, 2};
  {
    auto file = ResultFile::create(MPI_COMM_WORLD, scratch.file("results.h5"));
    file.coordinate("/grid/x", counted(5), "m", "Position");
    auto const block = slab(shape);
    for (int step = 0; step < 3; ++step) {
      file.next_time(0.25 * step);
      file.frame("/fields/c", counted(shape, block, 10.0 * step), block, {{"/grid/x", 5}, {"", 2}}, "mol/m^3", "c");
      file.series("/series/outlet", counted(2, 2.0 * step), {{"", 2}}, "mol/m^3", "Outlet");
      file.flush();
    }
    EXPECT_THROW(file.series("/series/outlet", counted(2), {{"", 2}}, "mol/m^3", "Outlet"), kroma::Error) << "twice";
    file.complete();
  }
  if (rank_of(MPI_COMM_WORLD) != 0) return;
  Peek const peek{scratch.file("results.h5")};
  EXPECT_EQ(peek.numbers("/time"), (std::vector<double>{0, 0.25, 0.5}));
  EXPECT_EQ(peek.numbers("/fields/c"), counted(30));
  EXPECT_EQ(peek.shape("/fields/c"), (std::vector<hsize_t>{3, 5, 2}));
  EXPECT_EQ(peek.numbers("/series/outlet"), counted(6));
  EXPECT_EQ(peek.scale("/fields/c", 0), "/time");
  EXPECT_EQ(peek.scale("/fields/c", 1), "/grid/x");
}

// Verifies: a file that its job never finished is readable, has what was flushed, and does not claim to be complete.
// A copy taken while the file is open is what a killed job leaves behind.
TEST(ResultFile, KilledJobLeavesAnHonestFile) {
  Scratch const scratch;
  auto file = ResultFile::create(MPI_COMM_WORLD, scratch.file("results.h5"));
  auto const copy = [&](std::string const& name) {
    MPI_Barrier(MPI_COMM_WORLD);
    if (rank_of(MPI_COMM_WORLD) == 0) std::filesystem::copy_file(scratch.file("results.h5"), scratch.file(name));
    MPI_Barrier(MPI_COMM_WORLD);
  };
  Shape const shape{101};
  copy("at_once.h5");
  file.field("/fields/first", counted(shape, slab(shape)), slab(shape), {{"", 101}}, "1", "First");
  file.flush();
  file.field("/fields/second", counted(shape, slab(shape)), slab(shape), {{"", 101}}, "1", "Second");
  copy("later.h5");
  file.complete();
  if (rank_of(MPI_COMM_WORLD) != 0) return;
  EXPECT_EQ(Peek{scratch.file("at_once.h5")}.number("/", "complete"), 0);
  EXPECT_EQ(Peek{scratch.file("at_once.h5")}.text("/", "schema"), "kroma-results/1");
  EXPECT_EQ(Peek{scratch.file("later.h5")}.number("/", "complete"), 0);
  EXPECT_EQ(Peek{scratch.file("later.h5")}.numbers("/fields/first"), counted(101));
  EXPECT_EQ(Peek{scratch.file("results.h5")}.number("/", "complete"), 1);
}

// Verifies: a place that cannot be written to is a mistake of the user's (exit 2), named on every rank, and no rank
// hangs: a file where a folder should be, a folder where the file should be, a folder without permission.
TEST(ResultFile, UnwritablePlaces) {
  Scratch const scratch;
  auto const create = [&](std::string const& name) {
    return error_of([&] { ResultFile::create(MPI_COMM_WORLD, scratch.file(name)); });
  };
  if (rank_of(MPI_COMM_WORLD) == 0) {
    std::filesystem::create_directories(scratch.file("folder/results.h5"));
    std::filesystem::create_directories(scratch.file("locked"));
    std::filesystem::permissions(scratch.file("locked"), std::filesystem::perms::owner_read);
    std::fclose(std::fopen(scratch.file("plain").c_str(), "w"));
  }
  MPI_Barrier(MPI_COMM_WORLD);
  EXPECT_EQ(create("folder/results.h5"), "2: " + scratch.file("folder/results.h5") + ": cannot create: Is a directory");
  EXPECT_EQ(create("plain/results.h5"), "2: " + scratch.file("plain/results.h5") + ": cannot create: folder " +
                                            scratch.file("plain") + ": Not a directory");
  if (geteuid() != 0) {  // root may write anywhere
    EXPECT_EQ(create("locked/results.h5"),
              "2: " + scratch.file("locked/results.h5") + ": cannot create: Permission denied");
  }
}

// Verifies: a file that a stopped run left is gone on with: times after the checkpoint are taken back and written anew,
// arrays keep their scales, and what the first run wrote about itself is gone.
TEST(ResultFile, ResumedFile) {
  Scratch const scratch;
  Shape const shape{5};
  std::vector<double> const x{0, 1, 2, 3, 4};
  auto const save = [&](ResultFile& file, double time) {
    auto const block = slab(shape);
    std::vector<double> mine(static_cast<std::size_t>(block.count[0]), time);
    file.next_time(time);
    file.frame("/fields/u", mine, block, {{"/grid/x", 5}}, "1", "Thing");
    file.series("/series/s", {&time, 1}, {{"", 1}}, "1", "Small thing");
  };
  {
    auto file = ResultFile::create(MPI_COMM_WORLD, scratch.file("results.h5"));
    file.coordinate("/grid/x", x, "m", "Position");
    file.attribute("/metrics", "failure", std::string{"gave up"});
    for (double const time : {0.0, 1.0, 2.0}) save(file, time);
    file.next_time(3.0);  // stopped between a time and its fields
  }
  {
    auto file = ResultFile::reopen(MPI_COMM_WORLD, scratch.file("results.h5"));
    EXPECT_EQ(file.rewind(2), 2);
    file.coordinate("/grid/x", x, "m", "Position");
    for (double const time : {7.0, 8.0}) save(file, time);
    file.complete();
  }
  if (rank_of(MPI_COMM_WORLD) != 0) return;
  Peek const peek{scratch.file("results.h5")};
  EXPECT_EQ(peek.numbers("/time"), (std::vector<double>{0, 1, 7, 8}));
  EXPECT_EQ(peek.numbers("/series/s"), (std::vector<double>{0, 1, 7, 8}));
  EXPECT_EQ(peek.numbers("/fields/u"),
            (std::vector<double>{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8}));
  EXPECT_EQ(peek.scale("/fields/u", 1), "/grid/x");
  EXPECT_EQ(peek.text("/metrics", "failure"), "(none)");
}

// Verifies: blocks that do not fill the array are a bug that every rank hears of, even if only one rank is wrong.
TEST(ResultFile, WrongBlocks) {
  Scratch const scratch;
  auto file = ResultFile::create(MPI_COMM_WORLD, scratch.file("results.h5"));
  auto block = slab({11});
  auto const last = rank_of(MPI_COMM_WORLD) == size_of(MPI_COMM_WORLD) - 1;
  if (last) ++block.count[0];
  EXPECT_NE(error_of([&] {
              file.field("/a", counted(block.count[0]), block, {{"", 11}}, "1", "");
            }).find("1: /a:"),
            std::string::npos);
  if (last) block.count[0] -= 2;
  EXPECT_EQ(error_of([&] {
              file.field("/a", counted(block.count[0]), block, {{"", 11}}, "1", "");
            }),
            "1: /a: the blocks have 10 values, the array 11");
}

// Verifies: when the disk takes no more in the middle of a run (here: a limit on file sizes), all ranks get one Error
// with path and reason, and closing does not hang.
TEST(ResultFile, DiskTakesNoMore) {
  Scratch const scratch;
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, SIG_IGN);
  Shape const shape{1'000'003};
  std::string what;
  {
    auto file = ResultFile::create(MPI_COMM_WORLD, scratch.file("results.h5"));
    rlimit const small{4 << 20, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    what = error_of([&] {
      file.field("/fields/large", counted(shape, slab(shape)), slab(shape), {{"", shape[0]}}, "1", "Large");
      file.complete();
    });
  }
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(what, "3: " + scratch.file("results.h5") + ": cannot write 9.0 MB more: File too large");
}

}  // namespace
