#include "problems/diffusion_couple/markers.hpp"

#include <algorithm>
#include <cmath>

namespace kroma::diffusion_couple {

double MarkerField::operator()(double lambda) const {
  double const at = lambda * std::sqrt(time);
  if (time == 0 || m.empty() || at <= m.front() || at >= m.back()) return 0;
  auto const i = static_cast<std::size_t>(std::upper_bound(m.begin(), m.end(), at) - m.begin()) - 1;
  double const share = (at - m[i]) / (m[i + 1] - m[i]);
  return std::sqrt(time) * ((1 - share) * velocity[i] + share * velocity[i + 1]);
}

std::vector<KirkendallPlane> kirkendall_planes(MarkerField const& field) {
  std::vector<KirkendallPlane> planes;
  auto const excess = [&](std::size_t i) { return field.m[i] - 2 * field.time * field.velocity[i]; };
  for (std::size_t i = 0; i + 1 < field.m.size(); ++i) {
    double const a = excess(i), b = excess(i + 1);
    if (!(a * b < 0) && a != 0) continue;
    double const share = a / (a - b);
    planes.push_back({(1 - share) * field.m[i] + share * field.m[i + 1], b > a});
  }
  return planes;
}

double move_marker(double m, MarkerField const& before, MarkerField const& after) {
  if (m == 0 && before.time == 0) {
    auto const planes = kirkendall_planes(after);
    auto const stable = std::find_if(planes.begin(), planes.end(), [](auto const& plane) { return plane.stable; });
    return stable == planes.end() ? 0.0 : stable->m;
  }
  double const start = std::sqrt(before.time), end = std::sqrt(after.time), step = end - start;
  // dm / d(sqrt t) = 2 sqrt(t) v
  auto const rate = [&](double share, double at) {
    double const root = start + share * step;
    if (root == 0) return 0.0;
    double const old_rate = before.time == 0 ? after(at / root) : before(at / root);
    return 2 * ((1 - share) * old_rate + share * after(at / root));
  };
  double const k1 = rate(0, m), k2 = rate(0.5, m + 0.5 * step * k1), k3 = rate(0.5, m + 0.5 * step * k2),
               k4 = rate(1, m + step * k3);
  return m + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
}

}  // namespace kroma::diffusion_couple
