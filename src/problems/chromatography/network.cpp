#include "problems/chromatography/network.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "problems/chromatography/model.hpp"

namespace kroma::chromatography {
namespace {

using deck::Where;

constexpr double kBalance = 1e-9;  // of flow rates: what a deck's decimals may miss

UnitKind kind_of(UnitOptions const& u) {
  if (!u.inlet.empty()) return UnitKind::inlet;
  if (u.cstr) return UnitKind::tank;
  return u.outlet ? UnitKind::outlet : UnitKind::column;
}

/// Fluid that moves / cross-section of the column.
double moving_share(ColumnOptions const& c) {
  if (c.model == ColumnModel::capillary) return 1;
  if (c.model != ColumnModel::lumped_rate) return *c.bed_porosity;
  return c.total_porosity ? *c.total_porosity : *c.bed_porosity + (1 - *c.bed_porosity) * *c.particle_porosity;
}

double cross_section(ColumnOptions const& c) {
  if (c.cross_section) return *c.cross_section;
  return std::numbers::pi * *c.radius * *c.radius;
}

/// With units, keys of a single column say nothing: those that have another value than their default are mistakes.
void check_top(Options const& o, Where const& where, std::vector<std::string> const& changed) {
  static std::set<std::string> const shared{"components", "column",   "dispersion", "binding", "initial",
                                            "units",      "sections", "method",     "accuracy"};
  for (auto const& key : changed) {
    if (shared.contains(key)) continue;
    if (key == "inlet") {
      where.mistake(key, "belongs to a single column; with units, give a unit its inlet");
    } else if (key == "flow") {
      where.mistake(key,
                    "belongs to a single column; with units, velocities follow from the flow rates of connections");
    } else {
      where.mistake(key, "belongs to a single column");
    }
  }
  if (o.sections.empty()) where.mistake("sections", "missing; how the units are connected, section by section");
}

void check_unit(Options const& o, std::string const& name, UnitOptions const& u, Where const& where) {
  int const kinds = (u.inlet.empty() ? 0 : 1) + (u.cstr ? 1 : 0) + (u.outlet ? 1 : 0) + (u.column ? 1 : 0);
  if (kinds > 1)
    return where.mistake("", fmt::format("'{}' has more than one of inlet, cstr, outlet and column", name));
  auto const kind = kind_of(u);
  if (kind != UnitKind::column && (u.binding || !u.dispersion.empty())) {
    where.mistake("", "dispersion and binding belong to columns");
  }
  if (kind == UnitKind::inlet) check_feed(u.inlet, o.components.size(), where);
  if (kind == UnitKind::tank && u.initial) {
    check_initial(*u.initial, o.components.size(), where);
    if (!u.initial->adsorbed.empty()) where.mistake("initial.adsorbed", "belongs to columns");
  }
  if (kind != UnitKind::column) return;
  if (!u.column && !o.column)
    return where.mistake("", fmt::format("'{}' is neither inlet, cstr nor outlet, and no column is given", name));
  auto const before = where.mistakes();
  check_column(column_options(o, u), where);
  if (where.mistakes() != before) return;
  auto const& c = u.column ? *u.column : *o.column;
  if (!c.cross_section && !(c.model == ColumnModel::capillary)) {
    where.mistake("column.cross_section", "missing; velocities follow from it and the flow rates");
  }
}

std::vector<std::string> names_of(Options const& o) {
  std::vector<std::string> names;
  for (auto const& [name, unit] : o.units) names.push_back(name);
  return names;
}

/// Index of a unit; the number of units, after saying so, if there is none.
std::size_t find_unit(Options const& o, std::string const& name, std::string const& key, Where const& where) {
  auto const names = names_of(o);
  auto const i = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  if (i == names.size())
    where.mistake(key, fmt::format("there is no unit '{}'; units: {}", name, fmt::join(names, ", ")));
  return i;
}

void check_connections(Options const& o, std::size_t number, Where const& where) {
  auto const& s = o.sections[number];
  for (std::size_t k = 0; k < s.connections.size(); ++k) {
    auto const& c = s.connections[k];
    auto const key = fmt::format("sections.{}.connections.{}.", number, k);
    auto const from = find_unit(o, c.from, key + "from", where), to = find_unit(o, c.to, key + "to", where);
    if (from == o.units.size() || to == o.units.size()) continue;
    if (kind_of(o.units.at(c.from)) == UnitKind::outlet)
      where.mistake(key + "from", fmt::format("nothing flows out of the outlet '{}'", c.from));
    if (kind_of(o.units.at(c.to)) == UnitKind::inlet)
      where.mistake(key + "to", fmt::format("nothing flows into the inlet '{}'", c.to));
    if (from == to) where.mistake(key + "to", "a unit cannot feed itself");
  }
  for (std::size_t k = 0; k < s.reversed.size(); ++k) {
    auto const key = fmt::format("sections.{}.reversed.{}", number, k);
    if (find_unit(o, s.reversed[k], key, where) == o.units.size()) continue;
    if (kind_of(o.units.at(s.reversed[k])) != UnitKind::column) where.mistake(key, "only columns can be reversed");
  }
}

Connected make_connected(Options const& o, SwitchOptions const& s, double begin) {
  auto const n = o.units.size();
  Connected c{begin,
              s.until,
              std::vector<double>(n * n, 0.0),
              std::vector<double>(n, 0.0),
              std::vector<double>(n, 0.0),
              std::vector<double>(n, 0.0),
              std::vector<unsigned char>(n, 0)};
  auto const names = names_of(o);
  auto const index = [&](std::string const& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  for (auto const& pipe : s.connections) {
    c.flow[index(pipe.from) * n + index(pipe.to)] += pipe.flow;
    c.outflow[index(pipe.from)] += pipe.flow;
    c.inflow[index(pipe.to)] += pipe.flow;
  }
  for (auto const& name : s.reversed) c.reversed[index(name)] = 1;
  return c;
}

std::vector<Connected> make_schedule(Options const& o) {
  std::vector<Connected> schedule;
  for (auto const& s : o.sections) schedule.push_back(make_connected(o, s, schedule.empty() ? 0 : schedule.back().end));
  std::size_t i = 0;
  for (auto const& [name, unit] : o.units) {
    double volume = unit.cstr ? unit.cstr->volume : 0;
    for (auto& c : schedule) {
      c.volume[i] = volume;
      double const change = (c.inflow[i] - c.outflow[i]) * (c.end - c.begin), size = std::max(volume, std::abs(change));
      bool const steady = std::abs(c.inflow[i] - c.outflow[i]) <= kBalance * c.inflow[i];
      if (unit.cstr && !steady) volume = std::abs(volume + change) <= kBalance * size ? 0 : volume + change;
    }
    ++i;
  }
  return schedule;
}

/// Flow rates into a column are those out of it, and no tank runs dry.
void check_balance(Options const& o, Where const& where) {
  auto const schedule = make_schedule(o);
  std::size_t i = 0;
  for (auto const& [name, unit] : o.units) {
    for (std::size_t k = 0; k < schedule.size(); ++k) {
      double const in = schedule[k].inflow[i], out = schedule[k].outflow[i];
      if (kind_of(unit) == UnitKind::column && std::abs(in - out) > kBalance * std::max(in, out)) {
        where.mistake(fmt::format("sections.{}.connections", k),
                      fmt::format("{} m^3/s flow into '{}', but {} m^3/s out of it", in, name, out));
      }
      if (unit.cstr && schedule[k].volume[i] + (in - out) * (schedule[k].end - schedule[k].begin) <
                           -kBalance * out * schedule[k].end) {
        return where.mistake(
            fmt::format("sections.{}.connections", k),
            fmt::format("'{}' runs dry at {:.6g} s: {} m^3 and {} m^3/s in, {} m^3/s out", name,
                        schedule[k].begin + schedule[k].volume[i] / (out - in), schedule[k].volume[i], in, out));
      }
    }
    ++i;
  }
}

Unit make_unit(Options const& o, std::string const& name, UnitOptions const& u) {
  Unit unit{name, kind_of(u), {}, 0, {}, {}, 0};
  auto const n = o.components.size();
  if (unit.kind == UnitKind::inlet) unit.feed = make_sections(u.inlet, n);
  if (unit.kind == UnitKind::tank) {
    unit.volume = u.cstr->volume;
    unit.initial_concentration = per_component(u.initial ? u.initial->concentration : std::vector<double>{}, n);
  }
  if (unit.kind == UnitKind::column) {
    auto const own = column_options(o, u);
    unit.column = make_column(own);
    unit.fluid_section = cross_section(*own.column) * moving_share(*own.column);
  }
  return unit;
}

}  // namespace

Options column_options(Options const& o, UnitOptions const& u) {
  Options own;
  own.components = o.components;
  own.column = u.column ? u.column : o.column;
  own.flow.velocity = 1;
  own.dispersion = u.dispersion.empty() ? o.dispersion : u.dispersion;
  own.binding = u.binding ? *u.binding : o.binding;
  own.initial = u.initial ? *u.initial : o.initial;
  own.inlet = {{o.sections.empty() ? 1.0 : o.sections.back().until, {0}, {}}};
  return own;
}

void check_network(Options const& o, Where const& where, UnitPlaces const& places,
                   std::vector<std::string> const& changed) {
  auto const before = where.mistakes();
  check_top(o, where, changed);
  check_components(o, where);
  double const end = o.sections.empty() ? 0 : o.sections.back().until;
  for (auto const& [name, unit] : o.units) {
    auto const key = "units." + name;
    check_unit(o, name, unit, places.at(&unit));
    for (std::size_t i = 0; i < unit.inlet.size(); ++i) {
      if (unit.inlet[i].temperature)
        where.mistake(fmt::format("{}.inlet.{}.temperature", key, i), "networks are isothermal");
    }
    if (!unit.inlet.empty() && unit.inlet.back().until < end) {
      where.mistake(key + ".inlet",
                    fmt::format("ends at {} s, before the run does at {} s", unit.inlet.back().until, end));
    }
  }
  double begin = 0;
  for (std::size_t k = 0; k < o.sections.size(); ++k) {
    if (!(o.sections[k].until > begin)) {
      where.mistake(
          fmt::format("sections.{}.until", k),
          fmt::format("{} s is not after the section before it, which ends at {} s", o.sections[k].until, begin));
    }
    begin = o.sections[k].until;
    check_connections(o, k, where);
  }
  if (where.mistakes() == before) check_balance(o, where);
}

Network make_network(Options const& o) {
  Network network{o.components, {}, make_schedule(o)};
  for (auto const& [name, unit] : o.units) network.units.push_back(make_unit(o, name, unit));
  return network;
}

std::vector<double> Network::scales() const {
  std::vector<double> largest(count(), 0.0);
  for (std::size_t i = 0; i < count(); ++i) {
    for (auto const& unit : units) {
      for (auto const& s : unit.feed) largest[i] = std::max(largest[i], s.largest(i));
      if (unit.kind == UnitKind::tank) largest[i] = std::max(largest[i], unit.initial_concentration[i]);
      if (unit.kind == UnitKind::column) largest[i] = std::max(largest[i], unit.column.initial_concentration[i]);
    }
    if (largest[i] == 0) largest[i] = 1;
  }
  return largest;
}

std::vector<double> Network::events() const {
  std::vector<double> times{end()};
  for (auto const& s : schedule) times.push_back(s.begin);
  for (auto const& unit : units) {
    for (auto const& s : unit.feed) {
      if (s.begin < end()) times.push_back(s.begin);
    }
  }
  std::sort(times.begin(), times.end());
  double const close = 1e-12 * end();
  times.erase(std::unique(times.begin(), times.end(), [&](double a, double b) { return b - a <= close; }), times.end());
  return times;
}

std::size_t Network::section_at(double time) const {
  std::size_t k = 0;
  while (k + 1 < schedule.size() && schedule[k].end <= time + 1e-12 * end()) ++k;
  return k;
}

std::size_t Network::main_outlet() const {
  std::size_t first = units.size();
  for (std::size_t u = units.size(); u-- > 0;) {
    if (units[u].kind != UnitKind::outlet) continue;
    if (units[u].name == "outlet") return u;
    first = u;
  }
  return first;
}

}  // namespace kroma::chromatography
