#pragma once

#include <cstdint>
#include <vector>

#include "problems/chromatography/integration.hpp"

namespace kroma::chromatography {

/// One integration of one column by discontinuous Galerkin, at a constant or compressible velocity.
class Pass : public Integration {
 public:
  /// Derivatives of the outlet in `directions`, if any, are taken along. All arguments outlive this.
  Pass(Column const& column, Level const& level, Samples const& samples, std::vector<Direction> const& directions = {});

  bool run(Stop const& stop) override;
  Balance balance() const override;
  double time() const override { return integrator_.time(); }
  std::int64_t unknowns() const override;
  Effort const& effort() const override { return integrator_.effort(); }

  std::vector<double> save() const override;
  void load(std::vector<double> const& saved) override;

 private:
  void sample_until(double time);
  void sample_frame(std::vector<Pack> const& state);

  Column const& column_;
  Samples const& samples_;
  ColumnIntegrator integrator_;
  std::size_t section_ = 0, next_time_ = 0, next_frame_ = 0;
  bool started_ = false;
  std::vector<double> initial_content_, entered_, left_;
};

}  // namespace kroma::chromatography
