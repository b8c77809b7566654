#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "problems/led_by_root.hpp"
#include "problems/sdp_clustering/outcome.hpp"

namespace kroma::sdp_clustering {

/// Thrown on all ranks together where a run stops early; its checkpoint is on the disk.
struct Stopped {};

/// How a run stops early and goes on. Its checkpoints hold the outcomes of the numbers of clusters that are finished
/// and the state of the solver that works on the next; what lies between is done again, to the same bits.
class Pauses {
 public:
  /// For `numbers` numbers of clusters; loads what a checkpoint holds where the run goes on from one. Collective.
  Pauses(Run& run, Points const& points, std::size_t numbers);

  std::vector<Outcome> const& finished() const { return finished_; }
  /// One more number of clusters is done. Throws Stopped. Collective.
  void finish(Outcome outcome);

  /// The checkpoint that a solver of this kind wrote and is to go on from, once; else nothing.
  std::optional<io::Checkpoint> saved(std::string const& kind);
  /// Tells people how far it is; not collective.
  void tell(std::string const& words) const;
  /// To be asked at the end of a step of a solver, while there is more to do: writes a checkpoint, filled by `save`, if
  /// one is due. Throws Stopped. Collective.
  void ask(std::string const& kind, std::int64_t step, std::string const& words, Run::Save const& save);
  /// Runs `work(ask, state)` on rank 0 alone, with the state that it saved earlier or an empty one. Throws Stopped, and
  /// on all ranks what `work` throws. Collective.
  void lead(std::string const& kind, std::function<void(Ask const&, std::vector<double> const& state)> const& work);

 private:
  void save_finished(io::Checkpoint& checkpoint, std::string const& kind) const;

  Run& run_;
  Points const& points_;
  std::size_t numbers_;
  std::string kind_;  // of the solver whose state is in the checkpoint and not taken yet
  std::vector<Outcome> finished_;
};

/// An outcome in a checkpoint, under a name of its own. Collective.
void save_outcome(io::Checkpoint& checkpoint, std::string const& name, Points const& points, Outcome const& outcome);
Outcome load_outcome(io::Checkpoint const& checkpoint, std::string const& name, Points const& points);

/// Rows of this rank of a device array (local, columns), of all `points`. Throws bad_input where the checkpoint holds
/// another number of them. Collective.
void save_rows(io::Checkpoint& checkpoint, std::string const& name, Points const& points, ConstMatrix rows);
void load_rows(io::Checkpoint const& checkpoint, std::string const& name, Points const& points, Matrix rows);

/// Numbers that are the same on all ranks. Collective.
void save_numbers(io::Checkpoint& checkpoint, std::string const& name, Points const& points,
                  std::vector<double> const& numbers);
std::vector<double> load_numbers(io::Checkpoint const& checkpoint, std::string const& name, Points const& points);

}  // namespace kroma::sdp_clustering
