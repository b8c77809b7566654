#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <mpi.h>

#include "core/interval.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "core/stop.hpp"
#include "core/timers.hpp"
#include "deck/deck.hpp"
#include "deck/mistakes.hpp"
#include "deck/schema.hpp"
#include "io/checkpoints.hpp"
#include "io/result_file.hpp"

namespace kroma {

/// What a solve takes, known before anything large is allocated.
struct Plan {
  std::string summary;                                     // one line: "Poisson equation on 400 x 400 nodes"
  std::vector<std::pair<std::string, std::string>> sizes;  // what, and how much of it, in the user's words
  std::int64_t unknowns = 0;
  double bytes_per_rank = 0;  // of the fullest rank, at the peak; without the program itself
};

/// Attributes of /metrics. The program itself writes wall_seconds, setup_seconds and solve_seconds (of the stages
/// "setup" and "solve"), unknowns and memory_bytes; `iterations` and `converged` are the family's, and 0 and 1 unless
/// it says otherwise.
class Metrics {
 public:
  /// Sets or replaces; the same values on all ranks.
  void set(std::string const& name, double value) { values_[name] = value; }
  void set(std::string const& name, std::int64_t value) { values_[name] = value; }
  void set(std::string const& name, std::string value) { values_[name] = std::move(value); }
  std::map<std::string, io::Value> const& values() const { return values_; }

 private:
  std::map<std::string, io::Value> values_{{"iterations", std::int64_t{0}}, {"converged", std::int64_t{1}}};
};

/// What a solve may use, and nothing else: no globals.
struct Run {
  MPI_Comm comm;
  Log const& log;
  Timers& timers;
  StopRequest const& stop;
  io::ResultFile& results;
  io::CheckpointStore& checkpoints;
  Interval& until_checkpoint;  // wall time between two of them (output.checkpoint_every)
  bool resume;                 // there is a checkpoint to go on from
  Metrics& metrics;
  Progress& progress;                // to be told at the end of every step
  std::string const& resolved_deck;  // for checkpoints
  bool stopped = false;

  /// Fills a checkpoint; called on all ranks together.
  using Save = std::function<void(io::Checkpoint&)>;

  /// Whether to return now. To be asked at the end of a step, and only while there is more to do: a solve that asked
  /// and got true counts as stopped early. Before it says so, and whenever output.checkpoint_every has passed, it
  /// writes a checkpoint, which `save` fills and which is complete on the disk when this returns. Step and answer are
  /// the same on all ranks. Throws solver_failed where the disk does not take it. Collective.
  bool should_stop(std::int64_t step, Save const& save);
};

/// One validated problem. Making it and planning need neither MPI nor Kokkos: `kroma check` does both without them.
class Problem {
 public:
  virtual ~Problem() = default;
  /// Sizes and memory for a solve on `ranks` ranks. Not collective; allocates nothing large.
  virtual Plan plan(int ranks) const = 0;
  /// Looks for mistakes of the deck that only work can find (a source that is infinite at a node) before the folder is
  /// touched, so that results that are there survive them. Throws Error(bad_input) on all ranks together. Collective.
  virtual void prepare(MPI_Comm /*comm*/) {}
  /// Solves and writes fields, series and tables to run.results; returns when done or when run.should_stop().
  /// Throws, on all ranks together: Error(solver_failed), after writing what it has; Error(bad_input) where only the
  /// work itself can find a mistake in the deck (a source that is infinite at a node). Collective.
  virtual void solve(Run& run) = 0;
};

/// `solver:` of every family; a family with keys of its own derives from this.
struct SolverOptions {
  std::map<std::string, std::string> petsc;  // options of PETSc without their prefix, e.g. {ksp_type, cg}
};

/// `output:` of every family; a family with keys of its own derives from this.
struct OutputOptions {
  std::string folder;
  double checkpoint_every = 1800;  // s of wall time; 0: only when stopped early
};

/// What becomes of a deck once it is read.
struct ReadDeck {
  std::unique_ptr<Problem> problem;  // null if there were mistakes
  std::string resolved;              // the deck with every default filled in, SI, as YAML
  std::string title;
  OutputOptions output;
  std::map<std::string, std::string> petsc;
};

/// A row of the registry.
struct ProblemType {
  std::string name, summary;
  deck::Description description;  // of the whole deck
  std::function<ReadDeck(deck::Deck const&, deck::Mistakes&)> read;
};

}  // namespace kroma
