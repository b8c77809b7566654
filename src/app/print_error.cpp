#include "app/print_error.hpp"

#include <cstdio>

namespace kroma {

void print_error(Error const& error) {
  char const* const prefix = error.kind() == Exit::internal        ? "internal error: "
                             : error.kind() == Exit::solver_failed ? "solver failed: "
                                                                   : "";
  std::fflush(stdout);
  std::fprintf(stderr, "%s%s\n", prefix, error.what());
  if (!error.advice().empty()) std::fprintf(stderr, "%s\n", error.advice().c_str());
}

Error as_error(std::exception const& caught) {
  auto const* const error = dynamic_cast<Error const*>(&caught);
  return error != nullptr ? *error : internal_error(caught.what());
}

void end_all_if_bug(MPI_Comm comm, Error const& error) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  if (error.kind() != Exit::internal || ranks == 1) return;
  print_error(error);
  MPI_Abort(comm, static_cast<int>(Exit::internal));
}

}  // namespace kroma
