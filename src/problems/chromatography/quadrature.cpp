#include "problems/chromatography/quadrature.hpp"

#include <algorithm>
#include <cmath>

#include "grid/axis.hpp"

namespace kroma::chromatography {

Quadrature composite_rule(std::vector<double> breaks, double end, double panel) {
  auto const unit = grid::make_axis("t", grid::Nodes::gauss_legendre, 16, 0.0, 1.0);
  breaks.push_back(end);
  std::sort(breaks.begin(), breaks.end());
  Quadrature rule;
  double from = 0;
  for (double const at : breaks) {
    double const to = std::min(at, end);
    if (!(to > from)) continue;
    int const panels = static_cast<int>(std::ceil((to - from) / panel));
    double const width = (to - from) / panels;
    for (int p = 0; p < panels; ++p) {
      for (std::size_t k = 0; k < unit.nodes.size(); ++k) {
        rule.nodes.push_back(from + width * (p + unit.nodes[k]));
        rule.weights.push_back(width * unit.weights[k]);
      }
    }
    from = to;
  }
  return rule;
}

}  // namespace kroma::chromatography
