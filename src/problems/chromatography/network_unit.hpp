#pragma once

#include <memory>
#include <vector>

#include "problems/chromatography/integrator.hpp"
#include "problems/chromatography/network.hpp"
#include "problems/chromatography/pass.hpp"

namespace kroma::chromatography {

/// Concentrations that pass a place at the begin of a step (row 0) and at its stages: (1 + stages, components).
using Stream = std::vector<double>;

/// A unit that takes steps of Radau IIA in company: all units of a network try the same step, each fed by the stages of
/// those that feed it, and all take it or none. That is one step of the scheme for the network as one system, whatever
/// the order in which its units are solved, so that what leaves one unit is to rounding what enters the next.
class StepUnit {
 public:
  virtual ~StepUnit() = default;
  /// Restarts at an event: flows are those of section `section` of the schedule.
  virtual void begin(std::size_t section, double time, double end) = 0;
  virtual double next_step() const = 0;
  /// Tries a step of length h; may be repeated with another stream.
  virtual Trial try_step(double h, Stream const& entering) = 0;
  /// Of the step that was tried.
  virtual void leaving(Stream& stream) const = 0;
  virtual void accept(double error) = 0;
  /// The step of length h was not taken, whether or not this unit has tried it.
  virtual void reject(double h, double cut) = 0;
  /// Throws solver_failed, with what is known about the place.
  [[noreturn]] virtual void give_up(char const* why) = 0;
  /// Concentrations given off at theta of the last step: (components).
  virtual void outlet(double theta, double* c) const = 0;
  /// Amounts held, mol: (components).
  virtual std::vector<double> content() const { return {}; }
  virtual std::int64_t unknowns() const { return 0; }
  /// Appends all that the next steps depend on; takes it back after begin() of the same event.
  virtual void save(std::vector<double>& saved) const = 0;
  virtual void load(double const*& from) = 0;
};

/// The unit at `index` of a network; nullptr for outlets, which hold nothing. The network outlives it.
std::unique_ptr<StepUnit> make_step_unit(Network const& network, std::size_t index, Level const& level,
                                         std::vector<double> const& scales);

}  // namespace kroma::chromatography
