#pragma once

#include "problems/sdp_clustering/data.hpp"
#include "problems/sdp_clustering/outcome.hpp"

namespace kroma::sdp_clustering {

/// The deck's method for one number of clusters. Collective.
Outcome cluster(Run& run, Data const& data, Options const& options, Solver const& solver, int clusters);

}  // namespace kroma::sdp_clustering
