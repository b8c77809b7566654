#pragma once

#include <vector>

#include "problems/chromatography/method.hpp"
#include "problems/chromatography/model.hpp"
#include "problems/chromatography/options.hpp"
#include "problems/problem.hpp"

namespace kroma {

/// Transport and sorption in one chromatographic column (README of this folder).
class Chromatography : public Problem {
 public:
  /// Throws Error(bad_input) where the method asked for cannot do the column, or times do not fit the run.
  Chromatography(chromatography::Options options, chromatography::Solver solver, chromatography::Output output);

  Plan plan(int ranks) const override;
  void solve(Run& run) override;

 private:
  chromatography::Options options_;
  chromatography::Solver solver_;
  chromatography::Output output_;
  chromatography::Column column_;
  std::vector<double> times_;
};

}  // namespace kroma
