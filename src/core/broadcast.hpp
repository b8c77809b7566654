#pragma once

#include <string>

#include <mpi.h>

namespace kroma {

/// The text of rank `root`, on every rank (what the others pass is not looked at). Collective.
std::string broadcast(MPI_Comm comm, int root, std::string text);

}  // namespace kroma
