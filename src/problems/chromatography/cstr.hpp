#pragma once

#include <vector>

#include "problems/chromatography/network_unit.hpp"

namespace kroma::chromatography {

/// Stirred tank: d(V c)/dt = Q_in c_in - Q_out c, V linear in time. The collocation equations of a step are linear in
/// the concentrations at its stages and are solved for them, amounts V c being what is balanced, so that an empty tank
/// is no exception: it fills with what enters, passes it on, or, without any flow, keeps the concentration it had.
class Tank final : public StepUnit {
 public:
  Tank(Network const& network, std::size_t index, Level const& level, std::vector<double> const& scales);

  void begin(std::size_t section, double time, double end) override;
  double next_step() const override { return next_; }
  Trial try_step(double h, Stream const& entering) override;
  void leaving(Stream& stream) const override { stream = stage_; }
  void accept(double error) override;
  void reject(double h, double cut) override;
  [[noreturn]] void give_up(char const* why) override;
  void outlet(double theta, double* c) const override;
  std::vector<double> content() const override;
  std::int64_t unknowns() const override { return static_cast<std::int64_t>(scales_.size()); }
  void save(std::vector<double>& saved) const override;
  void load(double const*& from) override;

 private:
  double volume_after(double time) const;
  void solve(double h, Stream const& entering);
  double error(double h, Stream const& entering) const;

  std::size_t index_;
  Network const& network_;
  Radau scheme_;
  std::vector<double> scales_;
  double tolerance_, smallest_;               // smallest_: a volume below it is none, m^3
  double inflow_ = 0, outflow_ = 0;           // m^3/s
  double volume_ = 0, next_ = 0, tried_ = 0;  // at the begin of the next step; its length; of the step that was tried
  bool careful_ = true;                       // a restart, or a step that was cut
  std::vector<double> amount_;                // mol
  std::vector<double> held_;                  // V at the begin and at the stages of the step that was tried
  Stream stage_, kept_;                       // concentrations of the step that was tried, and of the last step
};

}  // namespace kroma::chromatography
