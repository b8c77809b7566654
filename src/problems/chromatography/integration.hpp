#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "problems/chromatography/integrator.hpp"

namespace kroma::chromatography {

/// What one integration of a column is done with. By finite volumes `resolution.elements` is the number of cells.
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

/// What is inside the column: concentration and adsorbed (frames, positions, components) row-major, the latter per
/// stationary phase, in particles averaged over their volume; the others (frames, positions), empty where the column
/// does not follow them: K, K, Pa, m/s.
struct Inside {
  std::vector<double> concentration, adsorbed;
  std::vector<double> temperature, wall_temperature, pressure, velocity;

  std::vector<std::vector<double>*> lists() {
    return {&concentration, &adsorbed, &temperature, &wall_temperature, &pressure, &velocity};
  }
};

/// Velocity in m/s and temperature in K at the outlet at the sampled times; empty where they are constant.
struct OutletGas {
  std::vector<double> velocity, temperature;
};

/// Amounts that should be equal, relative to the largest part: of the components (the worst), of all the gas, of heat;
/// 0 where they are not followed.
struct Balance {
  double components = 0, gas = 0, heat = 0;
};

/// Whether to stop now, asked after every step.
using Stop = std::function<bool()>;

/// One integration of one column from beginning to end, with samples and balances. It can be saved after any step and
/// gone on with bit for bit.
class Integration {
 public:
  virtual ~Integration() = default;
  /// Goes on to the end, or until `stop` says so: true at the end. Throws solver_failed, with component, position and
  /// time, if steps are cut below what can be resolved.
  virtual bool run(Stop const& stop) = 0;

  std::vector<double> const& outlet() const { return outlet_; }  // (times, components)
  std::vector<double> const& slopes() const { return slopes_; }  // (times, directions, components)
  Inside const& inside() const { return inside_; }
  OutletGas const& outlet_gas() const { return gas_; }
  virtual Balance balance() const = 0;
  virtual double time() const = 0;
  virtual std::int64_t unknowns() const = 0;
  virtual Effort const& effort() const = 0;

  virtual std::vector<double> save() const = 0;
  virtual void load(std::vector<double> const& saved) = 0;

 protected:
  std::vector<double> outlet_, slopes_;
  Inside inside_;
  OutletGas gas_;
};

}  // namespace kroma::chromatography
