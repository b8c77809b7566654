#pragma once

#include <cstdint>

#include <mpi.h>

namespace kroma {

/// Hands the numbers 0 to count - 1 out to groups of ranks, each number once, to whoever asks first; and counts how
/// they ended. Counters on rank 0 that any rank changes by itself (MPI-3 one-sided), so that no rank has to serve.
class CaseQueue {
 public:
  /// Collective, as is the destruction.
  CaseQueue(MPI_Comm comm, int count);
  ~CaseQueue();
  CaseQueue(CaseQueue const&) = delete;
  CaseQueue& operator=(CaseQueue const&) = delete;

  /// The next number, or `count` when there is none. Not collective: one rank of a group asks for its group.
  int next();
  /// From now on nobody gets a number. Not collective.
  void close();
  /// Counts an ended case. Not collective.
  void ended(bool failed);

  struct Tally {
    std::int64_t ended, failed;
  };
  /// How many cases have ended on all ranks so far. Not collective.
  Tally tally();

 private:
  enum Counter : MPI_Aint { kNext, kEnded, kFailed, kCounters };
  std::int64_t change(Counter counter, std::int64_t value, MPI_Op op);

  int count_;
  MPI_Win window_ = MPI_WIN_NULL;
};

}  // namespace kroma
