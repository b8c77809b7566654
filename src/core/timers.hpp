#pragma once

#include <string>
#include <vector>

#include <petscsys.h>

namespace kroma {

/// Wall-clock seconds of the named stages of one run, on this rank.
class Timers {
 public:
  struct Stage {
    std::string name;
    double seconds = 0;
    int calls = 0;
  };

  /// Stages in the order in which they were first entered; the same on every rank.
  std::vector<Stage> const& stages() const { return stages_; }
  /// Seconds of stage `name`, or 0 when it was never entered.
  double seconds(std::string const& name) const;

 private:
  friend class Timed;
  std::size_t find(std::string const& name);
  std::vector<Stage> stages_;
};

/// Times its own scope: at once a PETSc log stage (-log_view), a Kokkos region (its profiling tools) and, through
/// Timers, a row of /timing. Fences the device at the end, so that the seconds are those of the work.
class Timed {
 public:
  Timed(Timers& timers, std::string const& name);
  ~Timed();
  Timed(Timed const&) = delete;
  Timed& operator=(Timed const&) = delete;

 private:
  Timers& timers_;
  std::size_t stage_;
  double start_;
};

}  // namespace kroma
