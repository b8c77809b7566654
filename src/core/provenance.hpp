#pragma once

#include <string>
#include <vector>

#include <mpi.h>

namespace kroma {

/// What this binary was built from; made anew at every build (version.cpp is generated).
struct BuildInfo {
  char const* version;
  char const* commit;  // short hash, or "unknown" outside a checkout
  bool dirty;          // the checkout had uncommitted changes
  char const* compiler;
  char const* build_type;
};
BuildInfo const& build_info();

/// One line of /provenance: attribute name and its text.
struct Fact {
  std::string name, value;
};

/// Who computed a result, with what, where, and how it was started. HDF5 adds its own version in io.
/// Needs a started Runtime. Collective (host names are gathered).
std::vector<Fact> provenance(MPI_Comm comm, std::vector<std::string> const& command_line);

/// Name of the default execution space, e.g. "Serial".
std::string execution_space();
/// "PETSc 3.18.5", "Kokkos 3.4.1", "Open MPI v4.1.4": versions as the libraries themselves print them.
std::string petsc_version();
std::string kokkos_version();
std::string mpi_version();
/// Now, UTC, ISO 8601 with seconds: "2026-01-31T12:00:00Z".
std::string utc_now();

}  // namespace kroma
