#include "problems/chromatography/particle_basis.hpp"

#include <cmath>

#include "problems/chromatography/polynomials.hpp"

namespace kroma::chromatography {

ParticleBasis make_particle_basis(int points, double shape) {
  // rho^(shape-1) d rho = 1/2 xi^((shape-2)/2) d xi, and d/d rho = 2 sqrt(xi) d/d xi: hence the factors 1/2 and 4 xi.
  Real const power = (static_cast<Real>(shape) - 2) / 2;
  auto const nodes = radau_nodes(points, power);
  auto const weights = quadrature_weights(nodes, power);
  auto const d = differentiation_matrix(nodes);
  auto const n = nodes.size();
  ParticleBasis basis;
  basis.points = points;
  for (std::size_t i = 0; i < n; ++i) {
    basis.radius.push_back(static_cast<double>(std::sqrt(nodes[i])));
    basis.weight.push_back(static_cast<double>(weights[i] / 2));
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      Real sum = 0;
      for (std::size_t k = 0; k < n; ++k) sum += d[k * n + i] * 4 * weights[k] * nodes[k] * d[k * n + j];
      basis.laplacian.push_back(static_cast<double>(sum / weights[i]));
    }
  }
  return basis;
}

}  // namespace kroma::chromatography
