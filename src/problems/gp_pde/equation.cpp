#include "problems/gp_pde/equation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace kroma::gp_pde {
namespace {

double coefficient_of(Equation const& equation, std::array<int, 3> orders) {
  double sum = 0;
  for (auto const& term : equation.terms) sum += term.orders == orders ? term.coefficient : 0.0;
  return sum;
}

int total(std::array<int, 3> const& orders) { return std::accumulate(orders.begin(), orders.end(), 0); }

}  // namespace

std::array<int, 3> orders_of_slot(std::size_t slot) {
  std::array<int, 3> orders{0, 0, 0};
  if (slot > 0) orders[slot - 1] = 1;
  return orders;
}

double Equation::diffusion(int axis) const {
  std::array<int, 3> orders{0, 0, 0};
  orders[static_cast<std::size_t>(axis)] = 2;
  return coefficient_of(*this, orders);
}

double Equation::reaction() const { return coefficient_of(*this, {0, 0, 0}); }

int Equation::order(int axis) const {
  int highest = 0;
  for (auto const& term : terms) highest = std::max(highest, term.orders[static_cast<std::size_t>(axis)]);
  return highest;
}

bool Equation::has_constant_coefficients() const {
  return !nonlinear && std::none_of(terms.begin(), terms.end(), [](Term const& t) { return t.factor.has_value(); });
}

bool Equation::is_laplacian_like() const {
  return std::all_of(terms.begin(), terms.end(), [](Term const& t) {
    return total(t.orders) == 0 || (total(t.orders) == 2 && *std::max_element(t.orders.begin(), t.orders.end()) == 2);
  });
}

double axis_symbol(Equation const& equation, int axis, double w) {
  double sum = 0;
  for (auto const& term : equation.terms) {
    int const order = term.orders[static_cast<std::size_t>(axis)];
    if (order > 0 && order == total(term.orders)) sum += std::abs(term.coefficient) * std::pow(w, order);
  }
  return sum;
}

std::vector<std::array<double, 3>> probes(std::vector<double> const& low, std::vector<double> const& high) {
  constexpr int count = 9;
  std::array<int, 3> n{1, 1, 1};
  for (std::size_t d = 0; d < low.size(); ++d) n[d] = count;
  std::vector<std::array<double, 3>> points;
  for (int i = 0; i < n[0] * n[1] * n[2]; ++i) {
    std::array const index{i / (n[1] * n[2]), i / n[2] % n[1], i % n[2]};
    std::array<double, 3> point{0.0, 0.0, 0.0};
    for (std::size_t d = 0; d < low.size(); ++d) {
      double const share = (index[d] + 0.5 + 0.1 * static_cast<double>(d)) / count;  // off the planes of symmetry
      point[d] = low[d] + (high[d] - low[d]) * share;
    }
    points.push_back(point);
  }
  return points;
}

Equation frozen(Equation const& equation, std::vector<double> const& low, std::vector<double> const& high) {
  Equation result;
  auto const points = probes(low, high);
  for (auto term : equation.terms) {
    if (term.factor) {
      double sum = 0;
      for (auto const& point : points) sum += (*term.factor)(point);
      term.coefficient *= sum / static_cast<double>(points.size());
      term.factor.reset();
    }
    result.terms.push_back(term);
  }
  return result;
}

deck::Function divided(deck::Function const& f, deck::Function const& by) {
  return deck::Function::expression("(" + f.text() + ")/(" + by.text() + ")",
                                    by.arguments().size() > f.arguments().size() ? by.arguments() : f.arguments(),
                                    f.mark());
}

Equation divided(Equation const& equation, deck::Function const& by) {
  Equation result;
  for (auto term : equation.terms) {
    if (term.factor && term.factor->text() == by.text()) {
      term.factor.reset();
    } else {
      term.factor = divided(term.factor.value_or(deck::Function::constant(1.0)), by);
    }
    result.terms.push_back(std::move(term));
  }
  if (!equation.nonlinear) return result;
  result.nonlinear = Nonlinearity{divided(equation.nonlinear->value, by), {}};
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    auto const& slope = equation.nonlinear->slopes[slot];
    if (slope) result.nonlinear->slopes[slot] = divided(*slope, by);
  }
  return result;
}

std::optional<deck::Function> leading_factor(Equation const& equation, std::vector<int> const& orders) {
  std::optional<deck::Function> first;
  std::string moduli;
  std::size_t same = 0, leading = 0;
  for (auto const& term : equation.terms) {
    for (std::size_t d = 0; d < orders.size(); ++d) {
      if (term.orders[d] != orders[d] || total(term.orders) != orders[d]) continue;
      ++leading;
      moduli += fmt::format("{}abs({:.17g}*({}))", moduli.empty() ? "" : "+", term.coefficient,
                            term.factor ? term.factor->text() : "1");
      if (!term.factor) continue;
      if (!first) first = term.factor;
      if (first->text() == term.factor->text()) ++same;
    }
  }
  if (!first || same == leading) return first;
  return deck::Function::expression(moduli, first->arguments(), first->mark());
}

std::vector<TermGroup> grouped(std::vector<Term> const& terms) {
  std::vector<TermGroup> groups;
  for (auto const& term : terms) {
    auto const same = [&](TermGroup const& group) {
      return term.factor ? group.factor && group.factor->text() == term.factor->text() : !group.factor;
    };
    auto const found = std::find_if(groups.begin(), groups.end(), same);
    if (found != groups.end()) {
      found->terms.push_back(term);
    } else {
      groups.insert(term.factor ? groups.end() : groups.begin(), TermGroup{term.factor, {term}});
    }
  }
  return groups;
}

}  // namespace kroma::gp_pde
