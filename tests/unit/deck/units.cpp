#include "deck/units.hpp"

#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "error_text.hpp"

namespace {

using kroma::deck::parse_quantity;

// Verifies: each unit of the table, prefixes, products, quotients, powers and parentheses. Expected values are exact
// by definition of the units, and the conversion is one multiplication and one division: equal to the last bit.
TEST(Units, ToSi) {
  std::vector<std::tuple<std::string, std::string, double>> const cases{
      {"25 cm", "m", 0.25},
      {"90 um", "m", 90e-6},
      {"90 \u00B5m", "m", 90e-6},
      {"90 \u03BCm", "m", 90e-6},
      {"5nm", "m", 5e-9},
      {"3 km", "m", 3000},
      {"10 in", "m", 0.254},
      {"1 ft", "m", 0.3048},
      {"1.5 angstrom", "m", 1.5e-10},
      {"1.5 \u00C5", "m", 1.5e-10},
      {"5 min", "s", 300},
      {"2 h", "s", 7200},
      {"1 day", "s", 86400},
      {"1 d", "s", 86400},
      {"3 ms", "s", 0.003},
      {"2 kg", "kg", 2},
      {"2 mg", "kg", 2e-6},
      {"2 ug", "kg", 2e-9},
      {"2 g", "kg", 0.002},
      {"4 mmol", "mol", 0.004},
      {"4 umol", "mol", 4e-6},
      {"4 kmol", "mol", 4000},
      {"300 K", "K", 300},
      {"310 degC", "K", 583.15},
      {"-5 \u00B0C", "K", 268.15},
      {"401 kPa", "Pa", 401e3},
      {"1 MPa", "Pa", 1e6},
      {"2 bar", "Pa", 2e5},
      {"2 mbar", "Pa", 200},
      {"1 atm", "Pa", 101325},
      {"760 Torr", "Pa", 101325},
      {"1 N", "kg*m/s^2", 1},
      {"2 kJ", "J", 2000},
      {"1 cal", "J", 4.184},
      {"1 eV", "J", 1.602176634e-19},
      {"5 W", "J/s", 5},
      {"1 L", "m^3", 1e-3},
      {"1 mL", "m^3", 1e-6},
      {"1 uL", "m^3", 1e-9},
      {"2 M", "mol/m^3", 2000},
      {"2 mM", "mol/m^3", 2},
      {"50 Hz", "1/s", 50},
      {"12 %", "", 0.12},
      {"3 rad", "1", 3},
      {"180 deg", "rad", std::numbers::pi},
      {"2 C", "A*s", 2},
      {"2 V", "J/C", 2},
      {"1 cP", "Pa*s", 1e-3},
      {"1 mL/min", "m^3/s", 1e-6 / 60},
      {"5.75e-8 m^2/s", "m^2/s", 5.75e-8},
      {"579 1/s", "1/s", 579},
      {"8.314 J/(mol*K)", "J/mol/K", 8.314},
      {"1.14 m^3/mol", "m^3/mol", 1.14},
      {"2 s^-1", "1/s", 2},
      {"1 Pa*m^0.5", "Pa*m^0.5", 1},
      {"1 m\u00B2/s", "m^2/s", 1},
      {"0.37", "m", 0.37},
      {"7", "", 7},
  };
  for (auto const& [text, unit, expected] : cases) {
    try {
      EXPECT_DOUBLE_EQ(parse_quantity(text, unit), expected) << text;
    } catch (kroma::Error const& e) {
      ADD_FAILURE() << text << ": " << e.what();
    }
  }
  EXPECT_NEAR(parse_quantity("1 psi", "Pa"), 6894.757293168361, 1e-9);
  EXPECT_NEAR(parse_quantity("1 Da", "kg"), 1.66053906660e-27, 1e-40);
  EXPECT_EQ(parse_quantity("90 um", "m"), 90e-6);  // the nearest double, not 90 * 1e-6
}

// Verifies: numbers are constant expressions, with and without a unit.
TEST(Units, ConstantExpressions) {
  EXPECT_DOUBLE_EQ(parse_quantity("2*pi", ""), 2 * std::numbers::pi);
  EXPECT_DOUBLE_EQ(parse_quantity("1/3", ""), 1.0 / 3);
  EXPECT_DOUBLE_EQ(parse_quantity("1e-9*24*3600", "s"), 1e-9 * 24 * 3600);
  EXPECT_DOUBLE_EQ(parse_quantity("2*pi m", "m"), 2 * std::numbers::pi);
  EXPECT_DOUBLE_EQ(parse_quantity("(1+2) cm", "m"), 0.03);
  EXPECT_DOUBLE_EQ(parse_quantity("1/2 mm", "m"), 0.0005);
  EXPECT_DOUBLE_EQ(parse_quantity("-sqrt(2)^2", ""), -2);
  EXPECT_DOUBLE_EQ(parse_quantity("+3", ""), 3);
  EXPECT_DOUBLE_EQ(parse_quantity("e", ""), std::numbers::e);
}

// Verifies: a wrong dimension is refused, and the message names both.
TEST(Units, WrongDimension) {
  auto const complaint = [](std::string const& text, std::string const& unit) {
    return error_text([&] { parse_quantity(text, unit); });
  };
  EXPECT_EQ(complaint("3 s", "m"), "'3 s' is a time [s], expected a length [m]");
  EXPECT_EQ(complaint("3 m", ""), "'3 m' is a length [m], expected a dimensionless number");
  EXPECT_EQ(complaint("1 m/s", "m^2/s"), "'1 m/s' is a velocity [m*s^-1], expected a diffusivity [m^2*s^-1]");
  EXPECT_EQ(complaint("1 m^7", "m"), "'1 m^7' is a quantity [m^7], expected a length [m]");
  EXPECT_EQ(complaint("5 %", "m"), "'5 %' is a dimensionless number, expected a length [m]");
}

// Verifies: each thing that is no quantity has its message.
TEST(Units, Unreadable) {
  auto const complaint = [](std::string const& text) { return error_text([&] { parse_quantity(text, "m"); }); };
  EXPECT_EQ(complaint("3 parsec"), "cannot read '3 parsec': unknown unit 'parsec'");
  EXPECT_EQ(complaint("3 m2"), "cannot read '3 m2': unknown unit 'm2'; write m^2");
  EXPECT_EQ(complaint("3 kmin"), "cannot read '3 kmin': unknown unit 'kmin'");
  EXPECT_EQ(complaint("3 J/degC"),
            "cannot read '3 J/degC': degC is a point on a scale and stands alone; write K for a "
            "difference of temperatures");
  EXPECT_EQ(complaint("3 m+m"), "cannot read '3 m+m': units are made of names with *, / and ^");
  EXPECT_EQ(complaint("3 kg m"), "cannot read '3 kg m': unexpected 'm'; is a '*' missing?");
  EXPECT_EQ(complaint("3 m^s"), "cannot read '3 m^s': the exponent of a unit is a number");
  EXPECT_EQ(complaint("3 -m"), "cannot read '3 -m': unknown name 'm'; a constant is expected");
  EXPECT_EQ(complaint("2*m"), "cannot read '2*m': unknown name 'm'; a constant is expected");
  EXPECT_EQ(complaint("1/0"), "cannot read '1/0': '1/0' is inf, not a finite number");
  EXPECT_EQ(complaint("9^9^9^9^9"), "cannot read '9^9^9^9^9': '9^9^9^9^9' is inf, not a finite number");
  EXPECT_EQ(complaint("1e999"), "cannot read '1e999': this number is too large or too small for a computer");
  EXPECT_EQ(complaint(""), "cannot read '': an empty text; an expression is expected");
}

// Verifies: quantities of any dimension, as studies take them.
TEST(Units, AnyDimension) {
  auto const speed = parse_quantity("0.2 mm/s");
  EXPECT_DOUBLE_EQ(speed.value, 0.2e-3);
  EXPECT_EQ(speed.dimension, "m*s^-1");
  EXPECT_EQ(parse_quantity("3").dimension, "");
}

}  // namespace
