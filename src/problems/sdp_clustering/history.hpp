#pragma once

#include <vector>

#include "core/packed.hpp"
#include "problems/sdp_clustering/outcome.hpp"

namespace kroma::sdp_clustering {

/// A solver's history as a list of numbers, for checkpoints.
inline void pack_history(std::vector<double>& to, std::vector<Step> const& history) {
  std::vector<double> list;
  for (auto const& step : history) {
    list.insert(list.end(), {static_cast<double>(step.iteration), step.objective, step.bound, step.residual});
  }
  pack(to, list);
}

inline std::vector<Step> unpack_history(double const*& from) {
  auto const list = unpack(from);
  std::vector<Step> history;
  for (std::size_t i = 0; i + 3 < list.size(); i += 4) {
    history.push_back({static_cast<std::int64_t>(list[i]), list[i + 1], list[i + 2], list[i + 3]});
  }
  return history;
}

}  // namespace kroma::sdp_clustering
