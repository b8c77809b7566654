#include "problems/gp_pde/model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/syntax.hpp"
#include "problems/gp_pde/resolution.hpp"

namespace kroma::gp_pde {
namespace {

/// Names of a function's three coordinates: the domain's axes, and then others to make three.
std::vector<std::string> coordinate_names(std::vector<std::string> axes) {
  for (std::string const name : {"x", "y", "z"}) {
    if (axes.size() < 3 && std::find(axes.begin(), axes.end(), name) == axes.end()) axes.push_back(name);
  }
  return axes;
}

/// Derivatives of u as a nonlinearity names them, by slot.
std::vector<std::string> slot_names(std::vector<std::string> const& coordinates) {
  std::vector<std::string> names{"u"};
  for (auto const& coordinate : coordinates) names.push_back("u_" + coordinate);
  return names;
}

/// The same function of a deck, with its arguments in the solver's order.
deck::Function reordered(deck::Function const& f, std::vector<std::string> const& arguments) {
  return f.is_word() ? f : deck::Function::expression(f.text(), arguments, f.mark());
}

/// Makes the terms of an equation for the axes of a domain.
class EquationMaker {
 public:
  EquationMaker(EquationOptions const& options, std::vector<std::string> const& axes)
      : options_{options}, axes_{axes}, coordinates_{coordinate_names(axes)} {}

  Equation make() {
    using enum EquationName;
    auto const name = options_.name();
    double const k = options_.wave_number.value_or(0), viscosity = options_.viscosity.value_or(0);
    switch (name) {
      case linear:
        listed();
        break;
      case diffusion:
        add_diffusion(false);
        break;
      case advection:
        add({1.0, orders("t", 1), {}});
        for (auto const& [axis, velocity] : options_.velocity) add(velocity, orders(axis, 1), 1.0);
        break;
      case heat:
        add({1.0, orders("t", 1), {}});
        add_diffusion(true);
        break;
      case burgers:
        add({1.0, orders("t", 1), {}});
        [[fallthrough]];
      default:
        add_laplacian(name == burgers ? -viscosity : 1.0);
    }
    if (name == reaction && options_.reaction.value_or(0) != 0) add({-*options_.reaction, {0, 0, 0}, {}});
    if (name == helmholtz) add({k * k, {0, 0, 0}, {}});
    add_nonlinearity();
    return equation_;
  }

 private:
  std::array<int, 3> orders(std::string const& axis, int order) const {
    std::array<int, 3> result{0, 0, 0};
    result[static_cast<std::size_t>(std::find(axes_.begin(), axes_.end(), axis) - axes_.begin())] = order;
    return result;
  }

  void add(Term term) { equation_.terms.push_back(std::move(term)); }
  /// factor times `given`, which may turn out to be a number.
  void add(deck::Function const& given, std::array<int, 3> orders, double factor) {
    auto const f = reordered(given, coordinates_);
    if (f.is_constant()) {
      add({factor * f({0.0, 0.0, 0.0}), orders, {}});
    } else {
      add({factor, orders, f});
    }
  }

  void listed() {
    for (auto const& term : options_.linear) {
      std::array<int, 3> all{0, 0, 0};
      for (auto const& [axis, order] : term.d)
        all[static_cast<std::size_t>(std::find(axes_.begin(), axes_.end(), axis) - axes_.begin())] = order;
      add(term.coefficient, all, 1.0);
    }
  }

  bool is_space(std::string const& axis) const {
    using enum EquationName;
    bool const in_time = options_.name() == heat || options_.name() == burgers;
    return axis != "t" || !in_time;
  }

  void add_laplacian(double factor) {
    for (auto const& axis : axes_) {
      if (is_space(axis)) add({factor, orders(axis, 2), {}});
    }
  }

  /// -div(a grad u) = -a u_xx - a_x u_x - ...
  void add_diffusion(bool one_without) {
    if (!options_.diffusivity) {
      require(one_without, "only heat has a diffusivity by default");
      return add_laplacian(-1.0);
    }
    auto const a = reordered(*options_.diffusivity, coordinates_);
    for (auto const& axis : axes_) {
      if (!is_space(axis)) continue;
      add(a, orders(axis, 2), -1.0);
      auto const once = orders(axis, 1);
      auto const slope = a.derivative({once.begin(), once.end()});
      if (!slope.is_constant() || slope({0.0, 0.0, 0.0}) != 0.0) add(slope, once, -1.0);
    }
  }

  void add_nonlinearity() {
    using enum EquationName;
    std::string text = options_.nonlinear ? "(" + options_.nonlinear->text() + ")" : "";
    char const* const own = options_.name() == allen_cahn ? "u*(u^2-1)" : options_.name() == burgers ? "u*u_x" : "";
    if (*own != 0) text += (text.empty() ? "" : "+") + std::string{own};
    if (text.empty()) return;
    auto arguments = slot_names(coordinates_);
    arguments.insert(arguments.end(), coordinates_.begin(), coordinates_.end());
    auto const mark = options_.nonlinear ? options_.nonlinear->mark() : deck::Mark{};
    Nonlinearity n{deck::Function::expression(text, arguments, mark), {}};
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      if (!n.value.uses(arguments[slot])) continue;
      std::vector<int> once(arguments.size(), 0);
      once[slot] = 1;
      n.slopes[slot] = n.value.derivative(once);
    }
    equation_.nonlinear = std::move(n);
  }

  EquationOptions const& options_;
  std::vector<std::string> const& axes_;
  std::vector<std::string> coordinates_;
  Equation equation_;
};

bool from_exact(std::optional<deck::Function> const& f) { return !f || f->is_word(); }

/// Makes the conditions of one face after another.
class BoundaryMaker {
 public:
  BoundaryMaker(Options const& options, Model const& model) : options_{options}, model_{model} {}

  Boundary make() {
    auto const& given = options_.boundary;
    Boundary boundary;
    for (std::size_t d = 0; d < model_.axes.size(); ++d) {
      auto const& name = model_.axes[d].name;
      boundary.periodic.push_back(std::find(given.periodic.begin(), given.periodic.end(), name) !=
                                  given.periodic.end());
      boundary.faces.emplace_back();
      boundary.surplus.emplace_back();
      for (std::size_t side = 0; side < 2 && !boundary.periodic.back(); ++side) {
        auto conditions = of_face(d, side);
        auto const need = static_cast<std::size_t>(model_.character.conditions[d][side]);
        if (given.overdetermined && conditions.size() > need) {
          auto const kept = conditions.begin() + static_cast<std::ptrdiff_t>(need);
          boundary.surplus.back()[side].assign(kept, conditions.end());
          conditions.erase(kept, conditions.end());
        }
        boundary.faces.back()[side] = std::move(conditions);
      }
    }
    return boundary;
  }

 private:
  std::vector<Condition> of_face(std::size_t d, std::size_t side) const {
    auto const& name = model_.axes[d].name;
    auto const& own = options_.boundary.face(name, static_cast<int>(side));
    auto const& face = own ? own : options_.boundary.all;
    if (!face || face->is_none()) return {};
    // What all faces have is for those that need it.
    bool const needed = model_.character.conditions[d][side] > 0 || options_.boundary.overdetermined;
    if (!own && !needed) return {};
    double const outward = name == "t" || side == 1 ? 1.0 : -1.0;
    Condition blank;
    blank.place = side == 0 ? model_.axes[d].low : model_.axes[d].high;
    blank.key = fmt::format("gp_pde.boundary.{}_{}", name, side == 0 ? "low" : "high");
    std::vector<Condition> conditions;
    auto const add = [&](std::array<double, 4> weights, std::optional<deck::Function> const& data) {
      auto condition = blank;
      condition.weights = weights;
      condition.data = from_exact(data) ? left_side(condition, d, *model_.exact) : in_coordinates(options_, *data);
      conditions.push_back(std::move(condition));
    };
    using enum ConditionName;
    switch (face->condition) {
      case neumann:
        add({0.0, outward, 0.0, 0.0}, face->value);
        break;
      case robin:
        add({face->factor, outward, 0.0, 0.0}, face->value);
        break;
      default:
        add({1.0, 0.0, 0.0, 0.0}, face->value);
    }
    if (face->condition == clamped) add({0.0, outward, 0.0, 0.0}, face->slope);
    if (face->condition == supported) add({0.0, 0.0, 1.0, 0.0}, face->curvature);
    return conditions;
  }

  Options const& options_;
  Model const& model_;
};

std::string describe(EquationName name, std::vector<grid::Axis> const& axes) {
  constexpr std::array names{"Poisson equation",   "Helmholtz equation",  "reaction equation",
                             "diffusion equation", "Allen-Cahn equation", "advection equation",
                             "heat equation",      "Burgers equation",    "linear equation"};
  bool const in_time = axes.back().name == "t";
  return fmt::format("{} in {}-D{}", names[static_cast<std::size_t>(name)], axes.size() - (in_time ? 1 : 0),
                     in_time ? " and time" : "");
}

}  // namespace

std::vector<grid::Axis> make_axes(Options const& options) {
  std::vector<grid::Axis> axes;
  for (auto const& name : options.axis_names()) {
    auto const& interval = options.domain.at(name);
    axes.push_back(grid::make_axis(name, options.nodes, options.grid.at(name), interval.low, interval.high));
  }
  return axes;
}

deck::Function in_coordinates(Options const& options, deck::Function const& f) {
  return reordered(f, coordinate_names(options.axis_names()));
}

Equation make_equation(EquationOptions const& options, std::vector<std::string> const& axes) {
  return EquationMaker{options, axes}.make();
}

deck::Function manufactured_source(Equation const& equation, deck::Function const& exact) {
  std::string sum;
  auto const derivative = [&](std::array<int, 3> orders) {
    return "(" + exact.derivative({orders.begin(), orders.end()}).text() + ")";
  };
  for (auto const& term : equation.terms) {
    sum += fmt::format("{}({:.17g})*{}", sum.empty() ? "" : "+", term.coefficient, derivative(term.orders));
    if (term.factor) sum += "*(" + term.factor->text() + ")";
  }
  if (equation.nonlinear) {
    std::vector<std::string> texts;
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      texts.push_back(equation.nonlinear->slopes[slot] ? derivative(orders_of_slot(slot)) : "0");
    }
    texts.insert(texts.end(), exact.arguments().begin(), exact.arguments().end());
    auto const& value = equation.nonlinear->value;
    auto const term = deck::syntax::parse(value.text(), value.arguments());
    sum += "+(" + deck::syntax::print(*term, texts) + ")";  // texts stand where the names of arguments would
  }
  return deck::Function::expression(sum, exact.arguments(), exact.mark());
}

namespace {

/// Rounding of a manufactured source: a few hundred units in the last place of the terms that it is summed from, since
/// their arguments and coefficients are rounded too.
double rounding(Equation const& equation, deck::Function const& exact, std::vector<grid::Axis> const& axes) {
  std::vector<double> low, high;
  for (auto const& axis : axes) {
    low.push_back(axis.low);
    high.push_back(axis.high);
  }
  double largest = 0;
  for (auto const& term : equation.terms) {
    auto const part = manufactured_source({{term}, {}}, exact);
    for (auto const& point : probes(low, high)) {
      double const value = std::abs(part(point));
      if (std::isfinite(value)) largest = std::max(largest, value);
    }
  }
  return 1e-13 * largest;
}

/// The parts of a model one after another: each may throw bad_input, and needs those before it.
void add_axes_and_equation(Model& model, Options const& options) {
  model.axes = make_axes(options);
  model.equation = make_equation(options.equation, options.axis_names());
  model.character = characterise(model.equation, model.axes);
  model.description = describe(options.equation.name(), model.axes);
}

void add_functions(Model& model, Options const& options) {
  if (options.exact) model.exact = in_coordinates(options, *options.exact);
  auto const& given = options.equation.source ? options.equation.source : options.source;
  if (from_exact(given)) {
    model.source = manufactured_source(model.equation, *model.exact);
    model.source_rounding = rounding(model.equation, *model.exact, model.axes);
  } else {
    model.source = in_coordinates(options, *given);
  }
}

void add_boundary(Model& model, Options const& options) { model.boundary = BoundaryMaker{options, model}.make(); }

}  // namespace

PointSet Model::nodes() const {
  PointSet points;
  for (auto const& axis : axes) points.push_back(axis.nodes);
  return points;
}

Equation Model::frozen() const {
  std::vector<double> low, high;
  for (auto const& axis : axes) {
    low.push_back(axis.low);
    high.push_back(axis.high);
  }
  return gp_pde::frozen(equation, low, high);
}

Model make_model(Options const& options) {
  Model model;
  add_axes_and_equation(model, options);
  add_functions(model, options);
  add_boundary(model, options);
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
  Model model;
  auto const key = options.source ? "source" : "equation.source";
  // Each step needs those before it. Making functions can only fail where exact is differentiated.
  passes(where, "equation", [&] { add_axes_and_equation(model, options); }) &&
      passes(where, "exact", [&] { add_functions(model, options); }) &&
      passes(where, key, [&] { check_finite(model.source, model.axes); }) &&
      (!model.exact || passes(where, "exact", [&] { check_finite(*model.exact, model.axes); })) &&
      passes(where, "boundary",
             [&] {
               add_boundary(model, options);
               check_conditions(model.equation, model.character, model.axes, model.boundary);
               check_corners(model.boundary, model.axes);
             }) &&
      passes(where, "grid", [&] { check_resolution(model.source, model.source_rounding, model.boundary, model.axes); });
}

}  // namespace kroma::gp_pde
