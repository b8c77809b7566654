#include <vector>

#include <gtest/gtest.h>

#include "problems/chromatography/network_numeric.hpp"
#include "problems/chromatography/network_order.hpp"

namespace kroma::chromatography {
namespace {

/// A column and a pump that feed each other after an injection; at the end the column is reversed and let out, while
/// the pump's tank fills.
Options recycling() {
  Options o;
  o.components = {"a", "b"};
  ColumnOptions c;
  c.model = ColumnModel::lumped_rate;
  c.length = 0.2;
  c.cross_section = 1e-4;
  c.total_porosity = 0.6;
  o.column = c;
  o.dispersion = {1e-6};
  o.binding.law = Law::langmuir;
  o.binding.capacity = {10};
  o.binding.affinity = {0.05, 0.1};
  o.binding.desorption_rate = {1};
  o.units["feed"].inlet = {{20, {1, 1}, {}}, {600, {0}, {}}};
  o.units["column"];
  o.units["pump"].cstr = TankOptions{1e-6};
  o.units["outlet"].outlet = true;
  o.sections = {{50, {{"feed", "column", 1e-7}, {"column", "outlet", 1e-7}}, {}},
                {300, {{"column", "pump", 1e-7}, {"pump", "column", 1e-7}}, {}},
                {400, {{"feed", "pump", 2e-8}}, {}},
                {600, {{"feed", "column", 1e-7}, {"column", "outlet", 1e-7}}, {"column"}}};
  return o;
}

std::vector<double> every(double step, double end) {
  std::vector<double> times;
  for (double t = 0; t <= end; t += step) times.push_back(t);
  return times;
}

// Verifies: stopped after any step, saved and taken up by another object, a network gives the bits of one that was not
// stopped: in loops, after switches, at rest, reversed.
TEST(Network, GoesOnBitForBit) {
  auto const network = make_network(recycling());
  auto const times = every(10, 600);
  NetworkSolver whole{network, times, 1e-3, {}};
  ASSERT_TRUE(whole.run([] { return false; }));
  EXPECT_LT(whole.outlet().mass_balance_error, 1e-10);
  EXPECT_GT(whole.collected()[network.main_outlet() * 2], 0);
  std::vector<double> state;
  int parts = 0;
  for (bool done = false; !done; ++parts) {
    NetworkSolver part{network, times, 1e-3, {}};
    if (!state.empty()) part.load(state);
    int steps = 0;
    done = part.run([&] { return ++steps == 13; });
    state = part.save();
    if (!done) continue;
    EXPECT_EQ(part.outlet().concentration, whole.outlet().concentration);
    EXPECT_EQ(part.collected(), whole.collected());
    EXPECT_EQ(part.outlet().steps, whole.outlet().steps);
  }
  EXPECT_GT(parts, 10);
}

// Verifies: units come in the order of the flow; those of a loop, and those behind it, are told apart.
TEST(Network, OrderOfTheFlow) {
  auto o = recycling();
  auto const n = make_network(o);
  auto const name = [&](std::vector<std::size_t> const& list) {
    std::string text;
    for (auto const u : list) text += n.units[u].name + " ";
    return text;
  };
  auto const line = order_of(n.schedule[0]), loop = order_of(n.schedule[1]);
  EXPECT_EQ(name(line.before), "feed column outlet pump ");
  EXPECT_TRUE(line.loop.empty() && line.after.empty());
  EXPECT_EQ(name(loop.loop), "column pump ");
}

}  // namespace
}  // namespace kroma::chromatography
