#include "problems/gp_pde/equation.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"

namespace kroma::gp_pde {
namespace {

double coefficient_of(Equation const& equation, std::array<int, 3> orders) {
  double sum = 0;
  for (auto const& term : equation.terms) sum += term.orders == orders ? term.coefficient : 0.0;
  return sum;
}

}  // namespace

double Equation::diffusion(int axis) const {
  std::array<int, 3> orders{0, 0, 0};
  orders[static_cast<std::size_t>(axis)] = 2;
  return coefficient_of(*this, orders);
}

double Equation::reaction() const { return coefficient_of(*this, {0, 0, 0}); }

void check_elliptic(Equation const& equation, int axes) {
  constexpr std::array names{"x", "y", "z"};
  std::string const advice =
      "Write second derivatives on every axis, all with coefficients of one sign, and a reaction of the other sign or "
      "none";
  for (auto const& term : equation.terms) {
    int const total = std::accumulate(term.orders.begin(), term.orders.end(), 0);
    bool const pure = total == 0 || (total == 2 && *std::max_element(term.orders.begin(), term.orders.end()) == 2);
    if (!pure) {
      throw bad_input(fmt::format("a term with derivatives of order ({}) is outside this solver's class",
                                  fmt::join(term.orders.begin(), term.orders.begin() + axes, ", ")),
                      advice);
    }
  }
  for (int axis = 0; axis < axes; ++axis) {
    double const a = equation.diffusion(axis);
    if (a == 0.0) throw bad_input(fmt::format("the equation has no second derivative along {}", names[axis]), advice);
    if (a * equation.diffusion(0) < 0) {
      throw bad_input(
          fmt::format("the second derivatives along x and {} have coefficients of opposite sign", names[axis]), advice);
    }
  }
  if (equation.reaction() * equation.diffusion(0) > 0) {
    throw bad_input(
        fmt::format("the reaction coefficient {} has the sign of the second derivatives: the problem can have "
                    "resonances (Helmholtz), which this solver does not handle",
                    equation.reaction()),
        advice);
  }
}

}  // namespace kroma::gp_pde
