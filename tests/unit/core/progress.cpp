#include "core/progress.hpp"

#include <gtest/gtest.h>

#include "support/scratch.hpp"

namespace {

// Verifies: hours roll over into days.
TEST(Progress, ClockText) {
  EXPECT_EQ(kroma::clock_text(0.9), "00:00:00");
  EXPECT_EQ(kroma::clock_text(100), "00:01:40");
  EXPECT_EQ(kroma::clock_text(2 * 86400 + 3 * 3600), "2-03:00:00");
}

// Verifies: the file tells how far the run is while it works, from one rank, and is gone afterwards; a run that does
// not know how far it is says what it does.
TEST(Progress, TellsFromOutside) {
  kroma::test::Scratch const scratch;
  auto const file = scratch.file("progress");
  {
    kroma::Log const log{MPI_COMM_WORLD, kroma::Verbosity::quiet};
    kroma::Progress progress{log, file, 0};
    progress.report(0.25, "step 1");
    progress.report(0.5, "step 2");
    MPI_Barrier(MPI_COMM_WORLD);
    auto const line = kroma::read_progress(file);
    EXPECT_TRUE(line.starts_with("[00:00:0")) << line;
    EXPECT_NE(line.find("50 %  step 2  left 00:00:0"), std::string::npos) << line;
    MPI_Barrier(MPI_COMM_WORLD);
    progress.report(-1, "thinking");
    MPI_Barrier(MPI_COMM_WORLD);
    EXPECT_NE(kroma::read_progress(file).find("]  thinking"), std::string::npos);
    MPI_Barrier(MPI_COMM_WORLD);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  EXPECT_FALSE(std::filesystem::exists(file));
}

// Verifies: between two lines a pause is kept.
TEST(Progress, KeepsAPause) {
  kroma::test::Scratch const scratch;
  kroma::Log const log{MPI_COMM_WORLD, kroma::Verbosity::quiet};
  kroma::Progress progress{log, scratch.file("progress"), 1e6};
  for (int step = 0; step < 100; ++step) progress.report(step / 100.0, "step");
  EXPECT_EQ(kroma::read_progress(scratch.file("progress")), "");
}

}  // namespace
