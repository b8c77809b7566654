#include "problems/gp_pde/equation_options.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kroma::gp_pde {
namespace {

std::vector<std::string> const kAxes{"x", "y", "z", "t"};
std::vector<std::string> const kSpace{"x", "y", "z"};
std::vector<std::string> const kJet{"u", "u_x", "u_y", "u_z", "u_t", "x", "y", "z", "t"};

deck::Schema<TermOptions> term_schema() {
  deck::Schema<TermOptions> s{"A term of the equation: coefficient times a derivative of u"};
  s.add("coefficient", &TermOptions::coefficient, "Factor, a number or a function of the place").names(kAxes);
  s.add("d", &TermOptions::d, "Order of the derivative along each axis, e.g. {x: 2}; without it the term is u itself")
      .keys(kAxes)
      .between(0, 4);
  return s;
}

/// Which keys belong to which named equation.
void check_equation(EquationOptions const& o, deck::Where const& where) {
  using enum EquationName;
  struct Parameter {
    char const* key;
    bool given;
    std::vector<EquationName> owners;
  };
  for (auto const& [key, given, owners] :
       {Parameter{"reaction", o.reaction.has_value(), {reaction}},
        Parameter{"wave_number", o.wave_number.has_value(), {helmholtz}},
        Parameter{"viscosity", o.viscosity.has_value(), {burgers}},
        Parameter{"diffusivity", o.diffusivity.has_value(), {diffusion, heat}},
        Parameter{"velocity", !o.velocity.empty(), {advection}}, Parameter{"linear", !o.linear.empty(), {linear}}}) {
    bool const takes = std::find(owners.begin(), owners.end(), o.name()) != owners.end();
    if (given && !takes) where.mistake(key, fmt::format("the equation of this name has no {}", key));
    if (!given && takes && o.name() != heat && o.name() != reaction) {
      where.mistake("name", fmt::format("this equation needs the key {}", key));
    }
  }
}

}  // namespace

deck::Schema<EquationOptions> equation_schema() {
  using enum EquationName;
  deck::Schema<EquationOptions> s{"Left-hand side L u + N(u) of the equation L u + N(u) = source; a name is enough"};
  s.shorthand("name");
  s.add("name", &EquationOptions::given_name,
        "poisson (the rule): Laplacian u, over all axes; helmholtz: Laplacian u + wave_number^2 u; reaction: Laplacian "
        "u - reaction u; diffusion: -div(diffusivity grad u); allen_cahn: Laplacian u + u (u^2 - 1); advection: u_t + "
        "velocity . grad u; heat: u_t - div(diffusivity grad u); burgers: u_t + u u_x - viscosity Laplacian u; linear: "
        "the terms of that list")
      .choices({{"poisson", poisson},
                {"helmholtz", helmholtz},
                {"reaction", reaction},
                {"diffusion", diffusion},
                {"allen_cahn", allen_cahn},
                {"advection", advection},
                {"heat", heat},
                {"burgers", burgers},
                {"linear", linear}});
  s.add("reaction", &EquationOptions::reaction, "Factor of u in the reaction equation; 0 by default").at_least(0.0);
  s.add("wave_number", &EquationOptions::wave_number, "k in the Helmholtz equation").above(0.0);
  s.add("viscosity", &EquationOptions::viscosity, "Of Burgers' equation").above(0.0);
  s.add("diffusivity", &EquationOptions::diffusivity, "Of diffusion and heat, which takes 1 without it; > 0 everywhere")
      .names(kAxes);
  s.add("velocity", &EquationOptions::velocity, "Of advection, along each axis of space, e.g. {x: 200}").keys(kSpace);
  s.section("linear", &EquationOptions::linear, term_schema());
  s.add("nonlinear", &EquationOptions::nonlinear,
        "Added to the left-hand side: N of u, of its first derivatives u_x, u_y, u_z, u_t and of the place")
      .names(kJet)
      .example("u*(u^2-1)");
  s.add("source", &EquationOptions::source, "Right-hand side; another place for the key source of gp_pde")
      .names(kAxes)
      .one_of({"from_exact"});
  s.check(check_equation);
  return s;
}

}  // namespace kroma::gp_pde
