#pragma once

#include <vector>

#include "problems/chromatography/network.hpp"

namespace kroma::chromatography {

/// Units in an order in which each stands behind those that feed it, as far as there is one.
struct Order {
  std::vector<std::size_t> before;  // of any loop
  std::vector<std::size_t> loop;    // units that feed themselves by way of others, and what lies between such loops
  std::vector<std::size_t> after;
};

Order order_of(Connected const& connected);

}  // namespace kroma::chromatography
