#include "core/error.hpp"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace {

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

// Verifies: an error only the last rank can see reaches every rank with its text, advice and exit code.
TEST(Agree, EveryRankThrowsTheLowestRanksError) {
  auto const comm = MPI_COMM_WORLD;
  int const last = size_of(comm) - 1;
  try {
    kroma::agreed(comm, [&] {
      if (rank_of(comm) == last) throw kroma::bad_input("no file", "make one");
    });
    ADD_FAILURE() << "nothing was thrown";
  } catch (kroma::Error const& e) {
    EXPECT_STREQ(e.what(), "no file");
    EXPECT_EQ(e.advice(), "make one");
    EXPECT_EQ(e.kind(), kroma::Exit::bad_input);
  }
}

// Verifies: when several ranks fail differently, one message wins: the lowest rank's.
TEST(Agree, LowestRankWins) {
  try {
    kroma::agreed(MPI_COMM_WORLD,
                  [&] { throw kroma::solver_failed("rank " + std::to_string(rank_of(MPI_COMM_WORLD))); });
    ADD_FAILURE() << "nothing was thrown";
  } catch (kroma::Error const& e) {
    EXPECT_STREQ(e.what(), "rank 0");
  }
}

// Verifies: without an error the value comes back, and a foreign exception becomes an internal error everywhere.
TEST(Agree, ValueAndForeignExceptions) {
  EXPECT_EQ(kroma::agreed(MPI_COMM_WORLD, [] { return 7; }), 7);
  try {
    kroma::agreed(MPI_COMM_WORLD, [] { throw std::runtime_error{"surprise"}; });
    ADD_FAILURE() << "nothing was thrown";
  } catch (kroma::Error const& e) {
    EXPECT_EQ(e.kind(), kroma::Exit::internal);
    EXPECT_STREQ(e.what(), "surprise");
  }
}

}  // namespace
