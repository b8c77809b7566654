#pragma once

#include <string>
#include <vector>

namespace kroma {

/// Starts MPI, Kokkos and PETSc, and ends them in reverse. One per process, made in main; nothing else calls
/// init or finalize. `library_options` are words for PETSc and Kokkos (what stands after "--" on the command line).
class Runtime {
 public:
  explicit Runtime(std::vector<std::string> library_options);
  ~Runtime();
  Runtime(Runtime const&) = delete;
  Runtime& operator=(Runtime const&) = delete;
};

}  // namespace kroma
