#pragma once

#include "problems/sdp_clustering/data.hpp"
#include "problems/sdp_clustering/table.hpp"

namespace kroma::sdp_clustering {

/// Number of clusters of a mixture: of its weights, else of the deck's clusters.
int clusters_of(MixtureOptions const& options, std::vector<int> const& clusters);

/// This rank's rows of a sample of the mixture, the same on any number of ranks; truth, label_names and covariances of
/// `data` are filled in. Points of a cluster follow each other. Not collective.
Table draw_mixture(MPI_Comm comm, MixtureOptions const& options, std::vector<int> const& clusters, Data& data);

}  // namespace kroma::sdp_clustering
