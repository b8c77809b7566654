#pragma once

#include <string>
#include <vector>

namespace kroma::grid {

/// How nodes lie on an axis.
enum class Nodes { uniform, gauss_legendre, chebyshev };

/// One axis of a tensor grid: n nodes of [low, high] with the weights of a quadrature rule on them.
struct Axis {
  std::string name;
  double low = 0, high = 1;
  Nodes kind = Nodes::uniform;
  std::vector<double> nodes;    // ascending
  std::vector<double> weights;  // > 0; their sum is the length

  int size() const { return static_cast<int>(nodes.size()); }
  double length() const { return high - low; }
  double centre() const { return 0.5 * (low + high); }
  /// Highest frequency (cycles per unit length) that the widest gap between nodes can carry: 1 / (2 gap). For
  /// Gauss-Legendre and Chebyshev nodes the widest gap, in the middle, is pi/2 times the mean.
  double nyquist() const;
};

/// Nodes and weights of the rule `kind` on [low, high].
///   uniform         both ends and equal steps; equal weights length/n (a discrete mean, as in a periodogram)
///   gauss_legendre  inside the interval; exact for polynomials of degree 2n-1 (roots by Newton's method)
///   chebyshev       extrema cos(pi i/(n-1)), both ends; Clenshaw-Curtis weights (Waldvogel 2006)
/// Throws bad_input if n < 2 or high <= low.
Axis make_axis(std::string name, Nodes kind, int n, double low, double high);

}  // namespace kroma::grid
