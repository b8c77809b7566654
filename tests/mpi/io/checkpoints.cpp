#include "io/checkpoints.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "support/blocks.hpp"
#include "support/errors.hpp"
#include "support/scratch.hpp"

namespace {

namespace fs = std::filesystem;

using kroma::io::CheckpointStore;
using kroma::io::Shape;
using kroma::test::counted;
using kroma::test::error_of;
using kroma::test::rank_of;
using kroma::test::Scratch;
using kroma::test::slab;

Shape const kShape{7, 5};

/// Writes a checkpoint whose state starts at `step`.
void save(CheckpointStore const& store, std::int64_t step) {
  auto checkpoint = store.create(step, "problem: test\nstep: " + std::to_string(step) + "\n");
  checkpoint.write("u", counted(kShape, slab(kShape), static_cast<double>(step)), slab(kShape), kShape);
  checkpoint.write("seed", std::int64_t{1} << 62);
  checkpoint.write("shift", 0.1);
  checkpoint.write("law", "matern52");
  checkpoint.complete();
}

std::set<std::string> names(std::string const& folder) {
  std::set<std::string> found;
  for (auto const& entry : fs::directory_iterator{folder}) found.insert(entry.path().filename().string());
  return found;
}

/// Runs `work` on rank 0 while the others wait, before and after.
template <class Work>
void on_first(Work&& work) {
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank_of(MPI_COMM_WORLD) == 0) work();
  MPI_Barrier(MPI_COMM_WORLD);
}

void cut_in_half(std::string const& path) { fs::resize_file(path, fs::file_size(path) / 2); }

// Verifies: everything comes back, bit for bit, on the ranks that wrote it and on another number of ranks.
TEST(Checkpoints, ReadOnAnyNumberOfRanks) {
  Scratch const scratch;
  save(CheckpointStore{MPI_COMM_WORLD, scratch.path()}, 3);
  auto const check = [&](MPI_Comm comm) {
    auto const found = CheckpointStore{comm, scratch.path()}.newest();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->step(), 3);
    EXPECT_EQ(found->deck(), "problem: test\nstep: 3\n");
    EXPECT_EQ(found->value<std::int64_t>("seed"), std::int64_t{1} << 62);
    EXPECT_EQ(found->value<double>("shift"), 0.1);
    EXPECT_EQ(found->value<std::string>("law"), "matern52");
    ASSERT_EQ(found->shape("u"), kShape);
    auto const block = slab(kShape, 1, comm);  // along the other axis than it was written
    std::vector<double> mine(static_cast<std::size_t>(kroma::io::elements(block.count)));
    found->read("u", mine, block);
    EXPECT_EQ(mine, counted(kShape, block, 3));
    EXPECT_EQ(error_of([&] { found->value<double>("seed"); }), "2: " + found->path() + ": holds no 'seed'");
  };
  check(MPI_COMM_WORLD);
  MPI_Comm part = MPI_COMM_NULL;  // rank 0 alone, the others together
  MPI_Comm_split(MPI_COMM_WORLD, rank_of(MPI_COMM_WORLD) == 0 ? 0 : 1, 0, &part);
  check(part);
  MPI_Comm_free(&part);
}

// Verifies: an empty folder has none, the last two are kept, and numbers go on counting after a restart.
TEST(Checkpoints, LastTwoAreKept) {
  Scratch const scratch;
  EXPECT_FALSE((CheckpointStore{MPI_COMM_WORLD, scratch.path()}.newest()));
  for (int step : {10, 20, 30}) save(CheckpointStore{MPI_COMM_WORLD, scratch.path()}, step);
  auto const expected = std::set<std::string>{"000002.h5", "000003.h5"};
  on_first([&] { EXPECT_EQ(names(scratch.file("checkpoints")), expected); });
  EXPECT_EQ((CheckpointStore{MPI_COMM_WORLD, scratch.path()}.newest()->step()), 30);
}

// Verifies: a checkpoint that is cut off, scrambled or was never completed is passed over with a warning that names
// it, the newest sound one is taken, and writing the next one does not push the sound one out.
TEST(Checkpoints, DamagedOnesAreSkipped) {
  Scratch const scratch;
  CheckpointStore const store{MPI_COMM_WORLD, scratch.path()};
  save(store, 1);
  { auto never_completed = store.create(2, ""); }
  on_first([&] {
    fs::copy_file(scratch.file("checkpoints/000001.h5"), scratch.file("checkpoints/000003.h5"));
    cut_in_half(scratch.file("checkpoints/000003.h5"));
    std::ofstream{scratch.file("checkpoints/000004.h5")} << "no HDF5 at all";
    std::ofstream{scratch.file("checkpoints/notes.h5")} << "not a checkpoint";
  });
  testing::internal::CaptureStderr();
  EXPECT_EQ(store.newest()->step(), 1);
  auto const warnings = testing::internal::GetCapturedStderr();
  on_first([&] {
    for (auto const* name :
         {"000002.h5 is skipped: the run was stopped while writing it", "000003.h5 is skipped: truncated file",
          "000004.h5 is skipped: file signature not found"}) {
      EXPECT_NE(warnings.find(name), std::string::npos) << name << " is not in\n" << warnings;
    }
  });
  save(store, 5);
  auto const expected = std::set<std::string>{"000001.h5", "000005.h5", "notes.h5"};
  on_first([&] { EXPECT_EQ(names(scratch.file("checkpoints")), expected); });
}

/// Replaces the first place in a file where `value` lies by a larger number.
void change(std::string const& path, double value) {
  std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
  std::string const bytes{std::istreambuf_iterator<char>{file}, {}};
  double wrong = value + 1;
  auto const at = bytes.find(std::string{reinterpret_cast<char const*>(&value), sizeof value});
  ASSERT_NE(at, std::string::npos);
  file.seekp(static_cast<std::streamoff>(at));
  file.write(reinterpret_cast<char const*>(&wrong), sizeof wrong);
}

// Verifies: a wrong number in an array is noticed, whether ranks read their blocks or each reads all.
TEST(Checkpoints, WrongNumbersAreNoticed) {
  Scratch const scratch;
  CheckpointStore const store{MPI_COMM_WORLD, scratch.path()};
  save(store, 1000);
  on_first([&] { change(scratch.file("checkpoints/000001.h5"), 1017); });
  auto const found = store.newest();
  for (auto const& block : {slab(kShape), kroma::io::Block{{0, 0}, kShape}}) {
    std::vector<double> mine(static_cast<std::size_t>(kroma::io::elements(block.count)));
    EXPECT_NE(error_of([&] { found->read("u", mine, block); }).find("'u' is damaged"), std::string::npos);
  }
}

// Verifies: reading outside of the array is an error on every rank, not a hang.
TEST(Checkpoints, ReadOutsideIsAnError) {
  Scratch const scratch;
  CheckpointStore const store{MPI_COMM_WORLD, scratch.path()};
  save(store, 1);
  auto const found = store.newest();
  std::vector<double> mine(10);
  EXPECT_NE(error_of([&] {
              found->read("u", mine, {{6, 0}, {2, 5}});
            }).find("1: " + found->path() + ": u: 10 values"),
            std::string::npos);
  EXPECT_EQ(error_of([&] { static_cast<void>(found->shape("v")); }).substr(0, 3), "3: ");
}

}  // namespace
