#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/provenance.hpp"
#include "deck/study.hpp"

namespace kroma {

/// How a case of a study ended.
struct CaseOutcome {
  std::string status = "not run";  // done, failed, stopped, not run
  std::string message;             // of a failure
};

/// All that study.h5 is made of.
struct StudySummary {
  std::string problem, title, source;  // source: the text of the study
  std::vector<deck::Case> cases;
  std::vector<std::string> folders;   // of the cases
  std::vector<CaseOutcome> outcomes;  // of the cases
  std::vector<Fact> provenance;
};

std::string study_path(std::string const& folder);

/// Writes FOLDER/study.h5, a results file like any other (kroma-results/1), with
///
///   /tables/cases   a row per case: number, name, status, message, the changed keys (numbers in SI, else texts), and
///                   all metrics of the case's own results file; NaN or "" where a case has none
///   /tables/cost    wall time, stages and memory of each case: what differs from one run of a study to the next
///   /metrics        cases, done, failed, stopped
///
/// Throws Error(bad_input) if it cannot be written. Not collective: one rank calls.
void write_study(std::string const& folder, StudySummary const& summary);

}  // namespace kroma
