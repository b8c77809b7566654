#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <mpi.h>

#include "problems/sdp_clustering/options.hpp"

namespace kroma::sdp_clustering {

/// This rank's rows of a file of points, as they stand there.
struct Table {
  std::vector<std::string> names;   // of the columns
  std::vector<double> values;       // (rows, columns); NaN where missing
  std::vector<std::string> labels;  // (rows), or none

  std::size_t rows() const { return names.empty() ? 0 : values.size() / names.size(); }
};

/// Reads a text or HDF5 file, every rank a part of its rows, in the order of the ranks. Throws bad_input: a file that
/// cannot be read, a column or label that is not there, a field that is no number (FILE:LINE). Collective.
Table read_table(MPI_Comm comm, DataOptions const& options);

/// Rows and columns of the file, without reading it: rows of large text files are estimated. Throws bad_input. Not
/// collective.
struct TableSize {
  std::int64_t rows = 0;
  int columns = 0;
};
TableSize size_of_table(DataOptions const& options);

}  // namespace kroma::sdp_clustering
