#pragma once

#include <string>
#include <vector>

#include <mpi.h>

#include "app/job.hpp"
#include "core/log.hpp"

namespace kroma {

/// Key paths whose values differ between two resolved decks, or which only one of them has.
std::vector<std::string> changed_keys(std::string const& resolved_before, std::string const& resolved_now);

/// Those of them that make it another problem: all but solver, output, title and notes.
std::vector<std::string> forbidden_changes(std::string const& resolved_before, std::string const& resolved_now);

/// Says which checkpoint the run goes on from and which keys of the deck have changed since. Throws Error(bad_input)
/// if one of them would make it another problem: only solver, output, title and notes may change. Collective.
void check_resume(MPI_Comm comm, Log const& log, Job const& job);

}  // namespace kroma
