#pragma once

#include <string>
#include <vector>

#include <mpi.h>

#include "app/job.hpp"
#include "app/run.hpp"
#include "core/log.hpp"
#include "core/stop.hpp"

namespace kroma {

/// What runs of one command share.
struct HowToRun {
  Earlier earlier;
  Log const& log;
  StopRequest const& stop;
  std::vector<std::string> const& command_line;  // for /provenance
};

/// Plans and solves one job on the ranks of `comm`, and leaves results.h5 in its folder. Returns Exit::done, also where
/// `earlier` is resume and the folder's run is complete, or Exit::stopped. Throws what kroma::run throws. Collective.
Exit run_job(MPI_Comm comm, HowToRun const& how, Job& job);

}  // namespace kroma
