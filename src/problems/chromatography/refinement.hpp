#pragma once

#include <vector>

#include "problems/chromatography/integration.hpp"
#include "problems/chromatography/numeric_options.hpp"

namespace kroma::chromatography {

/// Whether a column is solved by finite volumes: where that is asked for, and where nothing else can do it.
bool by_finite_volumes(Column const& column, NumericOptions const& options);

/// Finds the resolution that an accuracy takes: levels grow by a constant factor in elements, particle points and
/// tolerance together (finite volumes: cells by two); the difference of the outlets of two levels is the error of the
/// coarser, and how differences fall tells the error of the finer (Richardson; no order is assumed).
class Refinement {
 public:
  /// `accuracy`: of the outlet, relative to `scales`. A fixed grid has two levels, the coarser of which only serves to
  /// judge the finer.
  Refinement(Column const& column, double accuracy, NumericOptions const& options);

  Level const& level() const { return level_; }
  int number() const { return static_cast<int>(gaps_.size()) + (last_.empty() ? 0 : 1); }
  /// Takes in the outlet (times, components) of the level; true when it is good enough. Throws solver_failed where no
  /// level would be.
  bool take(std::vector<double> outlet);
  /// Whether the present level will be the last one, as far as can be told before it is done.
  bool may_be_last() const;
  /// Of the last level's outlet.
  double error_estimate() const { return estimate_; }

  std::vector<double> save() const;
  void load(std::vector<double> const& saved);

 private:
  Level level_at(int number) const;
  Level volume_level(int number) const;
  double expected_ratio() const;

  std::vector<double> scales_;
  double accuracy_;
  NumericOptions options_;
  bool particles_, volumes_;
  Level level_;
  std::vector<double> last_, gaps_;
  double estimate_ = 0;
};

}  // namespace kroma::chromatography
