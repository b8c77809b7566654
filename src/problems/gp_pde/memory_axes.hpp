#pragma once

#include <vector>

#include "problems/gp_pde/memory.hpp"

namespace kroma::gp_pde {

/// Numbers (of 8 bytes) in the dense matrices of one axis: the same on all ranks.
struct AxisMemory {
  double kept = 0;            // AxisBasis, on the host
  double making = 0;          // at the peak of its making, what is kept included
  double operators = 0;       // factors of the grid's and the core's operators, where kernels run
  double preconditioner = 0;  // Schur forms
  double forming = 0;         // what a Schur form takes for a moment
  double windows = 0;         // cosines and sines that look for the source's frequencies
};
AxisMemory axis_memory(MemoryQuestion const& question, Method const& method, std::size_t axis);

/// Numbers at the peak on the fullest rank while bases are made, axis d on rank d modulo the number of ranks.
double making_bases(std::vector<AxisMemory> const& axes, int ranks);

/// Numbers that learning a covariance takes on rank 0.
double learning_memory(MemoryQuestion const& question);

}  // namespace kroma::gp_pde
