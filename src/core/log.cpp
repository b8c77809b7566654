#include "core/log.hpp"

#include <cstdio>

namespace kroma {

Log::Log(MPI_Comm comm, Verbosity verbosity) : verbosity_{verbosity} { MPI_Comm_rank(comm, &rank_); }

void Log::line(std::string const& text) const {
  if (!speaks()) return;
  std::fprintf(stdout, "%s\n", text.c_str());
  std::fflush(stdout);
}

void Log::detail(std::string const& text) const {
  if (verbosity_ == Verbosity::verbose) line(text);
}

void Log::warning(std::string const& text) const {
  if (rank_ == 0) std::fprintf(stderr, "warning: %s\n", text.c_str());
}

}  // namespace kroma
