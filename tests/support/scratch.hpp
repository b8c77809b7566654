#pragma once

#include <filesystem>
#include <stdlib.h>
#include <string>

#include <mpi.h>

namespace kroma::test {

/// An empty folder that all ranks share, removed at the end of the scope. Collective.
class Scratch {
 public:
  explicit Scratch(MPI_Comm comm = MPI_COMM_WORLD) : comm_{comm} {
    char name[] = "/tmp/kroma-test-XXXXXX";
    if (rank() == 0 && mkdtemp(name) == nullptr) MPI_Abort(comm, 1);
    MPI_Bcast(name, sizeof name, MPI_CHAR, 0, comm);
    path_ = name;
  }
  Scratch(Scratch const&) = delete;
  Scratch& operator=(Scratch const&) = delete;
  ~Scratch() {
    MPI_Barrier(comm_);
    std::error_code ignored;
    if (rank() == 0) std::filesystem::remove_all(path_, ignored);
  }

  std::string file(std::string const& name) const { return path_ + "/" + name; }
  std::string const& path() const { return path_; }

 private:
  int rank() const {
    int rank = 0;
    MPI_Comm_rank(comm_, &rank);
    return rank;
  }
  MPI_Comm comm_;
  std::string path_;
};

}  // namespace kroma::test
