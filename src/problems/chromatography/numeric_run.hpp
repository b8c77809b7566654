#pragma once

#include <optional>
#include <vector>

#include "problems/chromatography/numeric.hpp"
#include "problems/problem.hpp"

namespace kroma::chromatography {

struct NumericResult {
  Outlet outlet;
  Inside inside;
};

/// The outlet that rank 0 has, for all ranks; its method they know. Collective.
void share_from_root(MPI_Comm comm, Outlet& outlet);

/// Solves a column on rank 0, from a checkpoint if there is one, and hands the result to all ranks; nothing if it was
/// stopped early, after saving a checkpoint. Throws solver_failed on all ranks together. Collective.
std::optional<NumericResult> run_numeric(Run& run, Column const& column, std::vector<double> const& times,
                                         std::vector<double> const& positions, double accuracy,
                                         NumericOptions const& options, std::vector<Direction> const& directions);

}  // namespace kroma::chromatography
