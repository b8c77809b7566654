#pragma once

#include <memory>
#include <string>

#include "core/log.hpp"

namespace kroma {

/// How far a run is, for people: one plain line per 10 s in a log, one line in place on a terminal, and a small file
/// from which `kroma status` tells the same from outside while the run works.
///
///   [00:01:40]  37 %  t = 222 s  step 1480  left 00:02:50
class Progress {
 public:
  /// Rank 0 prints where `log` speaks, and writes `file` in any case; `file` may be empty: then there is none. `pause`:
  /// seconds between lines; on a terminal at most half a second passes between two looks of the line, and a second
  /// between two of the file.
  Progress(Log const& log, std::string file, double pause = 10);
  /// Ends a line that is written in place, and removes the file.
  ~Progress();
  Progress(Progress const&) = delete;
  Progress& operator=(Progress const&) = delete;

  /// To be called at the end of any step, as often as one likes: most calls only look at the clock. `fraction` is the
  /// part of the work that is done, in [0, 1], or negative where nobody knows; `what` is the family's own words
  /// ("t = 222 s  step 1480"). A run that goes on from a checkpoint begins with the fraction done before, so that the
  /// time left is judged by this process's own speed. Not collective; rank 0 speaks.
  void report(double fraction, std::string const& what);

 private:
  struct State;
  std::unique_ptr<State> state_;  // null where nobody listens
};

/// "00:01:40"; days go in front: "2-03:00:00".
std::string clock_text(double seconds);

/// The line of a progress file, or "" if there is none.
std::string read_progress(std::string const& file);

}  // namespace kroma
