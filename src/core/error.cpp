#include "core/error.hpp"

#include "core/broadcast.hpp"

namespace kroma {

Error::Error(Exit kind, std::string what, std::string advice)
    : kind_{kind}, what_{std::move(what)}, advice_{std::move(advice)} {}

Error bad_input(std::string what, std::string advice) {
  return Error{Exit::bad_input, std::move(what), std::move(advice)};
}

Error solver_failed(std::string what, std::string advice) {
  return Error{Exit::solver_failed, std::move(what), std::move(advice)};
}

Error internal_error(std::string what) {
  return Error{Exit::internal, std::move(what), "This is a bug in kroma; please report it with the deck."};
}

void agree(MPI_Comm comm, std::optional<Error> const& mine) {
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  int const candidate = mine ? rank : size;
  int lowest = size;
  MPI_Allreduce(&candidate, &lowest, 1, MPI_INT, MPI_MIN, comm);
  if (lowest == size) return;
  int kind = mine ? static_cast<int>(mine->kind()) : 0;
  MPI_Bcast(&kind, 1, MPI_INT, lowest, comm);
  auto const what = broadcast(comm, lowest, mine ? mine->what() : "");
  auto const advice = broadcast(comm, lowest, mine ? mine->advice() : "");
  throw Error{static_cast<Exit>(kind), what, advice};
}

void require(bool condition, char const* promise) {
  if (!condition) throw internal_error(std::string{"broken promise: "} + promise);
}

}  // namespace kroma
