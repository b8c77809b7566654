#pragma once

#include <string>

#include <mpi.h>

#include "core/interval.hpp"

namespace kroma {

/// The wish to stop early: SIGTERM, SIGUSR1, or a time limit (`--stop-after`). Solvers ask at the end of a step.
class StopRequest {
 public:
  /// Catches the signals while it lives (the flag they set is the process's). `limit` in seconds of wall time from
  /// now; 0 means none.
  explicit StopRequest(double limit_seconds = 0);
  ~StopRequest();
  StopRequest(StopRequest const&) = delete;
  StopRequest& operator=(StopRequest const&) = delete;

  /// True on all ranks as soon as it is true on one. Collective.
  bool agreed(MPI_Comm comm) const;
  /// Why, in the user's words ("SIGTERM", "--stop-after"); empty while nothing asked for it on this rank.
  std::string reason() const;

 private:
  Interval limit_;
};

}  // namespace kroma
