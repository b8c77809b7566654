#include "problems/gp_pde/options.hpp"

#include <fmt/format.h>

#include "problems/gp_pde/model.hpp"

namespace kroma::gp_pde {
namespace {

std::vector<std::string> const kAxes{"x", "y", "z"};

deck::Schema<TermOptions> term_schema() {
  deck::Schema<TermOptions> s{"A term of the equation: coefficient times a derivative of u"};
  s.add("coefficient", &TermOptions::coefficient, "Constant factor");
  s.add("d", &TermOptions::d, "Order of the derivative along each axis, e.g. {x: 2}; without it the term is u itself")
      .keys(kAxes)
      .between(0, 2);
  return s;
}

deck::Schema<EquationOptions> equation_schema() {
  deck::Schema<EquationOptions> s{"Left-hand side L u of the equation L u = source; a name alone is enough"};
  s.shorthand("name");
  s.add(
       "name", &EquationOptions::given_name,
       "poisson (the rule): sum of the second derivatives; reaction: the same minus reaction * u; linear: the terms of "
       "that list")
      .choices(
          {{"poisson", EquationName::poisson}, {"reaction", EquationName::reaction}, {"linear", EquationName::linear}});
  s.add("reaction", &EquationOptions::reaction, "Factor of u in the reaction equation").at_least(0.0);
  s.section("linear", &EquationOptions::linear, term_schema());
  s.add("source", &EquationOptions::source, "Right-hand side; another place for the key source of gp_pde")
      .names(kAxes)
      .one_of({"from_exact"});
  s.check([](EquationOptions const& o, deck::Where const& where) {
    if (o.reaction > 0 && o.name() != EquationName::reaction)
      where.mistake("reaction", "only equation reaction has it");
    if (o.linear.empty() && o.name() == EquationName::linear) where.mistake("name", "linear needs the list linear");
    if (!o.linear.empty() && o.name() != EquationName::linear) where.mistake("linear", "only equation linear has it");
  });
  return s;
}

deck::Schema<BoundaryOptions> boundary_schema() {
  deck::Schema<BoundaryOptions> s{"Dirichlet data, u on the faces of the box; one function alone is for all faces"};
  s.shorthand("all");
  s.add("all", &BoundaryOptions::all, "u on every face without a key of its own; from_exact takes it from exact")
      .names(kAxes)
      .one_of({"from_exact"});
  struct Face {
    char const* name;
    std::optional<deck::Function> BoundaryOptions::*member;
    char const* doc;
  };
  for (auto const& face : {Face{"x_low", &BoundaryOptions::x_low, "u where x is lowest"},
                           Face{"x_high", &BoundaryOptions::x_high, "u where x is highest"},
                           Face{"y_low", &BoundaryOptions::y_low, "u where y is lowest"},
                           Face{"y_high", &BoundaryOptions::y_high, "u where y is highest"},
                           Face{"z_low", &BoundaryOptions::z_low, "u where z is lowest"},
                           Face{"z_high", &BoundaryOptions::z_high, "u where z is highest"}}) {
    s.add(face.name, face.member, face.doc).names(kAxes);
  }
  return s;
}

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

void check_boundary(Options const& o, deck::Where const& where) {
  auto const& b = o.boundary;
  check_function(o, b.all, "boundary.all", where);
  for (std::size_t axis = 0; axis < kAxes.size(); ++axis) {
    for (int side = 0; side < 2; ++side) {
      auto const key = kAxes[axis] + (side == 0 ? "_low" : "_high");
      auto const& face = b.face(axis, side);
      check_function(o, face, "boundary." + key, where);
      if (face && !o.domain.contains(kAxes[axis])) {
        where.mistake("boundary." + key, fmt::format("the domain has no axis {}", kAxes[axis]));
      }
      if (!face && !b.all && o.domain.contains(kAxes[axis])) {
        where.mistake("boundary", fmt::format("face {} has no data; give it, or one function for all faces", key));
      }
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

/// Rules between keys; whether all hold, so that a model can be made.
bool check_keys(Options const& o, deck::Where const& where) {
  auto const before = where.mistakes();
  for (std::size_t axis = 1; axis < kAxes.size(); ++axis) {
    if (o.domain.contains(kAxes[axis]) && !o.domain.contains(kAxes[axis - 1])) {
      where.mistake("domain", fmt::format("axis {} without axis {}; name axes in the order x, y, z", kAxes[axis],
                                          kAxes[axis - 1]));
    }
  }
  for (auto const& [axis, interval] : o.domain) {
    if (interval.high - interval.low < 1e-100)
      where.mistake("domain." + axis, "shorter than 1e-100; scale the coordinates");
  }
  if (o.domain.empty()) where.mistake("domain", "needs at least one axis, e.g. {x: [0, 1]}");
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
  check_boundary(o, where);
  return where.mistakes() == before;
}

}  // namespace

deck::Schema<Options> schema() {
  deck::Schema<Options> s{"A partial differential equation on a box, solved by a Gaussian process"};
  s.add("domain", &Options::domain, "Interval of each axis")
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
