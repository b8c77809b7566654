#pragma once

#include <array>
#include <optional>
#include <string>

namespace kroma::deck {

inline constexpr std::array<char const*, 7> kBaseUnits{"m", "kg", "s", "A", "K", "mol", "cd"};
/// Exponents of the base units; fractions occur (Pa*m^0.5).
using Dimension = std::array<double, kBaseUnits.size()>;

/// value in SI = value * up / down + offset
struct Unit {
  Dimension dimension{};
  double up = 1, down = 1, offset = 0;
};

/// A unit by its name, with or without a prefix ("mm"); none if it is not known.
std::optional<Unit> known_unit(std::string const& name);
/// "a velocity"; nullptr if the dimension has no name.
char const* name_of(Dimension const& dimension);

}  // namespace kroma::deck
