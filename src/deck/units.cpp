#include "deck/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/program.hpp"
#include "deck/syntax.hpp"
#include "deck/unit_table.hpp"

namespace kroma::deck {
namespace {

using syntax::Op;
using syntax::Term;

std::string print(Dimension const& dimension) {
  std::string text;
  for (std::size_t i = 0; i < dimension.size(); ++i) {
    if (dimension[i] == 0) continue;
    text += (text.empty() ? "" : "*") + std::string{kBaseUnits[i]};
    if (dimension[i] != 1) text += "^" + syntax::print_number(dimension[i]);
  }
  return text;
}

std::string in_words(Dimension const& dimension) {
  auto const unit = print(dimension);
  if (unit.empty()) return "a dimensionless number";
  auto const* const name = name_of(dimension);
  return fmt::format("{} [{}]", name == nullptr ? "a quantity" : name, unit);
}

Unit find_unit(std::string const& name) {
  if (auto const unit = known_unit(name)) return *unit;
  auto const digits = name.find_first_of("0123456789");
  if (digits != std::string::npos && digits > 0 && known_unit(name.substr(0, digits))) {
    throw bad_input(fmt::format("unknown unit '{}'; write {}^{}", name, name.substr(0, digits), name.substr(digits)));
  }
  throw bad_input(fmt::format("unknown unit '{}'", name));
}

/// A product of units: value in SI = value * up / down + offset. Two factors, because 1e-6 is no double but 1e6 is.
Unit evaluate(Term const& term, std::vector<std::string> const& names) {
  auto const operand = [&](std::size_t i) { return evaluate(*term.operands[i], names); };
  auto const combine = [](Unit a, Unit const& b, double power) {
    if (a.offset != 0 || b.offset != 0) {
      throw bad_input("degC is a point on a scale and stands alone; write K for a difference of temperatures");
    }
    bool const upright = power > 0;
    double const n = std::abs(power);
    a.up *= std::pow(upright ? b.up : b.down, n);
    a.down *= std::pow(upright ? b.down : b.up, n);
    for (std::size_t i = 0; i < a.dimension.size(); ++i) a.dimension[i] += power * b.dimension[i];
    return a;
  };
  switch (term.op) {
    case Op::argument:
      return find_unit(names[static_cast<std::size_t>(term.index)]);
    case Op::multiply:
      return combine(operand(0), operand(1), 1);
    case Op::divide:
      return combine(operand(0), operand(1), -1);
    case Op::power:
      if (!syntax::is_constant(*term.operands[1])) throw bad_input("the exponent of a unit is a number");
      return combine(Unit{}, operand(0), evaluate_constant(*term.operands[1]));
    default:
      if (!syntax::is_constant(term)) throw bad_input("units have no sign");
      return Unit{{}, evaluate_constant(term), 1, 0};
  }
}

/// Spellings beyond ASCII, and those that are no names.
std::string in_ascii(std::string text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kSpellings{{{"\u00B0C", "degC"},
                                                                                      {"\u00B0", "deg"},
                                                                                      {"\u00B5", "u"},
                                                                                      {"\u03BC", "u"},
                                                                                      {"\u00C5", "angstrom"},
                                                                                      {"\u03A9", "ohm"},
                                                                                      {"\u00B7", "*"},
                                                                                      {"\u00B2", "^2"},
                                                                                      {"\u00B3", "^3"},
                                                                                      {"\u207B\u00B9", "^-1"},
                                                                                      {"%", "percent"}}};
  for (auto const& [from, to] : kSpellings) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

Unit parse_unit(std::string const& text) {
  std::vector<std::string> names;
  auto const term = syntax::parse_product(in_ascii(text), names);
  auto unit = evaluate(*term, names);
  if (!std::isfinite(unit.up) || !std::isfinite(unit.down)) throw bad_input("this unit is out of all proportion");
  return unit;
}

/// The number, and its unit if it has one.
struct Parts {
  double value;
  std::optional<Unit> unit;
};

Parts split(std::string const& text) {
  double plain = 0;
  auto const* const last = text.data() + text.size();
  auto const [stop, error] = std::from_chars(text.data(), last, plain);
  if (error == std::errc{} && stop == last && std::isfinite(plain)) return {plain, {}};  // nearly all numbers
  try {
    auto const [term, end] = syntax::parse_constant_prefix(text);
    double const value = evaluate_constant(*term);
    if (!std::isfinite(value)) throw bad_input(fmt::format("'{}' is {}, not a finite number", text, value));
    auto const rest = text.find_first_not_of(' ', end);
    if (rest == std::string::npos) return {value, {}};
    return {value, parse_unit(text.substr(rest))};
  } catch (syntax::SyntaxError const& e) {
    throw bad_input(fmt::format("cannot read '{}': {}", text.substr(0, 80), e.text));
  } catch (Error const& e) {
    throw bad_input(fmt::format("cannot read '{}': {}", text.substr(0, 80), e.what()));
  }
}

double to_si(Parts const& parts) { return parts.value * parts.unit->up / parts.unit->down + parts.unit->offset; }

Dimension expected_dimension(std::string const& si_unit) {
  if (si_unit.empty() || si_unit == "1") return {};
  auto const unit = parse_unit(si_unit);
  require(unit.offset == 0 && std::abs(unit.up / unit.down - 1) < 1e-12,
          "the unit of a deck key is a coherent SI unit");
  return unit.dimension;
}

bool same(Dimension const& a, Dimension const& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::abs(a[i] - b[i]) > 1e-9) return false;
  }
  return true;
}

}  // namespace

double parse_quantity(std::string const& text, std::string const& si_unit) {
  auto const parts = split(text);
  if (!parts.unit) return parts.value;
  auto const expected = expected_dimension(si_unit);
  if (!same(parts.unit->dimension, expected)) {
    throw bad_input(fmt::format("'{}' is {}, expected {}", text, in_words(parts.unit->dimension), in_words(expected)));
  }
  return to_si(parts);
}

Quantity parse_quantity(std::string const& text) {
  auto const parts = split(text);
  return parts.unit ? Quantity{to_si(parts), print(parts.unit->dimension)} : Quantity{parts.value, ""};
}

bool has_unit(std::string const& text) {
  try {
    return split(text).unit.has_value();
  } catch (Error const&) {
    return false;
  }
}

std::string dimension_in_words(std::string const& unit) { return in_words(expected_dimension(unit)); }

}  // namespace kroma::deck
