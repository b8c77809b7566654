#pragma once

#include <mpi.h>

#include "app/job.hpp"
#include "app/run.hpp"
#include "core/stop.hpp"

namespace kroma {

/// Runs all cases of a study: `kroma run STUDY` without --case.
///
/// The ranks of `comm` are split into groups of the study's `ranks_per_case`; a group that is free takes the next case.
/// All cases are checked before the first one runs. A case that fails is recorded and the others go on; with
/// Earlier::resume, cases that are done are left alone. At the end FOLDER/study.h5 has a row for each case
/// (app/study_table.hpp). Returns Exit::done or Exit::stopped. Throws Error, the same on all ranks: bad_input before
/// anything was run, solver_failed after all cases, if some failed. Collective.
Exit run_study(MPI_Comm comm, RunRequest const& request, Input const& input, StopRequest const& stop,
               Registry const& families);

}  // namespace kroma
