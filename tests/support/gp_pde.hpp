#pragma once

#include <string>
#include <vector>

#include "linalg/kronecker.hpp"
#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/boundary.hpp"
#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/sampling.hpp"

namespace kroma::test {

inline deck::Function function(std::string const& text) { return deck::Function::expression(text, {"x", "y", "z"}); }

/// The same Dirichlet data on every face of the unit box.
inline gp_pde::Boundary same_on_all_faces(std::string const& text, std::size_t axes) {
  gp_pde::Boundary boundary;
  for (std::size_t d = 0; d < axes; ++d) {
    boundary.faces.emplace_back();
    for (std::size_t side = 0; side < 2; ++side) {
      gp_pde::Condition condition;
      condition.data = function(text);
      condition.place = static_cast<double>(side);
      boundary.faces.back()[side].push_back(condition);
    }
    boundary.periodic.push_back(false);
    boundary.surplus.emplace_back();
  }
  return boundary;
}

/// Second derivatives with the given coefficients, and a reaction.
inline gp_pde::Equation elliptic(std::vector<double> const& second, double reaction = 0.0) {
  gp_pde::Equation equation;
  for (std::size_t d = 0; d < second.size(); ++d) {
    gp_pde::Term term{second[d], {0, 0, 0}, {}};
    term.orders[d] = 2;
    equation.terms.push_back(term);
  }
  if (reaction != 0.0) equation.terms.push_back({reaction, {0, 0, 0}, {}});
  return equation;
}

/// Bases of prime size on Gauss-Legendre nodes of [0, 1], with all frequencies up to `band`.
inline std::vector<gp_pde::AxisBasis> small_bases(std::size_t axes, double band = 8.0) {
  std::vector<grid::Axis> made;
  std::vector<gp_pde::Features> features;
  std::vector<gp_pde::Truncation> truncation;
  for (std::size_t d = 0; d < axes; ++d) {
    int const n = std::vector{59, 53, 47}[d];
    made.push_back(grid::make_axis(std::string(1, "xyz"[d]), grid::Nodes::gauss_legendre, n, 0.0, 1.0));
    features.push_back(gp_pde::band_features({{0.0, band}}, 1.0));
    truncation.push_back({1e-12, 35});
  }
  return gp_pde::make_bases(MPI_COMM_WORLD, made, features, truncation);
}

inline gp_pde::PointSet nodes_of(std::vector<gp_pde::AxisBasis> const& bases) {
  gp_pde::PointSet points;
  for (auto const& basis : bases) points.push_back(basis.axis.nodes);
  return points;
}

}  // namespace kroma::test
