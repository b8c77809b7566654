#pragma once

#include <vector>

namespace kroma::chromatography {

/// Spectral basis in xi = rho^2 of functions of the radius rho = r / r_p in [0, 1] that are even: the symmetry at the
/// centre is built in. Nodes are Gauss-Radau for the weight 1/2 xi^((shape - 2) / 2) with xi = 1 fixed.
struct ParticleBasis {
  int points = 0;
  std::vector<double> radius;     // rho of each node, rising; the last is the surface
  std::vector<double> weight;     // of the integral of f rho^(shape - 1) d rho; they add up to 1 / shape
  std::vector<double> laplacian;  // (points, points): W^-1 K, minus the Laplacian with no flux at the surface, r_p = 1
};

/// `shape` is 3 for spheres, 2 for cylinders, 1 for slabs. One point is a particle without inner resistance.
ParticleBasis make_particle_basis(int points, double shape);

}  // namespace kroma::chromatography
