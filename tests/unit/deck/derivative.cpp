#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deck/function.hpp"
#include "error_text.hpp"

namespace {

using kroma::deck::Function;

Function f(std::string const& text) { return Function::expression(text, {"x", "y"}); }

std::string complaint(std::string const& text, std::vector<int> const& orders) {
  return error_text([&] { f(text).derivative(orders); });
}

// Verifies: first derivatives of every smooth part of the grammar against central differences; their error at
// h = 1e-5 is about h^2 f''' + 1e-16/h, some 1e-9 for functions of order one.
TEST(Derivative, AgreesWithDifferences) {
  double const h = 1e-5;
  for (std::string const text : {"sin(2*x)",
                                 "cos(x*y)",
                                 "tan(x/2)",
                                 "asin(x/2)",
                                 "acos(x/2)",
                                 "atan(3*x)",
                                 "sinh(x)",
                                 "cosh(x)",
                                 "tanh(x*y)",
                                 "exp(-x^2)",
                                 "log(1+x^2)",
                                 "sqrt(x+y)",
                                 "erf(2*x+y)",
                                 "x^3",
                                 "x^0.3",
                                 "2^x",
                                 "x^y",
                                 "(x+y)^(x*y)",
                                 "-x^2",
                                 "2^-x^2",
                                 "x^2^x",
                                 "1/x",
                                 "x/y/x^3",
                                 "1/(1+x)^2",
                                 "exp(exp(x/2))",
                                 "erf(exp(x))*sin(x)",
                                 "sqrt(sqrt(x))",
                                 "x > 0.5 ? x^2 : x^3",
                                 "sin(x > 0.5 ? x^2 : x^3)",
                                 "abs(x - 2)",
                                 "exp(-abs(x))",
                                 "min(x^2, y)",
                                 "max(x^2, y)",
                                 "max(sin(x), cos(x), y/9)*x",
                                 "x < 0.2 && y > 0 ? 1 : x*y",
                                 "1e-13*exp(3*x)",
                                 "123456789*x^2",
                                 "heaviside(y)*x"}) {
    for (double const x : {0.37, 0.83}) {
      double const y = 0.71;
      double const expected = (f(text)({x + h, y}) - f(text)({x - h, y})) / (2 * h);
      auto const d = f(text).derivative({1, 0});
      EXPECT_NEAR(d({x, y}), expected, 1e-7 * (std::abs(expected) + 1e-13) + 2e-9 * std::abs(f(text)({x, y})))
          << text << " became " << d.text();
      EXPECT_NEAR(Function::expression(d.text(), {"x", "y"})({x, y}), d({x, y}), 1e-14 * std::abs(d({x, y})))
          << d.text();
    }
  }
}

// Verifies: what unary minus and powers mean survives the way through the symbolic form, to the last digits.
TEST(Derivative, MinusAndPowers) {
  EXPECT_EQ(f("-x^2").derivative({1, 0})({3, 0}), -6);
  EXPECT_EQ(f("-x^2").derivative({2, 0})({3, 0}), -2);
  EXPECT_EQ(f("2^3^2*x").derivative({1, 0})({1, 0}), 512);
  EXPECT_NEAR(f("x^2^3").derivative({1, 0})({1.1, 0}), 8 * std::pow(1.1, 7), 1e-14);
  EXPECT_EQ(f("(-x)^3").derivative({1, 0})({2, 0}), -12);
  EXPECT_EQ(f("0.1*x + y").derivative({1, 0})({5, 5}), 0.1);
  EXPECT_EQ(f("1.2345678901234567e-7*x").derivative({1, 0})({0, 0}), 1.2345678901234567e-7);
}

// Verifies: mixed and higher orders, and derivatives of derivatives, of known cases.
TEST(Derivative, Orders) {
  auto const u = f("sin(6*x)*cos(100*y)");
  double const x = 0.3, y = 0.7;
  EXPECT_NEAR(u.derivative({2, 0})({x, y}), -36 * u({x, y}), 1e-12);
  EXPECT_NEAR(u.derivative({4, 4})({x, y}), 1296e8 * u({x, y}), 1296e8 * 1e-13);
  EXPECT_NEAR(u.derivative({1, 0}).derivative({0, 1})({x, y}), -600 * std::cos(6 * x) * std::sin(100 * y), 1e-10);
  EXPECT_EQ(u.derivative({0, 0}).text(), u.text());
  EXPECT_EQ(f("x^3").derivative({0, 1})({2, 2}), 0);
  EXPECT_TRUE(f("x^3").derivative({3, 0}).is_constant());
  EXPECT_EQ(Function::constant(3).derivative({1})({1.0}), 0);
  EXPECT_NEAR(f("erf(x)").derivative({2, 0})({0.5, 0}), -2 * 0.5 * 2 / std::sqrt(M_PI) * std::exp(-0.25), 1e-15);
  EXPECT_NEAR(f("x > 0 ? x^4 : -x^4").derivative({3, 0})({-0.5, 0}), 12, 1e-13);
  EXPECT_EQ(f("y*abs(x)").derivative({1, 1})({-2, 3}), -1);
}

// Verifies: what has no derivative is refused with what to give instead.
TEST(Derivative, Refusals) {
  EXPECT_EQ(complaint("heaviside(x)", {1, 0}), "cannot be differentiated: heaviside(x) jumps");
  EXPECT_EQ(complaint("y*(x > 1)", {1, 0}), "cannot be differentiated: x > 1 jumps");
  EXPECT_NE(complaint("abs(x)", {2, 0}).find("which have a kink; only its first derivative exists"), std::string::npos);
  EXPECT_NE(complaint("max(x, 0)^2", {2, 0}).find("kink"), std::string::npos);
  try {
    f("heaviside(x)").derivative({1, 0});
  } catch (kroma::Error const& e) {
    EXPECT_EQ(e.advice(), "Give a smooth function instead, e.g. 0.5*(1 + tanh(x/width)) for heaviside(x).");
  }
  EXPECT_EQ(complaint("x^20", {13, 0}), "cannot be differentiated: more than 12 derivatives are asked for");
  EXPECT_NE(complaint("1e308*x^1000", {2, 0}).find("not a finite real number"), std::string::npos);
  EXPECT_NE(complaint("x + y*9^9^9^9", {1, 0}).find("a constant in it is not finite"), std::string::npos);
  EXPECT_THROW(f("x").derivative({1}), kroma::Error);
}

// Verifies: no expression that fits into a deck makes differentiation hang; each ends in a result or a message.
TEST(Derivative, HostileExpressions) {
  auto const repeated = [](std::string const& part, int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += part;
    return text;
  };
  std::string product = "x";
  for (int i = 1; i < 800; ++i) product += "*sin(" + std::to_string(i) + "*x)";
  for (auto const& [text, order] :
       std::vector<std::pair<std::string, int>>{{"exp(exp(exp(x)))", 12},
                                                {"exp(sin(exp(cos(exp(x*y)))))", 12},
                                                {"((999*x)^1000)^1000", 2},
                                                {"(((((x^1000)^1000)^1000)^1000)^1000)^1000", 2},
                                                {"(1e300*x)^1e300", 2},
                                                {"(999.5*x+1)^999.5", 12},
                                                {"x^x^x^x^x^x^x^x", 4},
                                                {product, 3},
                                                {repeated("sin(", 190) + "x" + repeated(")", 190), 3},
                                                {repeated("erf(", 190) + "x" + repeated(")", 190), 2},
                                                {repeated("abs(", 190) + "x" + repeated(")", 190), 1},
                                                {repeated("max(x, ", 190) + "x" + repeated(")", 190), 1},
                                                {repeated("abs(sin(x)*", 95) + "x" + repeated(")", 95), 1},
                                                {repeated("x>abs(x)?x*x:", 60) + "x", 3},
                                                {repeated("x>1?x*x:", 60) + "x", 3},
                                                {repeated("(x+1)*", 900) + "x", 4},
                                                {repeated("x*x-", 900) + "x", 4},
                                                {repeated("1/(1+x*", 150) + "x" + repeated(")", 150), 4},
                                                {"tan(tan(tan(tan(x))))", 12}}) {
    try {
      auto const d = f(text).derivative({order, 0});
      d({0.5, 0.5});
    } catch (kroma::Error const& e) {
      EXPECT_EQ(e.kind(), kroma::Exit::bad_input) << e.what();
      EXPECT_EQ(std::string{e.what()}.rfind("cannot be differentiated", 0), 0u) << e.what();
    }
  }
  EXPECT_NE(complaint("tan(tan(tan(tan(x))))", {12, 0}).find("more than 20000 parts"), std::string::npos);
}

}  // namespace
