#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "deck/schema.hpp"
#include "problems/chromatography/column.hpp"
#include "problems/chromatography/options.hpp"

namespace kroma::chromatography {

enum class UnitKind { inlet, tank, column, outlet };

/// A unit of a network. What its kind does not have is empty or 0.
struct Unit {
  std::string name;
  UnitKind kind = UnitKind::outlet;
  std::vector<Section> feed;                  // inlet
  double volume = 0;                          // tank, at the start, m^3
  std::vector<double> initial_concentration;  // tank, mol/m^3
  Column column;                              // its velocity is that of the schedule
  double fluid_section = 0;                   // column: cross-section of its moving fluid, m^2

  bool resolves() const { return kind == UnitKind::tank || kind == UnitKind::column; }
};

/// How the units are connected from `begin` to `end`.
struct Connected {
  double begin = 0, end = 0;            // s
  std::vector<double> flow;             // (from, to), m^3/s
  std::vector<double> inflow;           // (unit)
  std::vector<double> outflow;          // (unit)
  std::vector<double> volume;           // (unit) of tanks, at the begin, m^3
  std::vector<unsigned char> reversed;  // (unit) columns that flow from their outlet to their inlet

  double from_to(std::size_t from, std::size_t to) const { return flow[from * inflow.size() + to]; }
};

/// Columns, tanks, inlets and outlets, connected by a schedule of flow rates; validated, in SI.
struct Network {
  std::vector<std::string> components;
  std::vector<Unit> units;
  std::vector<Connected> schedule;  // in order, without gaps, from 0

  std::size_t count() const { return components.size(); }
  double end() const { return schedule.back().end; }
  /// Largest concentration of each component that enters or that a unit begins with (1 where there is none): the scale
  /// of errors.
  std::vector<double> scales() const;
  /// Begin of every section of the schedule and of the inlets, and the end: where all units restart.
  std::vector<double> events() const;
  /// Index of the section of the schedule that holds from `time` on.
  std::size_t section_at(double time) const;
  /// The outlet whose concentration is /series/outlet: the one named `outlet`, or the first; units.size() if there is
  /// none.
  std::size_t main_outlet() const;
};

/// Where the units of a deck stand.
using UnitPlaces = std::map<UnitOptions const*, deck::Where>;

/// Rules of a deck with units, after which make_network() succeeds: kinds, names, balanced flows, tanks that do not run
/// dry, and the rules of each column. `changed`: the keys that do not have
/// their defaults.
void check_network(Options const& options, deck::Where const& where, UnitPlaces const& places,
                   std::vector<std::string> const& changed);

/// The network that checked options describe.
Network make_network(Options const& options);

/// The deck's columns as decks of their own, with what units share filled in; velocity and inlet stand for any.
Options column_options(Options const& options, UnitOptions const& unit);

}  // namespace kroma::chromatography
