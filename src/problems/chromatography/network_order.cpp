#include "problems/chromatography/network_order.hpp"

#include <algorithm>

namespace kroma::chromatography {
namespace {

/// Whether `unit` takes from (or, `backwards`, gives to) one of `others`.
bool touches(Connected const& c, std::size_t unit, std::vector<std::size_t> const& others, bool backwards) {
  return std::any_of(others.begin(), others.end(), [&](std::size_t other) {
    return (backwards ? c.from_to(unit, other) : c.from_to(other, unit)) > 0;
  });
}

/// Takes out of `rest`, one after the other, the units that nothing in it touches.
std::vector<std::size_t> peel(Connected const& c, std::vector<std::size_t>& rest, bool backwards) {
  std::vector<std::size_t> peeled;
  for (bool any = true; any;) {
    auto const free =
        std::find_if(rest.begin(), rest.end(), [&](std::size_t u) { return !touches(c, u, rest, backwards); });
    any = free != rest.end();
    if (!any) continue;
    peeled.push_back(*free);
    rest.erase(free);
  }
  return peeled;
}

/// Along the flow from `unit`, those not yet there: depth first, so that most stand behind what feeds them.
void follow(Connected const& c, std::size_t unit, std::vector<std::size_t>& rest, std::vector<std::size_t>& order) {
  auto const found = std::find(rest.begin(), rest.end(), unit);
  if (found == rest.end()) return;
  rest.erase(found);
  order.push_back(unit);
  for (std::size_t next = 0; next < c.inflow.size(); ++next) {
    if (c.from_to(unit, next) > 0) follow(c, next, rest, order);
  }
}

}  // namespace

Order order_of(Connected const& c) {
  std::vector<std::size_t> rest;
  for (std::size_t u = 0; u < c.inflow.size(); ++u) rest.push_back(u);
  Order order;
  order.before = peel(c, rest, false);
  order.after = peel(c, rest, true);
  std::reverse(order.after.begin(), order.after.end());
  while (!rest.empty()) {
    auto const fed =
        std::find_if(rest.begin(), rest.end(), [&](std::size_t u) { return touches(c, u, order.before, false); });
    follow(c, fed == rest.end() ? rest.front() : *fed, rest, order.loop);
  }
  return order;
}

}  // namespace kroma::chromatography
