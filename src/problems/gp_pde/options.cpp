#include "problems/gp_pde/options.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "problems/gp_pde/model.hpp"

namespace kroma::gp_pde {
namespace {

std::vector<std::string> const kAxes{"x", "y", "z", "t"};
std::vector<std::string> const kSpace{"x", "y", "z"};

/// Says of every map over axes that it has all axes of the domain, and no other.
template <class Map>
void check_axes(Options const& o, Map const& map, std::string const& key, std::string const& what,
                deck::Where const& where) {
  for (auto const& [axis, interval] : o.domain) {
    if (!map.contains(axis)) where.mistake(key, fmt::format("axis {} of the domain has no {}", axis, what));
  }
  for (auto const& [axis, value] : map) {
    if (!o.domain.contains(axis)) where.mistake(key + "." + axis, fmt::format("the domain has no axis {}", axis));
  }
}

void check_function(Options const& o, std::optional<deck::Function> const& f, std::string const& key,
                    deck::Where const& where) {
  if (!f) return;
  if (f->is_word() && !o.exact) where.mistake(key, "from_exact needs the key exact");
  for (auto const& axis : kAxes) {
    if (f->uses(axis) && !o.domain.contains(axis)) where.mistake(key, fmt::format("the domain has no axis {}", axis));
  }
}

void check_face(Options const& o, std::optional<FaceOptions> const& face, std::string const& key,
                deck::Where const& where) {
  if (!face || face->is_none()) return;
  for (auto const& [name, f] :
       {std::pair{"value", face->value}, std::pair{"slope", face->slope}, std::pair{"curvature", face->curvature}}) {
    check_function(o, f, key + "." + name, where);
  }
  bool const complete = face->value && (face->slope || face->condition != ConditionName::clamped) &&
                        (face->curvature || face->condition != ConditionName::supported);
  if (!complete && !o.exact) where.mistake(key, "a value is missing, and there is no exact to take it from");
}

void check_boundary(Options const& o, deck::Where const& where) {
  auto const& b = o.boundary;
  check_face(o, b.all, "boundary.all", where);
  for (auto const& axis : b.periodic) {
    if (!o.domain.contains(axis)) where.mistake("boundary.periodic", fmt::format("the domain has no axis {}", axis));
  }
  for (auto const& axis : kAxes) {
    bool const periodic = std::find(b.periodic.begin(), b.periodic.end(), axis) != b.periodic.end();
    for (int side = 0; side < 2; ++side) {
      auto const name = axis + (side == 0 ? "_low" : "_high"), key = "boundary." + name;
      auto const& face = b.face(axis, side);
      check_face(o, face, key, where);
      if (face && !o.domain.contains(axis)) where.mistake(key, fmt::format("the domain has no axis {}", axis));
      if (face && periodic) where.mistake(key, fmt::format("axis {} is periodic and has no faces", axis));
    }
  }
}

/// The published training knows uniform nodes that include the ends, on one or two axes.
void check_joint(Options const& o, deck::Where const& where) {
  if (o.covariance.learning() != Learn::joint) return;
  if (o.nodes != grid::Nodes::uniform) where.mistake("nodes", "covariance.learn: joint needs uniform nodes");
  if (o.domain.size() > 2)
    where.mistake("covariance.learn", "joint is the published training in one or two dimensions");
}

void check_domain(Options const& o, deck::Where const& where) {
  for (std::size_t axis = 1; axis < kSpace.size(); ++axis) {
    if (o.domain.contains(kSpace[axis]) && !o.domain.contains(kSpace[axis - 1])) {
      where.mistake("domain", fmt::format("axis {} without axis {}; name axes of space in the order x, y, z",
                                          kSpace[axis], kSpace[axis - 1]));
    }
  }
  for (auto const& [axis, interval] : o.domain) {
    if (interval.high - interval.low < 1e-100)
      where.mistake("domain." + axis, "shorter than 1e-100; scale the coordinates");
  }
  if (o.domain.empty()) where.mistake("domain", "needs at least one axis, e.g. {x: [0, 1]}");
  if (o.domain.size() > 3) where.mistake("domain", "has four axes; three is the most");
}

void check_equation_axes(Options const& o, deck::Where const& where) {
  auto const& e = o.equation;
  for (std::size_t i = 0; i < e.linear.size(); ++i) {
    auto const key = fmt::format("equation.linear.{}", i);
    check_function(o, e.linear[i].coefficient, key + ".coefficient", where);
    for (auto const& [axis, order] : e.linear[i].d) {
      if (!o.domain.contains(axis)) where.mistake(key + ".d", fmt::format("the domain has no axis {}", axis));
    }
  }
  check_function(o, e.diffusivity, "equation.diffusivity", where);
  for (auto const& [axis, f] : e.velocity) {
    check_function(o, f, "equation.velocity." + axis, where);
    if (!o.domain.contains(axis)) where.mistake("equation.velocity", fmt::format("the domain has no axis {}", axis));
  }
  check_function(o, e.nonlinear, "equation.nonlinear", where);
  for (auto const& axis : kAxes) {
    if (e.nonlinear && e.nonlinear->uses("u_" + axis) && !o.domain.contains(axis)) {
      where.mistake("equation.nonlinear", fmt::format("the domain has no axis {}", axis));
    }
  }
  using enum EquationName;
  if ((e.name() == heat || e.name() == advection || e.name() == burgers) &&
      (!o.domain.contains("t") || !o.domain.contains("x"))) {
    where.mistake("equation", "an equation in time needs an axis t and an axis x in the domain");
  }
}

/// Rules between keys; whether all hold, so that a model can be made.
bool check_keys(Options const& o, deck::Where const& where) {
  auto const before = where.mistakes();
  check_domain(o, where);
  check_axes(o, o.grid, "grid", "number of nodes", where);
  if (!o.covariance.bands.empty()) check_axes(o, o.covariance.bands, "covariance.bands", "bands", where);
  if (!o.covariance.components.empty())
    check_axes(o, o.covariance.components, "covariance.components", "components", where);
  check_function(o, o.exact, "exact", where);
  if (o.observations) return where.mistakes() == before;
  if (o.source && o.equation.source) where.mistake("source", "given here and in equation.source");
  if (!o.source && !o.equation.source)
    where.mistake("source", "missing; give an expression, or from_exact with the key exact");
  check_joint(o, where);
  check_function(o, o.source, "source", where);
  check_function(o, o.equation.source, "equation.source", where);
  check_equation_axes(o, where);
  check_boundary(o, where);
  return where.mistakes() == before;
}

}  // namespace

std::vector<std::string> Options::axis_names() const {
  std::vector<std::string> names;
  for (auto const& axis : kAxes) {
    if (domain.contains(axis)) names.push_back(axis);
  }
  return names;
}

deck::Schema<Options> schema() {
  deck::Schema<Options> s{"A partial differential equation on a box, solved by a Gaussian process"};
  s.add("domain", &Options::domain, "Interval of each axis; at most three, of x, y, z and the time t")
      .keys(kAxes)
      .between(-1e100, 1e100)
      .required()
      .example("{x: [0, 2*pi], y: [0, 1]}");
  s.add("grid", &Options::grid, "Number of nodes along each axis, whose factors are dense matrices")
      .keys(kAxes)
      .between(8, 8192)
      .required()
      .example("{x: 200, y: 200}");
  s.add("nodes", &Options::nodes,
        "Where the nodes lie; uniform needs three nodes for each basis function, the others half of that")
      .choices({{"uniform", grid::Nodes::uniform},
                {"gauss_legendre", grid::Nodes::gauss_legendre},
                {"chebyshev", grid::Nodes::chebyshev}});
  s.section("equation", &Options::equation, equation_schema());
  s.add("source", &Options::source, "Right-hand side; from_exact makes the one that exact solves")
      .names(kAxes)
      .one_of({"from_exact"});
  s.section("boundary", &Options::boundary, boundary_schema());
  s.add("exact", &Options::exact, "Exact solution, if known; with it the error is measured").names(kAxes);
  s.section("covariance", &Options::covariance, covariance_schema(kAxes));
  s.section("observations", &Options::observations, observation_schema(kAxes));
  s.section("uncertainty", &Options::uncertainty, uncertainty_schema());
  s.section("conservation", &Options::conservation, conservation_schema(kAxes));
  s.add("off_grid_tolerance", &Options::off_grid_tolerance,
        "Largest relative residual, at points off the grid, of a solution that is called one")
      .above(0.0);
  s.check([](Options const& o, deck::Where const& where) {
    if (o.conservation && !o.observations) where.mistake("conservation", "only a regression on observations has it");
    if (!check_keys(o, where)) return;
    o.observations ? check_regression(o, where) : check_model(o, where);
  });
  return s;
}

deck::Schema<Solver> solver_schema() {
  deck::Schema<Solver> s{"Tolerances of the solver; the defaults reach rounding"};
  s.add("basis_tolerance", &Solver::basis_tolerance, "Singular values below this times the largest are cut off")
      .between(1e-15, 1e-2);
  s.add("rtol", &Solver::rtol, "Relative tolerance of conjugate gradients in one pass").between(1e-15, 1e-1);
  s.add("max_iterations", &Solver::max_iterations, "Most iterations of conjugate gradients in one pass").at_least(1);
  s.add("refinements", &Solver::refinements, "Passes after the first, each on a residual formed on the grid")
      .between(0, 10);
  s.add(
       "layout", &Solver::layout,
       "How ranks share out a problem of three axes: slab, blocks of the first; pencil, blocks of the first two; auto: "
       "slab until there are more ranks than basis functions along the first axis")
      .choices({{"auto", Arrangement::automatic}, {"slab", Arrangement::slab}, {"pencil", Arrangement::pencil}});
  s.add(
       "core_precision", &Solver::core_precision,
       "Numbers of the products inside conjugate gradients: single takes half the time and messages of double, and one "
       "more pass, whose residual is formed in double precision, makes up for it. Without effect where the "
       "iteration runs on the grid (variable coefficients, Helmholtz, time)")
      .choices({{"double", CorePrecision::double_precision}, {"single", CorePrecision::single}});
  s.add(
       "preconditioner", &Solver::preconditioner,
       "auto: by the equation; tau: by second derivatives along the axes, elliptic equations of second order; ritz: by "
       "eigenvalues of the axes' own operators, elliptic ones; schur: by Schur forms of these, anything")
      .choices({{"auto", PreconditionerName::automatic},
                {"tau", PreconditionerName::tau},
                {"ritz", PreconditionerName::ritz},
                {"schur", PreconditionerName::schur}});
  return s;
}

deck::Schema<Output> output_schema() {
  deck::Schema<Output> s{"What is written, and where"};
  s.add("fields", &Output::fields, "Fields on the grid; error only where exact is given")
      .choices({{"solution", Field::solution},
                {"variance", Field::variance},
                {"residual", Field::residual},
                {"error", Field::error}});
  s.add("core", &Output::core,
        "Write coefficients and bases, from which the solution can be evaluated anywhere; with an empty list of fields "
        "the file is then as small as the core");
  return s;
}

}  // namespace kroma::gp_pde
