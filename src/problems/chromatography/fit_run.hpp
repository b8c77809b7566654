#pragma once

#include <optional>
#include <vector>

#include "problems/chromatography/fit.hpp"
#include "problems/chromatography/numeric_options.hpp"
#include "problems/led_by_root.hpp"

namespace kroma::chromatography {

/// Answers of a fit's method so far, in the order in which it asked. A fit is the same whenever it gets the same
/// answers, so that these are all it needs to go on from where it was stopped.
struct Journal {
  std::vector<std::vector<double>> answers;  // an empty one: the method failed
  std::vector<double> begun;                 // state of the answer that was being made when the fit was stopped

  /// With a state of what comes after the fit behind it, which load() hands back in `rest`.
  std::vector<double> save(std::vector<double> const& rest = {}) const;
  static Journal load(std::vector<double> const& saved, std::vector<double>* rest = nullptr);
};

/// Runs the fit with answers from the journal as far as that goes, and puts new ones into it; nothing if `ask` said to
/// stop, while or after an answer was made. Throws what run_fit() throws. Not collective.
std::optional<FitResult> run_recorded_fit(Options const& options, std::vector<Measurement> const& data, bool numeric,
                                          NumericOptions const& expert, Journal& journal, Ask const& ask);

/// Runs the fit on rank 0, from a journal if that holds answers, and gives the result to all ranks, with the journal
/// that it is; nothing if it was stopped early, after saving a checkpoint with it. Throws on all ranks together what
/// run_fit() throws. Collective.
std::optional<FitResult> run_fit_led(Run& run, Options const& options, std::vector<Measurement> const& data,
                                     bool numeric, NumericOptions const& expert, Journal& journal);

}  // namespace kroma::chromatography
