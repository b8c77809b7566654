#include "problems/gp_pde/options.hpp"

#include <fmt/format.h>

namespace kroma::gp_pde {
namespace {

std::vector<std::string> const kAxes{"x", "y", "z"};

deck::Schema<TermOptions> term_schema() {
  deck::Schema<TermOptions> s{"One term: coefficient * derivative of u"};
  s.add("coefficient", &TermOptions::coefficient, "Constant factor of the derivative");
  s.add("d", &TermOptions::d, "Order of the derivative along each axis, e.g. {x: 2}; without it the term is u itself")
      .names(kAxes)
      .between(0, 2);
  return s;
}

deck::Schema<EquationOptions> equation_schema() {
  deck::Schema<EquationOptions> s{"Left-hand side L u of L u = source"};
  s.shorthand("name");
  s.add("name", &EquationOptions::name,
        "poisson: sum of the second derivatives; reaction: that minus reaction * u (screened Poisson); linear: the list "
        "under that key")
      .one_of({"poisson", "reaction", "linear"});
  s.add("reaction", &EquationOptions::reaction, "Factor of u in equation: reaction").at_least(0.0);
  s.list("linear", &EquationOptions::linear, term_schema());
  s.add("source", &EquationOptions::source, "Right-hand side; the same as the key source beside equation")
      .names(kAxes);
  return s;
}

deck::Schema<BoundaryOptions> boundary_schema() {
  deck::Schema<BoundaryOptions> s{"Dirichlet data: u on the faces of the box"};
  s.shorthand("all");
  s.add("all", &BoundaryOptions::all, "u on every face that has no key of its own; from_exact takes it from exact")
      .names(kAxes)
      .words({"from_exact"});
  s.add("x_low", &BoundaryOptions::x_low, "u where x is lowest").names(kAxes);
  s.add("x_high", &BoundaryOptions::x_high, "u where x is highest").names(kAxes);
  s.add("y_low", &BoundaryOptions::y_low, "u where y is lowest").names(kAxes);
  s.add("y_high", &BoundaryOptions::y_high, "u where y is highest").names(kAxes);
  s.add("z_low", &BoundaryOptions::z_low, "u where z is lowest").names(kAxes);
  s.add("z_high", &BoundaryOptions::z_high, "u where z is highest").names(kAxes);
  return s;
}

deck::Schema<ComponentOptions> component_schema() {
  deck::Schema<ComponentOptions> s{"One component of a spectral mixture: weight * envelope(t / scale) * cos(2 pi frequency t)"};
  s.add("weight", &ComponentOptions::weight, "Prior variance of the component").above(0.0);
  s.add("frequency", &ComponentOptions::frequency, "Centre, in cycles per unit length").at_least(0.0);
  s.add("scale", &ComponentOptions::scale, "Correlation length of the envelope").above(0.0);
  return s;
}

deck::Schema<CovarianceOptions> covariance_schema() {
  deck::Schema<CovarianceOptions> s{"Prior covariance: a product over axes, each given by its spectrum"};
  s.shorthand("spectrum");
  s.add("spectrum", &CovarianceOptions::spectrum,
        "band: flat where the data have frequencies; gaussian, student_t: spectral mixture with the given components")
      .one_of({"band", "gaussian", "student_t"});
  s.add("learn", &CovarianceOptions::learn,
        "support: find the bands in source and boundary data (the rule for band); none: use bands or components as given")
      .one_of({"support", "none"});
  s.add("support_tolerance", &CovarianceOptions::support_tolerance,
        "Frequencies whose estimated modulus is above this times the largest belong to the support")
      .between(1e-14, 1e-1);
  s.add("bands", &CovarianceOptions::bands, "Per axis, intervals of frequency in cycles per unit length").names(kAxes);
  s.map_of_lists("components", &CovarianceOptions::components, component_schema()).names(kAxes);
  return s;
}

}  // namespace
