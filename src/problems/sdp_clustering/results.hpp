#pragma once

#include "problems/sdp_clustering/baselines.hpp"
#include "problems/sdp_clustering/data.hpp"
#include "problems/sdp_clustering/outcome.hpp"
#include "problems/sdp_clustering/path.hpp"

namespace kroma::sdp_clustering {

/// Fields, tables and metrics of a run. Collective.
void write_results(Run& run, Data const& data, Output const& output, Outcome const& outcome, Path const& path,
                   std::vector<BaselineResult> const& baselines);

}  // namespace kroma::sdp_clustering
