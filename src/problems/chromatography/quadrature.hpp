#pragma once

#include <vector>

namespace kroma::chromatography {

/// Nodes (rising) and weights of an integral.
struct Quadrature {
  std::vector<double> nodes, weights;
};

/// Gauss-Legendre with 16 nodes on panels no longer than `panel` that cover [0, end]; no panel has one of `breaks`
/// inside.
Quadrature composite_rule(std::vector<double> breaks, double end, double panel);

}  // namespace kroma::chromatography
