#include "problems/chromatography/network_results.hpp"

#include <cmath>
#include <string>

#include "problems/chromatography/results.hpp"

namespace kroma::chromatography {
namespace {

char const* in_words(UnitKind kind) {
  switch (kind) {
    case UnitKind::inlet:
      return "inlet";
    case UnitKind::tank:
      return "cstr";
    case UnitKind::column:
      return "column";
    default:
      return "outlet";
  }
}

/// Concentrations of one unit: (times, components).
std::vector<double> given_by(Network const& network, Outlet const& outlet, std::size_t u) {
  auto const n = network.count(), row = network.units.size() * n;
  std::vector<double> values;
  for (std::size_t at = u * n; at < outlet.concentration.size(); at += row) {
    auto const from = outlet.concentration.begin() + static_cast<long>(at);
    values.insert(values.end(), from, from + static_cast<long>(n));
  }
  return values;
}

void write_units(Run& run, Network const& network, std::vector<double> const& times, Outlet const& outlet) {
  auto const nt = static_cast<std::int64_t>(times.size());
  std::vector<std::string> name, kind;
  for (std::size_t u = 0; u < network.units.size(); ++u) {
    auto const& unit = network.units[u];
    name.push_back(unit.name);
    kind.emplace_back(in_words(unit.kind));
    auto const given = given_by(network, outlet, u);
    if (!given.empty() && std::isnan(given.back())) continue;  // not known by this method
    run.results.replicated("/series/units/" + unit.name, given,
                           {{"/time", nt}, {"", static_cast<std::int64_t>(network.count())}}, "mol/m^3",
                           "concentration that unit " + unit.name + " gives off");
  }
  run.results.table("/tables/units", {{"name", "1", name}, {"kind", "1", kind}}, "units of the network");
}

void write_volumes(Run& run, Network const& network, std::vector<double> const& times) {
  for (std::size_t u = 0; u < network.units.size(); ++u) {
    if (network.units[u].kind != UnitKind::tank) continue;
    std::vector<double> volume;
    for (double const t : times) {
      auto const& c = network.schedule[network.section_at(t)];
      volume.push_back(c.volume[u] + (c.inflow[u] - c.outflow[u]) * (t - c.begin));
    }
    run.results.replicated("/series/volume/" + network.units[u].name, volume,
                           {{"/time", static_cast<std::int64_t>(times.size())}}, "m^3",
                           "liquid in tank " + network.units[u].name);
  }
}

/// What has flowed into each outlet, and its share of all of the component that did.
void write_amounts(Run& run, Network const& network, std::vector<double> const& collected) {
  std::vector<std::string> unit, component;
  std::vector<double> amount, volume, concentration, recovery;
  auto const n = network.count();
  for (std::size_t u = 0; u < network.units.size(); ++u) {
    if (network.units[u].kind != UnitKind::outlet) continue;
    double flowed = 0;
    for (auto const& c : network.schedule) flowed += c.inflow[u] * (c.end - c.begin);
    for (std::size_t i = 0; i < n; ++i) {
      double all = 0;
      for (std::size_t at = i; at < collected.size(); at += n) all += collected[at];
      unit.push_back(network.units[u].name);
      component.push_back(network.components[i]);
      amount.push_back(collected[u * n + i]);
      volume.push_back(flowed);
      concentration.push_back(flowed > 0 ? amount.back() / flowed : 0);
      recovery.push_back(all > 0 ? amount.back() / all : 0);
    }
  }
  if (unit.empty()) return;
  run.results.table(
      "/tables/amounts",
      {{"outlet", "1", unit},
       {"component", "1", component},
       {"amount", "mol", amount},
       {"volume", "m^3", volume},
       {"concentration", "mol/m^3", concentration},
       {"share", "1", recovery}},
      "what has flowed into each outlet until the end: amount, volume, amount / volume, and share of what "
      "flowed into all outlets");
}

}  // namespace

void write_network(Run& run, Network const& network, Output const& output, std::vector<double> const& times,
                   NetworkResult const& result) {
  Column shown;  // components, and a feed of which no breakthrough is to be made
  shown.components = network.components;
  std::vector<double> const none(network.count(), 0.0);
  shown.sections = {{0, network.end(), none, none}};
  auto outlet = result.outlet;
  auto const main = network.main_outlet();
  if (main < network.units.size()) {
    outlet.concentration = given_by(network, result.outlet, main);
  } else {
    outlet.concentration.assign(times.size() * network.count(), 0.0);
  }
  write_results(run, shown, output, times, outlet);
  write_units(run, network, times, result.outlet);
  write_volumes(run, network, times);
  write_amounts(run, network, result.collected);
}

}  // namespace kroma::chromatography
