#pragma once

#include <string>
#include <vector>

#include "problems/gp_pde/boundary.hpp"
#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/spectrum.hpp"

namespace kroma::gp_pde {

/// What the data show of the solution's spectrum along one axis.
struct AxisSupport {
  std::vector<double> frequency;  // cycles per unit length, from 0 to the axis's limit
  std::vector<double> modulus;    // estimate of the solution's, largest over fibres; 1 at its maximum
  std::vector<FrequencyBand>
      bands;  // where modulus is above the tolerance, widened by 1 / length; [0, 8 / length] always
};

/// Kaiser's window at t in [-1, 1], with side lobes below `tolerance` (Kaiser 1974: beta = 2.3 * 1.05 * digits).
double kaiser_window(double t, double tolerance);

/// Window and transform of one axis: rows are Kaiser-windowed cosines and sines at `frequency`, with quadrature
/// weights, so that they serve equispaced and Gauss nodes alike. As dense matrices they are mode products, which run
/// wherever kernels run and need no other distribution of the data than the solver's; they cost less than one CG
/// iteration's products per 10 frequencies a node.
struct WindowedTransform {
  std::vector<double> frequency;
  HostMatrix cosine, sine;  // (frequencies, n)
};
/// Frequencies of an axis up to the highest that its nodes carry.
int window_frequencies(grid::Axis const& axis);
inline constexpr int kRowsAtOnce = 64;  // frequencies transformed together: bounds the workspace
WindowedTransform windowed_transform(grid::Axis const& axis, double tolerance, double limit);

/// Stage 0: spectral support of the solution of `equation` from its source (values at the nodes, slab) and its boundary
/// data, axis by axis. The source's modulus is divided by the symbol of the operator along the axis; boundary data
/// count along the faces, and into the direction normal to a face up to the frequency at which the operator's two parts
/// balance (harmonic layers exp(-k s), waves, transported profiles). The equation must have no factors: freeze it
/// first. Collective.
std::vector<AxisSupport> detect_support(Equation const& equation, std::vector<grid::Axis> const& axes,
                                        Boundary const& boundary, Tensor source, grid::Layout const& nodes,
                                        double tolerance);

}  // namespace kroma::gp_pde
