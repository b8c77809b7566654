#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <mpi.h>

#include "problems/chromatography/pass.hpp"

namespace kroma::chromatography {

/// This rank's columns of an ensemble, [first, first + count), and their outlets.
struct BatchResult {
  std::size_t first = 0, count = 0;
  std::vector<double> outlet;         // (count, times, components), mol/m^3; NaN for a column that failed
  std::vector<std::string> failures;  // (count), why a column failed; empty where it did not
  Effort effort;                      // summed
};

/// Integrates many columns at one resolution, each by one thread of the host's execution space with steps of its own,
/// so that an easy column does not wait for a hard one. Columns are shared out over ranks in blocks; nothing is sent. A
/// column that fails leaves the others alone. Not collective.
BatchResult solve_batch(MPI_Comm comm, std::vector<Column> const& columns, Level const& level,
                        std::vector<double> const& times);

/// Bytes that one thread needs while it integrates a column of this shape.
double bytes_per_column(Column const& column, Level const& level);

}  // namespace kroma::chromatography
