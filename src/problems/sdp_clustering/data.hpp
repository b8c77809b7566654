#pragma once

#include <string>
#include <vector>

#include "problems/sdp_clustering/options.hpp"
#include "problems/sdp_clustering/points.hpp"

namespace kroma::sdp_clustering {

/// What is clustered, and what is known of it.
struct Data {
  Points points;                         // centred and scaled
  std::vector<std::string> names;        // of the coordinates
  std::vector<double> centre, scale;     // x = (original - centre) / scale
  std::vector<int> truth;                // (local) number of the known label; none if it is not known
  std::vector<std::string> label_names;  // of the known labels
  std::vector<HostMatrix> covariances;   // of the mixture the points were drawn from, in the order of truth
  std::int64_t dropped = 0;              // points left out for missing values
  std::vector<std::string> left_out;     // columns left out because they are constant
};

/// Reads or draws the points, leaves out or refuses what is missing or constant, centres, and scales if asked. The same
/// points on any number of ranks. Throws bad_input: no points, missing values, constant columns, too few distinct
/// points for the largest number of clusters, labels that are neither integers nor texts. Collective.
Data load(MPI_Comm comm, Options const& options);

/// Points and coordinates without reading them all. Throws bad_input. Not collective.
struct DataSize {
  std::int64_t points = 0;
  int dimension = 0;
};
DataSize size_of(DataOptions const& options);

}  // namespace kroma::sdp_clustering
