#pragma once

#include <vector>

#include "problems/chromatography/bed_integrator.hpp"
#include "problems/chromatography/integration.hpp"

namespace kroma::chromatography {

/// One integration of one column by finite volumes: everything that changes the velocity or the temperature, and steep
/// fronts. Derivatives by parameters are not taken along.
class BedPass : public Integration {
 public:
  /// All arguments outlive this.
  BedPass(Column const& column, Level const& level, Samples const& samples);

  bool run(Stop const& stop) override;
  Balance balance() const override;
  double time() const override { return integrator_.time(); }
  std::int64_t unknowns() const override { return static_cast<std::int64_t>(integrator_.bed().layout().size()); }
  Effort const& effort() const override { return integrator_.effort(); }

  std::vector<double> save() const override;
  void load(std::vector<double> const& saved) override;

 private:
  bool is_last() const { return section_ + 1 == column_.sections.size(); }
  void sample_until(double time);
  void sample_outlet(Feed const& feed, std::vector<double> const& state);
  void sample_inside(Feed const& feed, std::vector<double> const& state);
  void account();

  Column const& column_;
  Samples const& samples_;
  BedIntegrator integrator_;
  std::size_t section_ = 0, next_time_ = 0, next_frame_ = 0;
  bool started_ = false;
  Passing initial_, entered_, left_;
  double heat_lost_ = 0;
};

/// Bytes that a pass needs.
double bytes_of_bed(Column const& column, Level const& level);

}  // namespace kroma::chromatography
