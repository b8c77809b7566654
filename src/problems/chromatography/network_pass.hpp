#pragma once

#include <memory>
#include <string>
#include <vector>

#include "problems/chromatography/network_order.hpp"
#include "problems/chromatography/network_unit.hpp"

namespace kroma::chromatography {

/// One integration of a network from beginning to end: units solved in the order of the flow, loops by sweeps within
/// each step, all restarting together at events. It can be saved after any step and gone on with bit for bit.
class NetworkPass {
 public:
  /// All arguments outlive this.
  NetworkPass(Network const& network, Level const& level, std::vector<double> const& times);

  /// Goes on to the end, or until `stop` says so: true at the end. Throws solver_failed.
  bool run(Stop const& stop);

  /// Concentrations given off by each unit: (times, units, components). An outlet gives off what flows into it, 0 where
  /// nothing does.
  std::vector<double> const& given() const { return given_; }
  /// What has flowed into the outlets, mol: (units, components).
  std::vector<double> const& collected() const { return collected_; }
  /// |entered - left - change of content| / (entered + content at the start), the largest over components.
  double balance_error() const;
  double time() const { return time_; }
  std::int64_t unknowns() const;
  Effort const& effort() const { return effort_; }

  std::vector<double> save() const;
  void load(std::vector<double> const& saved);

 private:
  void begin_event();
  bool step();
  Trial try_step(double h);
  Trial try_unit(std::size_t u, double h, Stream& entering);
  bool sweep(double h, Trial& trial);
  void foresee(double h);
  void mix(std::size_t u, Stream& stream) const;
  void accept(Trial const& trial, double h);
  void sample_until(double time);
  std::vector<double> content() const;
  Connected const& connected() const { return network_.schedule[section_]; }

  Network const& network_;
  std::vector<double> const& times_;
  std::vector<double> scales_, events_;
  Radau scheme_;
  std::vector<std::unique_ptr<StepUnit>> units_;
  Order order_;
  std::vector<Stream> entering_, leaving_;
  std::size_t event_ = 0, section_ = 0, next_time_ = 0, worst_ = 0;
  bool started_ = false, restart_ = true;
  double time_ = 0, taken_ = 0;
  Effort effort_;
  std::vector<double> given_, collected_, entered_, initial_content_;
};

}  // namespace kroma::chromatography
