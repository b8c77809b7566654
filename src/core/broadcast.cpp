#include "core/broadcast.hpp"

namespace kroma {

std::string broadcast(MPI_Comm comm, int root, std::string text) {
  auto size = static_cast<unsigned long>(text.size());
  MPI_Bcast(&size, 1, MPI_UNSIGNED_LONG, root, comm);
  text.resize(size);
  MPI_Bcast(text.data(), static_cast<int>(size), MPI_CHAR, root, comm);
  return text;
}

}  // namespace kroma
