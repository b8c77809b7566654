#include "deck/function.hpp"

#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deck/syntax.hpp"
#include "error_text.hpp"

namespace {

using kroma::deck::Function;

double value(std::string const& text, double x = 0, double y = 0) {
  return Function::expression(text, {"x", "y"})({x, y});
}

std::string complaint(std::string const& text) {
  return error_text([&] { Function::expression(text, {"x", "y"}, {"d.yaml", 3, 10}); });
}

// Verifies: precedence and grouping as in mathematics.
TEST(Function, Precedence) {
  EXPECT_EQ(value("-x^2", 3), -9);
  EXPECT_EQ(value("2^3^2"), 512);
  EXPECT_EQ(value("2^-x^2", 2), 0.0625);
  EXPECT_EQ(value("-2^2"), -4);
  EXPECT_EQ(value("x - y - 1", 5, 2), 2);
  EXPECT_EQ(value("x/y/2", 8, 2), 2);
  EXPECT_EQ(value("2 + 3*x", 4), 14);
  EXPECT_EQ(value("--x", 4), 4);
  EXPECT_EQ(value("1 - -x", 4), 5);
  EXPECT_EQ(value("x < 1 && y > 1 || x == 5", 5, 0), 1);
  EXPECT_EQ(value("x > 0 ? y > 0 ? 1 : 2 : 3", 1, -1), 2);
  EXPECT_EQ(value("x > 0 ? 1 : y > 0 ? 2 : 3", -1, 1), 2);
  EXPECT_EQ(value("!x == 1", 0), 1);
  EXPECT_EQ(value("x <= 1", 1) + value("x >= 1", 1) + value("x != 1", 1), 2);
}

// Verifies: every function of the grammar against the standard library.
TEST(Function, KnownFunctions) {
  double const x = 0.3;
  EXPECT_EQ(value("sin(x)", x), std::sin(x));
  EXPECT_EQ(value("cos(x)", x), std::cos(x));
  EXPECT_EQ(value("tan(x)", x), std::tan(x));
  EXPECT_EQ(value("asin(x)", x), std::asin(x));
  EXPECT_EQ(value("acos(x)", x), std::acos(x));
  EXPECT_EQ(value("atan(x)", x), std::atan(x));
  EXPECT_EQ(value("sinh(x)", x), std::sinh(x));
  EXPECT_EQ(value("cosh(x)", x), std::cosh(x));
  EXPECT_EQ(value("tanh(x)", x), std::tanh(x));
  EXPECT_EQ(value("exp(x)", x), std::exp(x));
  EXPECT_EQ(value("log(x)", x), std::log(x));
  EXPECT_EQ(value("sqrt(x)", x), std::sqrt(x));
  EXPECT_EQ(value("abs(-x)", x), x);
  EXPECT_EQ(value("erf(x)", x), std::erf(x));
  EXPECT_EQ(value("heaviside(x) + heaviside(-x)/4 + heaviside(0)", x), 1.5);
  EXPECT_EQ(value("min(x, 1, -2)", x), -2);
  EXPECT_EQ(value("max(x, 1, -2)", x), 1);
  EXPECT_EQ(value("pi + e"), std::numbers::pi + std::numbers::e);
  EXPECT_TRUE(std::isnan(value("min(x, sqrt(y))", 1, -1)));
  EXPECT_TRUE(std::isnan(value("max(sqrt(y), x)", 1, -1)));
  EXPECT_TRUE(std::isinf(value("1/x", 0)));
}

// Verifies: numbers keep every digit, and printing a tree gives a text that reads back to the same values.
TEST(Function, PrintingReadsBack) {
  std::vector<std::string> const names{"x", "y"};
  for (std::string const text : {"-x^2",
                                 "(-x)^2",
                                 "(x^2)^3",
                                 "x^2^3",
                                 "x - (y - 1)",
                                 "x/(y/2)",
                                 "x/y/2",
                                 "-(x + y)",
                                 "2^-x",
                                 "(-2.5)^2",
                                 "x*-3",
                                 "(x < y ? 1 : 2)*3",
                                 "x < y ? x > 1 ? 1 : 2 : 3",
                                 "(x > 1 ? y : x) > 1 ? 5 : 6",
                                 "(x < y) == (y < 1)",
                                 "!(x && y)",
                                 "!x || y && x",
                                 "-(-x)",
                                 "0.1 + 1e-300*x + 123456789.123456789",
                                 "min(x, max(y, 2))",
                                 "(x+y)*(x-y)",
                                 "-(x*y)",
                                 "(-x)*y",
                                 "1 - (x + y)",
                                 "x^(y+1)"}) {
    auto const term = kroma::deck::syntax::parse(text, names);
    auto const printed = print(*term, names);
    for (auto const& [x, y] : {std::pair{1.7, 0.3}, {0.0, 2.0}, {2.5, 3.5}}) {
      EXPECT_EQ(value(printed, x, y), value(text, x, y)) << text << " became " << printed;
    }
    EXPECT_EQ(print(*kroma::deck::syntax::parse(printed, names), names), printed);
  }
}

/// A random expression together with its value, worked out without the code under test.
std::pair<std::string, double> random_expression(std::mt19937& random, int depth, double x, double y) {
  auto const pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  if (depth == 0) {
    switch (pick(3)) {
      case 0:
        return {"x", x};
      case 1:
        return {"y", y};
      default:
        return {"0.7", 0.7};
    }
  }
  auto const [a, va] = random_expression(random, depth - 1, x, y);
  auto const [b, vb] = random_expression(random, depth - 1, x, y);
  switch (pick(9)) {
    case 0:
      return {"(" + a + "+" + b + ")", va + vb};
    case 1:
      return {"(" + a + "-" + b + ")", va - vb};
    case 2:
      return {a + "*" + b, va * vb};
    case 3:
      return {"(" + a + ")/(" + b + ")", va / vb};
    case 4:
      return {"(-(" + a + "))", -va};
    case 5:
      return {"sin(" + a + ")", std::sin(va)};
    case 6:
      return {"(" + a + " < " + b + " ? " + a + " : " + b + ")", va < vb ? va : vb};
    case 7:
      return {"abs(" + a + ")", std::abs(va)};
    default:
      return {"(" + a + ")^2", va * va};
  }
}

// Verifies: what is computed is what is written, for a few hundred random expressions, however long they get.
// muParser rearranges products and powers, hence rounding: 1e-9 relative is far above it.
TEST(Function, RandomExpressions) {
  std::mt19937 random{1};
  int compared = 0;
  for (int i = 0; i < 300; ++i) {
    double const x = 0.9, y = -1.3;
    auto const [text, expected] = random_expression(random, 1 + i % 7, x, y);
    if (!std::isfinite(expected) || std::abs(expected) > 1e6 || text.size() > 19'000) continue;
    ++compared;
    EXPECT_NEAR(value(text, x, y), expected, 1e-9 * (1 + std::abs(expected))) << text;
  }
  EXPECT_GT(compared, 200);
}

// Verifies: each mistake has a message, at its column (the text begins at column 10).
TEST(Function, Mistakes) {
  EXPECT_EQ(complaint("2*q"), "d.yaml:3:12: unknown name 'q'; known here: x, y");
  EXPECT_EQ(complaint("2x"), "d.yaml:3:11: unexpected 'x'; is a '*' missing?");
  EXPECT_EQ(complaint("x**2"), "d.yaml:3:11: unexpected '**'; powers are written ^");
  EXPECT_EQ(complaint("x = 2"), "d.yaml:3:12: unexpected '='; equality is written ==");
  EXPECT_EQ(complaint("x +"), "d.yaml:3:13: ends too early: something is missing");
  EXPECT_EQ(complaint("(x"), "d.yaml:3:12: ends too early: ')' is missing");
  EXPECT_EQ(complaint("x)"), "d.yaml:3:11: unexpected ')'");
  EXPECT_EQ(complaint("x + \u00B5"), "d.yaml:3:14: unexpected '\u00B5'");
  EXPECT_EQ(complaint(" "), "d.yaml:3:10: an empty text; an expression is expected");
  EXPECT_EQ(complaint("sin x"), "d.yaml:3:10: 'sin' is a function: write sin(...)");
  EXPECT_EQ(complaint("x(2)"), "d.yaml:3:10: 'x' is no function; is a '*' missing?");
  EXPECT_EQ(complaint("ln(x)"), "d.yaml:3:10: unknown function 'ln'; write log, the natural logarithm");
  EXPECT_EQ(
      complaint("system(x)"),
      "d.yaml:3:10: unknown function 'system'; known are: sin cos tan asin acos atan sinh cosh tanh exp log sqrt abs "
      "erf heaviside min max");
  EXPECT_EQ(complaint("sin(x, y)"), "d.yaml:3:10: sin takes one operand, got 2");
  EXPECT_EQ(complaint("min(x)"), "d.yaml:3:10: min takes two operands or more");
  EXPECT_EQ(complaint("0 < x < 1"), "d.yaml:3:16: comparisons do not chain; write a < b && b < c");
  EXPECT_EQ(complaint("x ? 1"), "d.yaml:3:15: ends too early: ':' is missing");
  EXPECT_EQ(complaint("1/0"), "d.yaml:3:10: is inf, not a finite number");
  EXPECT_EQ(complaint("9^9^9^9^9"), "d.yaml:3:10: is inf, not a finite number");
  EXPECT_EQ(complaint("1e400*x"), "d.yaml:3:10: this number is too large or too small for a computer");
  EXPECT_EQ(error_text([] { Function::expression("2*q", {}); }),
            "unknown name 'q'; a constant is expected (column 3 of '2*q')");
  for (std::string const foreign : {"rint(x)", "sum(x, y)", "avg(x, y)", "_pi", "x += 1", "\"a\"", "x; y", "sign(x)"}) {
    EXPECT_NE(complaint(foreign), "") << foreign << " is no part of the grammar";
  }
}

// Verifies: hostile texts are refused at once, and long but honest ones work.
TEST(Function, Limits) {
  auto const repeated = [](std::string const& part, int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += part;
    return text;
  };
  EXPECT_NE(complaint(repeated("(", 9000) + "x").find("nested more than 200 levels deep"), std::string::npos);
  EXPECT_NE(complaint(repeated("-", 9000) + "x").find("nested more than 200 levels deep"), std::string::npos);
  EXPECT_NE(complaint(repeated("x^", 9000) + "x").find("nested more than 200 levels deep"), std::string::npos);
  EXPECT_NE(complaint(repeated("x?x:", 4000) + "x").find("nested more than 200 levels deep"), std::string::npos);
  EXPECT_NE(complaint(repeated("sin(", 4000)).find("nested more than 200 levels deep"), std::string::npos);
  EXPECT_NE(complaint(repeated("x+", 5000) + "x").find("too long a chain: more than 1000 operations"),
            std::string::npos);
  EXPECT_NE(complaint("min(" + repeated("x,", 5000) + "x)").find("too long a chain"), std::string::npos);
  EXPECT_EQ(complaint(std::string(20'001, 'x')), "d.yaml:3:10: longer than 20000 characters");
  EXPECT_EQ(value(repeated("x+", 900) + "x", 2), 1802);
  EXPECT_EQ(value(repeated("(", 190) + "x" + repeated(")", 190), 2), 2);
}

// Verifies: constants, names, texts and copies.
TEST(Function, ValueType) {
  auto const f = Function::expression("x + 2*z", {"x", "y", "z"}, {"d.yaml", 1, 2});
  auto const copy = f;
  EXPECT_EQ(copy({1, 5, 3}), 7);
  EXPECT_EQ(copy.text(), "x + 2*z");
  EXPECT_EQ(to_string(copy.mark()), "d.yaml:1:2");
  EXPECT_TRUE(f.uses("x"));
  EXPECT_FALSE(f.uses("y"));
  EXPECT_FALSE(f.uses("t"));
  EXPECT_FALSE(f.is_constant());
  EXPECT_TRUE(Function::expression("2*pi", {"x"}).is_constant());
  EXPECT_EQ(Function{}({1.0}), 0);
  EXPECT_EQ(Function::constant(0.1).text(), "0.1");
  std::vector<double> const points{1, 0, 1, 2, 0, 1, 3, 0, 1};
  std::vector<double> values(3);
  f.evaluate(points, values);
  EXPECT_EQ(values, (std::vector<double>{3, 4, 5}));
  Function::constant(4).evaluate({}, values);
  EXPECT_EQ(values, (std::vector<double>{4, 4, 4}));
  EXPECT_THROW(f({1.0}), kroma::Error);
}

}  // namespace
