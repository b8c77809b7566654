#include "problems/gp_pde/model.hpp"

#include <array>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/gp_pde/resolution.hpp"

namespace kroma::gp_pde {
namespace {

Term second_derivative(int axis) {
  Term term;
  term.orders[static_cast<std::size_t>(axis)] = 2;
  return term;
}

Term listed_term(TermOptions const& options) {
  Term term{options.coefficient, {0, 0, 0}};
  for (auto const& [axis, order] : options.d) term.orders[kAxisNames.find(axis)] = order;
  return term;
}

bool from_exact(std::optional<deck::Function> const& f) { return f && f->is_word(); }

Boundary make_boundary(Options const& options, std::size_t axes) {
  auto const& given = options.boundary;
  auto const everywhere = from_exact(given.all) ? options.exact : given.all;
  Boundary boundary;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    auto const& low = given.face(axis, 0);
    auto const& high = given.face(axis, 1);
    boundary.faces.push_back({low ? *low : *everywhere, high ? *high : *everywhere});
  }
  return boundary;
}

deck::Function make_source(Options const& options, Equation const& equation) {
  auto const& given = options.equation.source ? options.equation.source : options.source;
  return from_exact(given) ? manufactured_source(equation, *options.exact) : *given;
}

std::string describe(EquationName name, int axes) {
  constexpr std::array names{"Poisson equation", "reaction equation", "linear equation"};
  return fmt::format("{} in {}-D", names[static_cast<std::size_t>(name)], axes);
}

}  // namespace

std::vector<grid::Axis> make_axes(Options const& options) {
  std::vector<grid::Axis> axes;
  for (auto const& [name, interval] : options.domain) {  // a map: x, y, z in order
    axes.push_back(grid::make_axis(name, options.nodes, options.grid.at(name), interval.low, interval.high));
  }
  return axes;
}

Equation make_equation(EquationOptions const& options, int axes) {
  Equation equation;
  if (options.name() == EquationName::linear) {
    for (auto const& term : options.linear) equation.terms.push_back(listed_term(term));
    return equation;
  }
  for (int axis = 0; axis < axes; ++axis) equation.terms.push_back(second_derivative(axis));
  if (options.name() == EquationName::reaction) equation.terms.push_back({-options.reaction, {0, 0, 0}});
  return equation;
}

deck::Function manufactured_source(Equation const& equation, deck::Function const& exact) {
  std::string sum;
  for (auto const& term : equation.terms) {
    auto const derivative = exact.derivative({term.orders.begin(), term.orders.end()});
    sum += fmt::format("{}({:.17g})*({})", sum.empty() ? "" : "+", term.coefficient, derivative.text());
  }
  return deck::Function::expression(sum, exact.arguments(), exact.mark());
}

Model make_model(Options const& options) {
  Model model;
  model.axes = make_axes(options);
  int const axes = static_cast<int>(model.axes.size());
  model.equation = make_equation(options.equation, axes);
  model.description = describe(options.equation.name(), axes);
  model.exact = options.exact;
  model.source = make_source(options, model.equation);
  model.boundary = make_boundary(options, model.axes.size());
  return model;
}

namespace {

/// Throws bad_input where f is not finite at the ends and middles of the axes: the places where a division by zero most
/// likely lies, and which Gauss nodes miss.
void check_finite(deck::Function const& f, std::vector<grid::Axis> const& axes) {
  PointSet points;
  for (auto const& axis : axes) points.push_back({axis.low, axis.centre(), axis.high});
  auto const n = extents_of(points);
  for (int i = 0; i < n[0] * n[1] * n[2]; ++i) {
    std::array const index{i / (n[1] * n[2]), i / n[2] % n[1], i % n[2]};
    std::array<double, 3> point{0.0, 0.0, 0.0};
    std::string where;
    for (std::size_t d = 0; d < axes.size(); ++d) {
      point[d] = points[d][static_cast<std::size_t>(index[d])];
      where += fmt::format("{}{} = {:.6g}", d > 0 ? ", " : "", axes[d].name, point[d]);
    }
    if (!std::isfinite(f(point))) {
      throw bad_input(fmt::format("\"{}\" is {} at {}", f.text(), f(point), where),
                      "A function must be finite on the whole domain");
    }
  }
}

/// Whether `check` passed; if not, its message is a mistake of `key`.
bool passes(deck::Where const& where, std::string const& key, std::function<void()> const& check) {
  try {
    check();
    return true;
  } catch (Error const& e) {
    where.mistake(key, e.advice().empty() ? e.what() : fmt::format("{}. {}", e.what(), e.advice()));
    return false;
  }
}

}  // namespace

void check_model(Options const& options, deck::Where const& where) {
  auto const axes = static_cast<int>(options.domain.size());
  if (!passes(where, "equation", [&] { check_elliptic(make_equation(options.equation, axes), axes); })) return;
  Model model;
  if (!passes(where, "exact", [&] { model = make_model(options); })) return;  // only differentiating exact can throw
  if (!passes(where, options.source ? "source" : "equation.source", [&] { check_finite(model.source, model.axes); }))
    return;
  if (model.exact && !passes(where, "exact", [&] { check_finite(*model.exact, model.axes); })) return;
  if (!passes(where, "boundary", [&] { check_corners(model.boundary, model.axes); })) return;
  passes(where, "grid", [&] { check_resolution(model.source, model.boundary, model.axes); });
}

}  // namespace kroma::gp_pde
