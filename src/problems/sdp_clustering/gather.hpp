#pragma once

#include "problems/sdp_clustering/dense_sdp.hpp"
#include "problems/sdp_clustering/points.hpp"

namespace kroma::sdp_clustering {

// What rank 0 needs to work densely on all points, and what the others need of its solution.

bool is_first(MPI_Comm comm);
/// All labels on every rank. Collective.
Labels all_labels(Points const& points, Labels mine);
/// The coordinates of points of this rank, (local, d).
HostMatrix coordinates(Points const& points);
/// This rank's rows of a matrix that rank 0 has. Collective.
Matrix share_rows(Points const& points, HostMatrix first);
/// The numbers and the history of a solution of rank 0, on all; not its matrix. Collective.
void share_numbers(MPI_Comm comm, DenseSolution& solution);

}  // namespace kroma::sdp_clustering
