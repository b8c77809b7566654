#include "problems/gp_pde/whittle.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace kroma::gp_pde;

// Verifies: the gradient of Whittle's likelihood against central differences, on two axes with an operator that has
// derivatives of order 0, 1 and 2.
TEST(Whittle, GradientAgainstDifferences) {
  Model model;
  model.axes = {kroma::grid::make_axis("x", kroma::grid::Nodes::uniform, 30, 0, 1),
                kroma::grid::make_axis("y", kroma::grid::Nodes::gauss_legendre, 24, 0, 2)};
  model.equation.terms = {{1.0, {2, 0, 0}, {}}, {0.5, {0, 2, 0}, {}}, {3.0, {0, 1, 0}, {}}, {-2.0, {0, 0, 0}, {}}};
  model.source = kroma::deck::Function::expression("sin(20*x)*cos(7*y)+0.3*x", {"x", "y", "z"});
  for (auto const kind : {MixtureKind::gaussian, MixtureKind::student_t}) {
    std::vector<MixtureParameters> const parameters{{kind, 1.0}, {kind, 2.0}};
    Whittle const whittle{model, parameters, {2, 1}};
    auto x = parameters[0].pack({{0.5, 3.0, 0.2}, {0.2, 0.1, 0.4}}, 1e-2);
    auto const other = parameters[1].pack({{0.8, 1.1, 0.5}}, 1e-2);
    x.insert(x.end() - 1, other.begin(), other.end() - 1);
    std::vector<double> gradient(x.size()), unused(x.size());
    whittle(x, gradient);
    for (std::size_t i = 0; i < x.size(); ++i) {
      auto up = x, down = x;
      up[i] += 1e-5;
      down[i] -= 1e-5;
      double const slope = (whittle(up, unused) - whittle(down, unused)) / 2e-5;
      EXPECT_NEAR(gradient[i], slope, 1e-6 * std::max(1.0, std::abs(slope))) << i;
    }
  }
}

}  // namespace
