#pragma once

#include <string>
#include <vector>

#include <mpi.h>

namespace kroma {

/// The text of every rank, by rank, on rank `root`; nothing on the others. Collective.
std::vector<std::string> gather(MPI_Comm comm, int root, std::string const& mine);

}  // namespace kroma
