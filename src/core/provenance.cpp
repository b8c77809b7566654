#include "core/provenance.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <set>

#include <Kokkos_Core.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <petscsys.h>

#include "core/space.hpp"

namespace kroma {
namespace {

std::string environment(char const* name) {
  char const* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The distinct host names of all ranks, sorted, joined by commas. Collective.
std::string hosts(MPI_Comm comm) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  std::array<char, MPI_MAX_PROCESSOR_NAME> mine{};
  int length = 0;
  MPI_Get_processor_name(mine.data(), &length);
  std::vector<char> all(mine.size() * static_cast<std::size_t>(size));
  MPI_Allgather(mine.data(), MPI_MAX_PROCESSOR_NAME, MPI_CHAR, all.data(), MPI_MAX_PROCESSOR_NAME, MPI_CHAR, comm);
  std::set<std::string> names;
  for (int rank = 0; rank < size; ++rank) names.insert(all.data() + static_cast<std::size_t>(rank) * mine.size());
  return fmt::format("{}", fmt::join(names, ","));
}

}  // namespace

std::string execution_space() { return Space::name(); }

std::string petsc_version() {
  return fmt::format("{}.{}.{}", PETSC_VERSION_MAJOR, PETSC_VERSION_MINOR, PETSC_VERSION_SUBMINOR);
}

std::string kokkos_version() {
  return fmt::format("{}.{}.{}", KOKKOS_VERSION / 10000, KOKKOS_VERSION / 100 % 100, KOKKOS_VERSION % 100);
}

std::string mpi_version() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  MPI_Get_library_version(text.data(), &length);
  std::string const whole{text.data()};
  return whole.substr(0, whole.find_first_of(",\n"));
}

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

std::vector<Fact> provenance(MPI_Comm comm, std::vector<std::string> const& command_line) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  auto const& build = build_info();
  return {{"version", build.version},
          {"commit", build.commit},
          {"dirty", build.dirty ? "1" : "0"},
          {"compiler", fmt::format("{} {}", build.compiler, build.build_type)},
          {"petsc", petsc_version()},
          {"kokkos", kokkos_version()},
          {"mpi", mpi_version()},
          {"execution_space", execution_space()},
          {"ranks", std::to_string(ranks)},
          {"threads", std::to_string(Space().concurrency())},
          {"host", hosts(comm)},
          {"command_line", fmt::format("{}", fmt::join(command_line, " "))},
          {"slurm_job_id", environment("SLURM_JOB_ID")}};
}

}  // namespace kroma
