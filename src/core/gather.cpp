#include "core/gather.hpp"

#include <numeric>

namespace kroma {

std::vector<std::string> gather(MPI_Comm comm, int root, std::string const& mine) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  auto const count = static_cast<std::size_t>(rank == root ? ranks : 0);
  std::vector<int> sizes(count), offsets(count);
  int const size = static_cast<int>(mine.size());
  MPI_Gather(&size, 1, MPI_INT, sizes.data(), 1, MPI_INT, root, comm);
  std::exclusive_scan(sizes.begin(), sizes.end(), offsets.begin(), 0);
  std::string all(count == 0 ? 0 : static_cast<std::size_t>(offsets.back() + sizes.back()), '\0');
  MPI_Gatherv(mine.data(), size, MPI_CHAR, all.data(), sizes.data(), offsets.data(), MPI_CHAR, root, comm);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    texts.push_back(all.substr(static_cast<std::size_t>(offsets[i]), static_cast<std::size_t>(sizes[i])));
  }
  return texts;
}

}  // namespace kroma
