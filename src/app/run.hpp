#pragma once

#include <optional>
#include <string>
#include <vector>

#include <mpi.h>

#include "core/error.hpp"
#include "core/log.hpp"
#include "problems/registry.hpp"

namespace kroma {

/// What to do about a folder that holds results of an earlier run.
enum class Earlier { refuse, overwrite, resume };

/// One `kroma run`.
struct RunRequest {
  std::string deck;               // path of a deck or a study; "-" is standard input
  std::vector<std::string> sets;  // "key.path=value", after those of the case
  std::optional<int> case_number;
  Earlier earlier = Earlier::refuse;
  double stop_after = 0;  // s of wall time; 0 means no limit
  Verbosity verbosity = Verbosity::normal;
  std::vector<std::string> command_line;  // for /provenance
};

/// Reads the deck, checks and plans the problem, solves it, and leaves results.h5 in its folder.
///
/// Needs a started Runtime; everything else is in the arguments, so tests take the same way as the program. Returns
/// Exit::done, or Exit::stopped when it was asked to stop early. Throws Error, the same on all ranks: bad_input before
/// anything was written, solver_failed after writing what was computed. Collective.
Exit run(MPI_Comm comm, RunRequest const& request, Registry const& families = registry());

}  // namespace kroma
