#include "grid/device_messages.hpp"

#include <cstdlib>
#include <string_view>

#include <mpi.h>
#if __has_include(<mpi-ext.h>)
#include <mpi-ext.h>
#endif

#include "core/space.hpp"

namespace kroma::grid {
namespace {

bool is_set(char const* name) {
  char const* const value = std::getenv(name);
  return value != nullptr && std::string_view{value} != "0";
}

bool mpi_says_so() {
#if defined(MPIX_CUDA_AWARE_SUPPORT)
  if (MPIX_Query_cuda_support() != 0) return true;
#endif
  return is_set("MPICH_GPU_SUPPORT_ENABLED");
}

}  // namespace

bool mpi_reads_kernel_memory() {
  if (Kokkos::SpaceAccessibility<Kokkos::HostSpace, Space::memory_space>::accessible) return true;
  if (std::getenv("KROMA_GPU_AWARE_MPI") != nullptr) return is_set("KROMA_GPU_AWARE_MPI");
  return mpi_says_so();
}

}  // namespace kroma::grid
