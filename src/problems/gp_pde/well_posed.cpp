#include "problems/gp_pde/well_posed.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::gp_pde {
namespace {

using Point = std::array<double, 3>;

std::vector<Point> probes_of(std::vector<grid::Axis> const& axes) {
  std::vector<double> low, high;
  for (auto const& axis : axes) {
    low.push_back(axis.low);
    high.push_back(axis.high);
  }
  return probes(low, high);
}

/// Coefficient at a point of the derivative with these orders.
double coefficient_at(Equation const& equation, std::array<int, 3> orders, Point const& point) {
  double sum = 0;
  for (auto const& term : equation.terms) {
    if (term.orders == orders) sum += term.coefficient * (term.factor ? (*term.factor)(point) : 1.0);
  }
  return sum;
}

std::array<int, 3> along(std::size_t axis, int order) {
  std::array<int, 3> orders{0, 0, 0};
  orders[axis] = order;
  return orders;
}

std::string derivative_name(std::string const& axis, int order) {
  std::string name = "u_";
  for (int i = 0; i < order; ++i) name += axis;
  return name;
}

/// Sign of the leading coefficient along an axis, which must keep it.
double leading_sign(Equation const& equation, std::vector<grid::Axis> const& axes, std::size_t axis, int order) {
  double lowest = 0, highest = 0;
  bool first = true;
  for (auto const& point : probes_of(axes)) {
    double const value = coefficient_at(equation, along(axis, order), point);
    if (!std::isfinite(value)) {
      throw bad_input(
          fmt::format("the coefficient of {} is not finite everywhere", derivative_name(axes[axis].name, order)),
          "A coefficient must be finite on the whole domain");
    }
    lowest = first ? value : std::min(lowest, value);
    highest = first ? value : std::max(highest, value);
    first = false;
  }
  if (lowest > 0) return 1;
  if (highest < 0) return -1;
  throw bad_input(fmt::format("the coefficient of {}, the highest derivative along {}, vanishes or changes sign "
                              "(between {:.4g} and {:.4g})",
                              derivative_name(axes[axis].name, order), axes[axis].name, lowest, highest),
                  "The equation must keep its kind on the whole domain");
}

int leading_order(Equation const& equation, std::size_t axis) {
  int highest = 0;
  for (auto const& term : equation.terms) {
    int const order = term.orders[axis];
    if (order == std::accumulate(term.orders.begin(), term.orders.end(), 0)) highest = std::max(highest, order);
  }
  return highest;
}

/// Second derivatives with mixed ones must form a definite matrix at every point.
void check_definite(Equation const& equation, std::vector<grid::Axis> const& axes,
                    std::vector<std::size_t> const& second, double sign) {
  for (auto const& point : probes_of(axes)) {
    auto const entry = [&](std::size_t i, std::size_t j) {
      auto orders = along(second[i], 2);
      if (i != j) {
        orders = along(second[i], 1);
        orders[second[j]] = 1;
      }
      return sign * (i == j ? 1.0 : 0.5) * coefficient_at(equation, orders, point);
    };
    bool definite = true;
    if (second.size() > 1) definite = entry(0, 0) * entry(1, 1) > entry(0, 1) * entry(0, 1);
    if (second.size() > 2) {
      double const a = entry(0, 0), b = entry(1, 1), c = entry(2, 2), d = entry(0, 1), e = entry(1, 2), f = entry(0, 2);
      definite = definite && a * (b * c - e * e) - d * (d * c - e * f) + f * (d * e - b * f) > 0;
    }
    if (!definite) {
      throw bad_input(
          "the mixed derivatives outweigh the second derivatives along the axes: the equation is not elliptic",
          "The matrix of the coefficients of second derivatives must be definite");
    }
  }
}

/// An axis with a leading derivative of order 2 or 4 and what it means: sign +1 where u_t + (this) is a forward heat
/// equation.
double diffusive_sign(double coefficient_sign, int order) { return order == 2 ? -coefficient_sign : coefficient_sign; }

}  // namespace

Character characterise(Equation const& equation, std::vector<grid::Axis> const& axes) {
  Character character;
  std::array<double, 3> sign{0, 0, 0};
  for (std::size_t d = 0; d < axes.size(); ++d) {
    int const order = character.order[d] = leading_order(equation, d);
    if (order == 0) {
      throw bad_input(fmt::format("the equation has no derivative along {} alone", axes[d].name),
                      "Without one the problem is not determined along that axis; add a term, or leave the axis out");
    }
    sign[d] = leading_sign(equation, axes, d, order);
  }
  // Even orders in space must agree in sign; that sign says which way first-order axes run.
  double direction = 0;
  std::vector<std::size_t> second;
  for (std::size_t d = 0; d < axes.size(); ++d) {
    if (character.order[d] % 2 != 0) continue;
    double const here = diffusive_sign(sign[d], character.order[d]);
    bool const wave = axes[d].name == "t" && character.order[d] == 2 && direction != 0 && here != direction;
    if (wave) {
      character.conditions[d] = {2, 0};
      continue;
    }
    if (direction != 0 && here != direction) {
      throw bad_input(fmt::format("the highest derivatives along {} and {} have opposite signs", axes[second[0]].name,
                                  axes[d].name),
                      "No choice of faces makes that well posed; a second derivative in time needs an axis named t");
    }
    direction = here;
    second.push_back(d);
    character.conditions[d] = {character.order[d] / 2, character.order[d] / 2};
  }
  bool const all_second = std::all_of(second.begin(), second.end(), [&](auto d) { return character.order[d] == 2; });
  if (all_second && second.size() > 1) check_definite(equation, axes, second, sign[second[0]]);
  character.elliptic = second.size() == axes.size();
  character.oriented = direction != 0;
  if (direction == 0) {  // only odd orders: time, if there is one, runs forward
    direction = 1;
    for (std::size_t d = 0; d < axes.size(); ++d) {
      if (axes[d].name != "t") continue;
      direction = sign[d];
      character.oriented = true;
    }
  }
  for (std::size_t d = 0; d < axes.size(); ++d) {
    if (character.order[d] % 2 == 0) continue;
    bool const forward = sign[d] * direction > 0;
    int const half = character.order[d] / 2;  // 0, or 1 of a third derivative, whose further condition is downstream
    if (character.order[d] == 1) {
      character.conditions[d] = forward ? std::array{1, 0} : std::array{0, 1};
    } else {
      character.conditions[d] = forward ? std::array{half, half + 1} : std::array{half + 1, half};
    }
  }
  return character;
}

namespace {

std::string face_name(grid::Axis const& axis, std::size_t side) { return axis.name + (side == 0 ? "_low" : "_high"); }

bool meets(Character const& character, Boundary const& boundary, bool mirrored) {
  for (std::size_t d = 0; d < boundary.faces.size(); ++d) {
    if (boundary.periodic[d]) continue;
    for (std::size_t side = 0; side < 2; ++side) {
      auto const need = static_cast<std::size_t>(character.conditions[d][mirrored ? 1 - side : side]);
      if (boundary.faces[d][side].size() != need) return false;
    }
  }
  return true;
}

/// Whether a constant solves the homogeneous problem.
bool leaves_a_constant(Equation const& equation, Boundary const& boundary) {
  auto const& n = equation.nonlinear;
  if (n && n->slopes[0]) return false;
  for (auto const& term : equation.terms) {
    if (term.orders == std::array{0, 0, 0} && term.coefficient != 0.0) return false;
  }
  for (std::size_t d = 0; d < boundary.faces.size(); ++d) {
    for (auto const& condition : boundary.conditions(d)) {
      if (condition.weights[0] != 0.0) return false;
    }
  }
  return true;
}

[[noreturn]] void refuse_face(grid::Axis const& axis, std::size_t side, Character const& character, std::size_t d,
                              std::size_t has) {
  int const need = character.conditions[d][side];
  auto const face = face_name(axis, side);
  auto const number = [](auto n) { return fmt::format("{} condition{}", n, n == 1 ? "" : "s"); };
  if (static_cast<int>(has) < need) {
    throw bad_input(fmt::format("face {} has {}, and the equation needs {} there", face, number(has), number(need)),
                    need == 2 ? "Give two, e.g. {condition: clamped, value: ..., slope: ...}"
                              : "Without it the solution is not determined");
  }
  std::string const why = need > 0 ? "more would contradict each other"
                          : axis.name == "t" && side == 1
                              ? "it is the final face, where the solution follows from the rest (data there alone are "
                                "ill posed)"
                              : "it is an outflow face, or backwards in time, where the solution follows from the rest";
  throw bad_input(
      fmt::format("face {} has {}, and the equation takes {} there: {}", face, number(has), number(need), why),
      "Write none there; data known to agree with the solution can be kept as a check with "
      "overdetermined: true");
}

}  // namespace

void check_conditions(Equation const& equation, Character const& character, std::vector<grid::Axis> const& axes,
                      Boundary const& boundary) {
  bool const well_posed =
      meets(character, boundary, false) || (!character.oriented && meets(character, boundary, true));
  for (std::size_t d = 0; !well_posed && d < axes.size(); ++d) {
    if (boundary.periodic[d]) continue;
    for (std::size_t side = 0; side < 2; ++side) {
      auto const has = boundary.faces[d][side].size();
      if (static_cast<int>(has) != character.conditions[d][side]) refuse_face(axes[d], side, character, d, has);
    }
  }
  if (leaves_a_constant(equation, boundary)) {
    throw bad_input("nothing fixes a constant: u plus any number solves the same problem",
                    "Give u itself (dirichlet or robin) on one face at least, or a term with u in the equation");
  }
}

}  // namespace kroma::gp_pde
