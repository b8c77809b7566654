#pragma once

#include <string>

#include "io/data.hpp"

namespace kroma::io {

/// What can be learnt of a results file without reading its data.
struct ResultStatus {
  bool exists = false;
  bool complete = false;
  std::string trouble;           // why it could not be read (truncated, no HDF5 file, ...); empty if it could
  std::string problem, created;  // empty if the file does not say
  std::string resolved_deck;     // what it was run with; empty if the file does not say
  Attributes metrics;            // attributes of /metrics
};

/// Looks into a results file, or says why it cannot; never throws for what is on the disk. Not collective: call it
/// on one rank.
ResultStatus read_status(std::string const& path);

/// Whether this process could not write or close a shared file and gave it up. Ending MPI in the ordinary way would
/// then try to close it, and could wait for ever: end with MPI_Abort.
bool any_file_abandoned();

/// "1.10.8": the version of the HDF5 that is running.
std::string hdf5_version();

}  // namespace kroma::io
