#pragma once

#include <string>
#include <vector>

#include "problems/diffusion_couple/options.hpp"
#include "problems/problem.hpp"

namespace kroma::diffusion_couple {

/// A couple on its way through the anneal. Every member is collective.
class Evolution {
 public:
  virtual ~Evolution() = default;
  virtual double time() const = 0;
  /// One accepted step, which does not go beyond `until`. Throws Error(solver_failed).
  virtual void step(double until) = 0;
  /// Steps so far, and one line about them.
  virtual std::int64_t steps() const = 0;
  virtual std::string progress() const = 0;
  /// Coordinates, once, and the fields of the current time.
  virtual void write_axes(io::ResultFile& results) = 0;
  virtual void write_frame(io::ResultFile& results) = 0;
  /// Tables and metrics, at the end.
  virtual void finish(Run& run) = 0;

  virtual void save(io::Checkpoint& checkpoint) const = 0;
  virtual void load(io::Checkpoint const& checkpoint) = 0;
};

/// Takes `couple` to the end of the anneal, with frames at the times the output asks for, checkpoints, and an early
/// stop. Returns whether it is done. Collective.
bool march(Run& run, Evolution& couple, double end, Output const& output);

/// The saved times after 0: those given, every `save_every`, and the end.
std::vector<double> saved_times(double end, Output const& output);

}  // namespace kroma::diffusion_couple
