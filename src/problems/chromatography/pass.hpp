#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "problems/chromatography/integrator.hpp"

namespace kroma::chromatography {

/// What one integration of a column is done with.
struct Level {
  Resolution resolution;
  int stages = 3;
  double tolerance = 1e-6;  // of a step, relative to the components' scales
};

/// Where a column is looked at: the outlet at `times`, the inside at `positions` at `frames` (both rising; frames is a
/// part of times).
struct Samples {
  std::vector<double> times, frames, positions;
};

/// Whether to stop now, asked after every step.
using Stop = std::function<bool()>;

/// One integration of one column from beginning to end, with samples and the balance of amounts. It can be saved after
/// any step and gone on with bit for bit.
class Pass {
 public:
  /// Derivatives of the outlet in `directions`, if any, are taken along. All arguments outlive this.
  Pass(Column const& column, Level const& level, Samples const& samples, std::vector<Direction> const& directions = {});

  /// Goes on to the end, or until `stop` says so: true at the end. Throws solver_failed as ColumnIntegrator::step().
  bool run(Stop const& stop);

  std::vector<double> const& outlet() const { return outlet_; }                // (times, components)
  std::vector<double> const& slopes() const { return slopes_; }                // (times, directions, components)
  std::vector<double> const& concentration() const { return concentration_; }  // (frames, positions, components)
  /// The same of what is adsorbed, per stationary phase; in particles, averaged over their volume.
  std::vector<double> const& adsorbed() const { return adsorbed_; }
  /// |entered - left - change of content| / (entered + content at the start), the largest over components.
  double balance_error() const;
  double time() const { return integrator_.time(); }
  std::int64_t unknowns() const;
  Effort const& effort() const { return integrator_.effort(); }

  std::vector<double> save() const;
  void load(std::vector<double> const& saved);

 private:
  void sample_until(double time);
  void sample_frame(std::vector<Pack> const& state);

  Column const& column_;
  Samples const& samples_;
  ColumnIntegrator integrator_;
  std::size_t section_ = 0, next_time_ = 0, next_frame_ = 0;
  bool started_ = false;
  std::vector<double> outlet_, slopes_, concentration_, adsorbed_;
  std::vector<double> initial_content_, entered_, left_;
};

}  // namespace kroma::chromatography
