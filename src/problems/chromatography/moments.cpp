#include "problems/chromatography/moments.hpp"

#include "problems/chromatography/series.hpp"
#include "problems/chromatography/transform.hpp"

namespace kroma::chromatography {

std::vector<Moments> moments(Column const& column) {
  bool const compressible = column.flow.closure != Closure::constant;
  std::vector<Moments> all;
  for (auto c : make_transfers(column)) {
    double const mixing = c.inverse_peclet;
    if (compressible) c.inverse_peclet = 0;
    auto const g = log_transfer(c, PowerSeries::variable()).c;  // sum of kappa_n (-s)^n / n!
    Moments m{-g[1], 2 * g[2], -6 * g[3], 24 * g[4]};
    if (compressible) {
      // 2 D (1 + k')^2 / u^3 over the length, D and u as 1 / p, p^2 linear in x
      double const delay = m.mean / c.hold_up, outlet = 1 / (c.expansion * c.expansion);
      double const plug = column.length / column.flow.velocity;
      m.variance += mixing * delay * delay * plug * plug * (1 + 1 / outlet);
    }
    all.push_back(m);
  }
  return all;
}

}  // namespace kroma::chromatography
