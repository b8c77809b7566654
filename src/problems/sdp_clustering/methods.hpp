#pragma once

#include "problems/sdp_clustering/data.hpp"
#include "problems/sdp_clustering/outcome.hpp"
#include "problems/sdp_clustering/pauses.hpp"

namespace kroma::sdp_clustering {

/// The deck's method for one number of clusters. Throws what Pauses throws. Collective.
Outcome cluster(Run& run, Pauses& pauses, Data const& data, Options const& options, Solver const& solver, int clusters);

}  // namespace kroma::sdp_clustering
