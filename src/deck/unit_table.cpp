#include "deck/unit_table.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

namespace kroma::deck {
namespace {

struct Row {
  std::string_view name;
  bool takes_prefix;
  Unit unit;
};

constexpr Dimension kNone{};
constexpr Dimension kLength{1}, kMass{0, 1}, kTime{0, 0, 1}, kCurrent{0, 0, 0, 1}, kTemperature{0, 0, 0, 0, 1};
constexpr Dimension kAmount{0, 0, 0, 0, 0, 1}, kLight{0, 0, 0, 0, 0, 0, 1};
constexpr Dimension kVolume{3}, kFrequency{0, 0, -1}, kForce{1, 1, -2}, kPressure{-1, 1, -2}, kEnergy{2, 1, -2};
constexpr Dimension kPower{2, 1, -3}, kCharge{0, 0, 1, 1}, kVoltage{2, 1, -3, -1}, kResistance{2, 1, -3, -2};
constexpr Dimension kCapacitance{-2, -1, 4, 2}, kMagnetic{0, 1, -2, -1}, kConcentration{-3, 0, 0, 0, 0, 1};
constexpr Dimension kViscosity{-1, 1, -1};

constexpr double kCelsius = 273.15;
constexpr double kPi = std::numbers::pi;

/// Exact by definition, except the atomic mass unit (CODATA 2018).
constexpr Row kUnits[] = {
    {"m", true, {kLength}},
    {"g", true, {kMass, 1, 1000}},
    {"s", true, {kTime}},
    {"A", true, {kCurrent}},
    {"K", true, {kTemperature}},
    {"mol", true, {kAmount}},
    {"cd", true, {kLight}},
    {"in", false, {kLength, 254, 10000}},
    {"ft", false, {kLength, 3048, 10000}},
    {"angstrom", false, {kLength, 1, 1e10}},
    {"min", false, {kTime, 60}},
    {"h", false, {kTime, 3600}},
    {"hour", false, {kTime, 3600}},
    {"d", false, {kTime, 86400}},
    {"day", false, {kTime, 86400}},
    {"year", false, {kTime, 31557600}},
    {"t", false, {kMass, 1000}},
    {"lb", false, {kMass, 45359237, 1e8}},
    {"Da", true, {kMass, 1.66053906660, 1e27}},
    {"degC", false, {kTemperature, 1, 1, kCelsius}},
    {"L", true, {kVolume, 1, 1000}},
    {"l", true, {kVolume, 1, 1000}},
    {"M", true, {kConcentration, 1000}},
    {"Hz", true, {kFrequency}},
    {"rpm", false, {kFrequency, 1, 60}},
    {"N", true, {kForce}},
    {"Pa", true, {kPressure}},
    {"bar", true, {kPressure, 1e5}},
    {"atm", false, {kPressure, 101325}},
    {"psi", false, {kPressure, 44482216152605e0, 6451600000}},
    {"mmHg", false, {kPressure, 133322387415e0, 1e9}},
    {"Torr", true, {kPressure, 101325, 760}},
    {"P", true, {kViscosity, 1, 10}},
    {"J", true, {kEnergy}},
    {"cal", true, {kEnergy, 4184, 1000}},
    {"eV", true, {kEnergy, 1.602176634, 1e19}},
    {"Wh", true, {kEnergy, 3600}},
    {"W", true, {kPower}},
    {"C", true, {kCharge}},
    {"V", true, {kVoltage}},
    {"ohm", true, {kResistance}},
    {"F", true, {kCapacitance}},
    {"T", true, {kMagnetic}},
    {"rad", true, {kNone}},
    {"deg", false, {kNone, kPi, 180}},
    {"percent", false, {kNone, 1, 100}},
    {"ppm", false, {kNone, 1, 1e6}},
    {"ppb", false, {kNone, 1, 1e9}},
};

struct Prefix {
  std::string_view name;
  double up, down;
};
constexpr Prefix kPrefixes[] = {{"P", 1e15, 1}, {"T", 1e12, 1}, {"G", 1e9, 1},  {"M", 1e6, 1}, {"k", 1e3, 1},
                                {"h", 1e2, 1},  {"d", 1, 1e1},  {"c", 1, 1e2},  {"m", 1, 1e3}, {"u", 1, 1e6},
                                {"n", 1, 1e9},  {"p", 1, 1e12}, {"f", 1, 1e15}, {"a", 1, 1e18}};

struct Named {
  Dimension dimension;
  char const* name;
};
constexpr Named kNames[] = {{kLength, "a length"},
                            {kMass, "a mass"},
                            {kTime, "a time"},
                            {kCurrent, "a current"},
                            {kTemperature, "a temperature"},
                            {kAmount, "an amount of substance"},
                            {{2}, "an area"},
                            {kVolume, "a volume"},
                            {{1, 0, -1}, "a velocity"},
                            {{1, 0, -2}, "an acceleration"},
                            {{2, 0, -1}, "a diffusivity"},
                            {{3, 0, -1}, "a volume flow"},
                            {kFrequency, "a rate"},
                            {kForce, "a force"},
                            {kPressure, "a pressure"},
                            {kEnergy, "an energy"},
                            {kPower, "a power"},
                            {kViscosity, "a viscosity"},
                            {{-3, 1}, "a density"},
                            {kConcentration, "a concentration"},
                            {{3, 0, 0, 0, 0, -1}, "a molar volume"},
                            {{0, 1, 0, 0, 0, -1}, "a molar mass"},
                            {{2, 1, -2, 0, 0, -1}, "a molar energy"},
                            {kCharge, "a charge"},
                            {kVoltage, "a voltage"}};

Row const* find_row(std::string_view name) {
  auto const* const found =
      std::find_if(std::begin(kUnits), std::end(kUnits), [&](Row const& row) { return row.name == name; });
  return found == std::end(kUnits) ? nullptr : found;
}

}  // namespace

std::optional<Unit> known_unit(std::string const& name) {
  if (auto const* const row = find_row(name)) return row->unit;
  for (auto const& prefix : kPrefixes) {
    if (!name.starts_with(prefix.name)) continue;
    auto const* const row = find_row(std::string_view{name}.substr(prefix.name.size()));
    if (row == nullptr || !row->takes_prefix) continue;
    auto unit = row->unit;
    unit.up *= prefix.up;
    unit.down *= prefix.down;
    return unit;
  }
  return std::nullopt;
}

char const* name_of(Dimension const& dimension) {
  auto const* const found = std::find_if(std::begin(kNames), std::end(kNames), [&](Named const& row) {
    return std::equal(dimension.begin(), dimension.end(), row.dimension.begin(),
                      [](double a, double b) { return std::abs(a - b) < 1e-9; });
  });
  return found == std::end(kNames) ? nullptr : found->name;
}

}  // namespace kroma::deck
