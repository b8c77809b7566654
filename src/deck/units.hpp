#pragma once

#include <string>

namespace kroma::deck {

/// A number with a unit ("25 cm", "1 mL/min", "310 degC", "2*pi m") or a bare number, which is SI already, in SI.
///
/// `si_unit` is what is expected, in base or coherent SI units ("m", "m^2/s", "Pa*s"; "" or "1": no dimension). Numbers
/// are constant expressions. Throws Error (bad_input) for what cannot be read, for a wrong dimension (naming both)
/// and for what is not finite.
double parse_quantity(std::string const& text, std::string const& si_unit);

/// A quantity of any dimension: `value` in SI, `dimension` in base units ("m*s^-1"; "" without).
struct Quantity {
  double value;
  std::string dimension;
};
Quantity parse_quantity(std::string const& text);

/// Whether `text` is a constant number followed by a unit, so that it is no expression.
bool has_unit(std::string const& text);

/// "a length [m]", "a dimensionless number": what messages call the dimension of `unit`.
std::string dimension_in_words(std::string const& unit);

}  // namespace kroma::deck
