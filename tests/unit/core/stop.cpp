#include "core/stop.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace {

// Verifies: a signal on one rank stops all ranks, and a new run starts without the old wish.
TEST(StopRequest, SignalOnOneRankStopsAll) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  {
    kroma::StopRequest const stop;
    EXPECT_FALSE(stop.agreed(MPI_COMM_WORLD));
    if (rank == 0) std::raise(SIGUSR1);
    EXPECT_TRUE(stop.agreed(MPI_COMM_WORLD));
    EXPECT_EQ(stop.reason(), rank == 0 ? "SIGUSR1" : "");
  }
  kroma::StopRequest const next;
  EXPECT_FALSE(next.agreed(MPI_COMM_WORLD));
}

// Verifies: a time limit that has passed stops the run and names the option.
TEST(StopRequest, TimeLimit) {
  kroma::StopRequest const stop{1e-9};
  EXPECT_TRUE(stop.agreed(MPI_COMM_WORLD));
  EXPECT_EQ(stop.reason(), "--stop-after");
}

}  // namespace
