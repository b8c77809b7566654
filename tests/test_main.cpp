// The main of every test binary: starts the libraries as the program does, prints from rank 0, fails on all ranks
// if one failed, and refuses another rank count than the one asked for (else a wrong launcher runs N serial copies).
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <gtest/gtest.h>
#include <mpi.h>

#include "core/runtime.hpp"

namespace {

/// Keeps quiet about what passes on ranks other than 0, and says which rank a failure comes from.
class FailuresOnly : public testing::EmptyTestEventListener {
 public:
  explicit FailuresOnly(int rank) : rank_{rank} {}

 private:
  void OnTestPartResult(testing::TestPartResult const& result) override {
    if (!result.failed()) return;
    std::printf("[rank %d] %s:%d: %s\n", rank_, result.file_name() != nullptr ? result.file_name() : "?",
                result.line_number(), result.summary());
  }
  int rank_;
};

int asked_ranks(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], "--ranks=", 8) == 0) return std::atoi(argv[i] + 8);
  }
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  int const asked = asked_ranks(argc, argv);
  kroma::Runtime const runtime{{}};
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (size != asked) {
    std::fprintf(stderr, "this test was asked to run on %d ranks but has %d: is mpiexec of another MPI?\n", asked,
                 size);
    return 1;
  }
  if (rank != 0) {
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new FailuresOnly{rank});
  }
  int const mine = RUN_ALL_TESTS();
  int any = 0;
  MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  return any;
}
