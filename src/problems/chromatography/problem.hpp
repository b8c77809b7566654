#pragma once

#include <vector>

#include "problems/chromatography/fit_run.hpp"
#include "problems/chromatography/method.hpp"
#include "problems/chromatography/model.hpp"
#include "problems/chromatography/numeric_run.hpp"
#include "problems/chromatography/options.hpp"
#include "problems/chromatography/parameters.hpp"
#include "problems/problem.hpp"

namespace kroma {

/// Transport and sorption in one chromatographic column (README of this folder).
class Chromatography : public Problem {
 public:
  /// Throws Error(bad_input) where the method asked for cannot do the column, or times do not fit the run.
  Chromatography(chromatography::Options options, chromatography::Solver solver, chromatography::Output output);

  Plan plan(int ranks) const override;
  /// A fit, if the deck has one; then the outlet of the column, with the fitted values.
  void solve(Run& run) override;

 private:
  bool fit(Run& run, chromatography::Journal& journal);
  Plan numeric_plan(Plan plan) const;
  chromatography::DeckParameters sensitivity_parameters() const;
  void solve_numerically(Run& run, chromatography::Continuation const& from);
  void name_negative(Run& run, chromatography::Outlet const& outlet) const;

  chromatography::Options options_;
  chromatography::Solver solver_;
  chromatography::Output output_;
  chromatography::Column column_;
  std::vector<double> times_;
  std::vector<chromatography::Measurement> measurements_;
  bool numeric_;
};

}  // namespace kroma
