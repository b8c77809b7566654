#pragma once

namespace kroma::grid {

/// Whether MPI may be given addresses that kernels use: always where kernels run on the host, otherwise what Open MPI
/// says of itself, or the environment variable by which MPICH is told (MPICH_GPU_SUPPORT_ENABLED). The environment
/// variable KROMA_GPU_AWARE_MPI (0 or 1) wins over both. Not collective; the same on all ranks of a sane job.
bool mpi_reads_kernel_memory();

}  // namespace kroma::grid
