#pragma once

#include <string>

#include <mpi.h>

#include "app/job.hpp"
#include "core/log.hpp"
#include "core/timers.hpp"
#include "problems/problem.hpp"

namespace kroma {

/// "12 345 678", "3.2 MB".
std::string grouped(std::int64_t number);
std::string bytes_text(double bytes);

/// A line "name   value", the values of all lines under each other.
std::string row(std::string const& name, std::string const& value);

/// The plan of a problem, and beside its own memory that of the program, its libraries and their buffers, as measured
/// on tiny problems (Debian 12: Open MPI, PETSc, HDF5); that part varies by some MB.
Plan plan_of(Problem const& problem, int ranks);
inline constexpr double kProgramMemory = 70e6;

/// What a plan takes on `ranks` ranks, a line per row, aligned: for `kroma check` and the head of a run.
std::string plan_text(Plan const& plan, int ranks);

/// The block that opens a run. Collective only in that rank 0 prints.
void report_start(Log const& log, Job const& job, Plan const& plan, int ranks);

/// Seconds per stage, least and most over the ranks. Collective.
void report_times(MPI_Comm comm, Log const& log, Timers const& timers);

}  // namespace kroma
