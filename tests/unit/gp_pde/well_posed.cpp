#include "problems/gp_pde/well_posed.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace {

using namespace kroma::gp_pde;
using Orders = std::array<int, 3>;
using Needs = std::array<int, 2>;

std::vector<kroma::grid::Axis> axes(std::string const& names) {
  std::vector<kroma::grid::Axis> made;
  for (char const name : names) {
    made.push_back(kroma::grid::make_axis(std::string(1, name), kroma::grid::Nodes::uniform, 8, 0.0, 1.0));
  }
  return made;
}

Equation equation(std::vector<std::pair<double, Orders>> const& terms) {
  Equation result;
  for (auto const& [coefficient, orders] : terms) result.terms.push_back({coefficient, orders, {}});
  return result;
}

// Verifies: which faces need how many conditions, for one equation of each kind, whatever the sign it is written with.
TEST(Character, ConditionsOfEachKind) {
  struct Case {
    std::string axes;
    std::vector<std::pair<double, Orders>> terms;
    std::vector<Needs> needs;
    bool elliptic;
  };
  for (auto const& c : {Case{"xy", {{1, {2, 0, 0}}, {2, {0, 2, 0}}}, {{1, 1}, {1, 1}}, true},
                        Case{"xy", {{1, {4, 0, 0}}, {2, {2, 2, 0}}, {1, {0, 4, 0}}}, {{2, 2}, {2, 2}}, true},
                        Case{"xt", {{1, {0, 1, 0}}, {-3, {2, 0, 0}}}, {{1, 1}, {1, 0}}, false},    // heat
                        Case{"xt", {{-1, {0, 1, 0}}, {3, {2, 0, 0}}}, {{1, 1}, {1, 0}}, false},    // the same
                        Case{"xt", {{1, {0, 1, 0}}, {3, {2, 0, 0}}}, {{1, 1}, {0, 1}}, false},     // backwards
                        Case{"xt", {{1, {0, 1, 0}}, {1, {4, 0, 0}}}, {{2, 2}, {1, 0}}, false},     // u_t + u_xxxx
                        Case{"xt", {{1, {0, 1, 0}}, {5, {1, 0, 0}}}, {{1, 0}, {1, 0}}, false},     // advection
                        Case{"xt", {{1, {0, 1, 0}}, {-5, {1, 0, 0}}}, {{0, 1}, {1, 0}}, false},    // to the left
                        Case{"xt", {{1, {0, 2, 0}}, {-1, {2, 0, 0}}}, {{1, 1}, {2, 0}}, false},    // wave
                        Case{"xt", {{1, {0, 1, 0}}, {1, {3, 0, 0}}}, {{1, 2}, {1, 0}}, false}}) {  // Airy
    auto const character = characterise(equation(c.terms), axes(c.axes));
    for (std::size_t d = 0; d < c.needs.size(); ++d) EXPECT_EQ(character.conditions[d], c.needs[d]) << c.axes << d;
    EXPECT_EQ(character.elliptic, c.elliptic);
  }
}

// Verifies: an equation that is no problem for any choice of faces is refused with the reason.
TEST(Character, RefusesWhatHasNoKind) {
  auto const refusal = [](Equation const& e, std::string const& names) -> std::string {
    try {
      characterise(e, axes(names));
      return "";
    } catch (kroma::Error const& error) {
      return error.what();
    }
  };
  EXPECT_NE(refusal(equation({{1, {2, 0, 0}}, {-1, {0, 2, 0}}}), "xy").find("opposite signs"), std::string::npos);
  EXPECT_NE(refusal(equation({{1, {1, 1, 0}}}), "xy").find("no derivative along x alone"), std::string::npos);
  EXPECT_NE(refusal(equation({{1, {2, 0, 0}}, {1, {0, 2, 0}}, {2.1, {1, 1, 0}}}), "xy").find("not elliptic"),
            std::string::npos);
  EXPECT_EQ(refusal(equation({{1, {2, 0, 0}}, {1, {0, 2, 0}}, {1.9, {1, 1, 0}}}), "xy"), "");
  auto sliding = equation({{1, {2, 0, 0}}});
  sliding.terms[0].factor = kroma::deck::Function::expression("x-0.5", {"x", "y", "z"});
  EXPECT_NE(refusal(sliding, "x").find("changes sign"), std::string::npos);
}

}  // namespace
