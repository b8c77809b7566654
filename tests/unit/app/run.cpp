#include "app/run.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "core/broadcast.hpp"
#include "io/status.hpp"
#include "support/toy.hpp"

namespace {

namespace fs = std::filesystem;
using kroma::Earlier;
using kroma::Exit;

/// A folder of its own for each test, the same on all ranks, with a deck in it; rank 0 makes and removes it.
class RunTest : public testing::Test {
 protected:
  RunTest() {
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    std::string folder = (fs::temp_directory_path() / "kroma-run-XXXXXX").string();
    if (rank_ == 0 && mkdtemp(folder.data()) == nullptr) folder.clear();
    folder_ = kroma::broadcast(MPI_COMM_WORLD, 0, folder);
    request_.deck = folder_ + "/deck.yaml";
    request_.verbosity = kroma::Verbosity::quiet;
    request_.sets = {"output.folder=" + folder_ + "/out"};
    if (rank_ == 0) std::ofstream{request_.deck} << "problem: toy\ntoy: {cells: 7, steps: 3}\noutput: {folder: x}\n";
    MPI_Barrier(MPI_COMM_WORLD);
  }
  ~RunTest() override {
    MPI_Barrier(MPI_COMM_WORLD);
    if (rank_ == 0) fs::remove_all(folder_);
  }

  Exit run() const { return kroma::run(MPI_COMM_WORLD, request_, kroma::test::toy_registry()); }
  Exit run_expecting_error() const {
    try {
      run();
      return Exit::done;
    } catch (kroma::Error const& error) {
      return error.kind();
    }
  }
  kroma::io::ResultStatus results() const { return kroma::io::read_status(folder_ + "/out/results.h5"); }

  int rank_ = 0;
  std::string folder_;
  kroma::RunRequest request_;
};

// Verifies: the library call does what the program does, and a second run in one process starts clean.
TEST_F(RunTest, TwiceInOneProcess) {
  EXPECT_EQ(run(), Exit::done);
  EXPECT_TRUE(results().complete);
  request_.earlier = Earlier::overwrite;
  EXPECT_EQ(run(), Exit::done);
  EXPECT_TRUE(results().complete);
}

// Verifies: all ranks get the same kind of error, and a mistake leaves no folder behind.
TEST_F(RunTest, MistakeWritesNothing) {
  request_.sets.push_back("toy.cells=0");
  EXPECT_EQ(run_expecting_error(), Exit::bad_input);
  EXPECT_FALSE(fs::exists(folder_ + "/out"));
}

// Verifies: a solver that fails leaves its results, incomplete, and not the PETSc options of its deck.
TEST_F(RunTest, FailureKeepsResults) {
  request_.sets.insert(request_.sets.end(), {"toy.fail_at=2", "solver.petsc={level: 3}"});
  EXPECT_EQ(run_expecting_error(), Exit::solver_failed);
  EXPECT_TRUE(results().exists);
  EXPECT_FALSE(results().complete);
  EXPECT_EQ(results().trouble, "");

  request_.sets.resize(1);
  request_.earlier = Earlier::overwrite;
  EXPECT_EQ(run(), Exit::done);
  for (auto const& [name, value] : results().metrics) {
    if (name != "level") continue;
    EXPECT_EQ(value, kroma::io::Value{std::int64_t{0}});
  }
}

// Verifies: stopped by a signal to one rank, then resumed, the run is done.
TEST_F(RunTest, StoppedAndResumed) {
  request_.sets.push_back("toy.signal_at=1");
  EXPECT_EQ(run(), Exit::stopped);
  EXPECT_FALSE(results().complete);
  request_.earlier = Earlier::resume;
  EXPECT_EQ(run(), Exit::done);
  EXPECT_TRUE(results().complete);
}

}  // namespace
