#pragma once

#include "problems/sdp_clustering/data.hpp"
#include "problems/sdp_clustering/outcome.hpp"

namespace kroma::sdp_clustering {

/// `count` different row numbers below `of`, ascending, drawn with equal chances. The same on every rank.
std::vector<std::int64_t> draw_rows(std::int64_t of, std::int64_t count, std::uint64_t seed);

/// Sketch and lift (Zhuang, Chen and Yang 2022): the relaxation of a sample, its means carried over to all points, then
/// Lloyd and single moves unless polish is none. With `corrected`, the squared distance to the mean of a sampled
/// cluster is lowered by that mean's own variance, trace / size: without it small clusters repel points. Collective.
Outcome by_sketch(Points const& points, int clusters, Options const& options, Solver const& solver);

}  // namespace kroma::sdp_clustering
