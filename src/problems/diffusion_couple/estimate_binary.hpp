#pragma once

#include <array>

#include "problems/diffusion_couple/estimate_tables.hpp"
#include "problems/diffusion_couple/volume_law.hpp"

namespace kroma::diffusion_couple {

/// What the classical methods say of binary couples; collects rows couple by couple, then writes them all.
class BinaryEstimates {
 public:
  explicit BinaryEstimates(Options const& options);

  /// Evaluates one profile, writes its curve and warns, with a number, where a method's assumption does not hold.
  /// Throws as smooth() and find_layers() do.
  void evaluate(Run& run, MeasuredProfile const& profile, int couple);
  void write(Run& run) const;

 private:
  void single_phase(Run& run, MeasuredProfile const& profile, int couple);
  void several_phases(Run& run, MeasuredProfile const& profile, int couple);
  void interdiffusion_rows(Run& run, MeasuredProfile const& profile, SmoothProfile const& smooth, int couple);
  void sensitivity_rows(MeasuredProfile const& profile, SmoothProfile const& smooth, int couple);
  void plane_rows(MeasuredProfile const& profile, SmoothProfile const& smooth, int couple);
  void intrinsic_rows(Run& run, MeasuredProfile const& profile, SmoothProfile const& smooth, int couple);
  std::vector<double> compositions(SmoothProfile const& smooth) const;

  struct Sensitivities {
    std::vector<std::int64_t> couple;
    std::vector<double> composition, left, right, slope, area, time, beam;
  };

  /// Integrated coefficient in mole fractions and in concentrations, growth constant, thickness; mean D.
  struct Phases {
    std::vector<std::int64_t> couple;
    std::vector<std::string> phase;
    std::array<std::vector<double>, 4> value, error;
    std::vector<double> mean;
  };

  Options const& options_;
  VolumeLaw volume_;
  std::vector<Method> methods_;
  InterdiffusionTable interdiffusion_;
  QuantityTable planes_, kirkendall_;
  QuantityTable intrinsic_;  // methods, and in place of units the components
  Phases integrated_;
  Sensitivities sensitivities_;
  double misfit_ = 0, sum_rule_ = 0;
  std::size_t points_ = 0;
};

}  // namespace kroma::diffusion_couple
