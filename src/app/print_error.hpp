#pragma once

#include <exception>

#include <mpi.h>

#include "core/error.hpp"

namespace kroma {

/// To standard error: what went wrong and what to do about it.
void print_error(Error const& error);

/// `caught` itself, or an internal error with its text.
Error as_error(std::exception const& caught);

/// A bug may be one rank's only, while the others wait for it in a message: with more than one rank, prints `error` and
/// ends them all if it is a bug, before anything collective (closing a file, MPI_Finalize) could hang. Not collective.
void end_all_if_bug(MPI_Comm comm, Error const& error);

}  // namespace kroma
