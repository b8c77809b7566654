#include "problems/sdp_clustering/dense_sdp.hpp"

#include <algorithm>
#include <cmath>

#include "linalg/dense.hpp"

namespace kroma::sdp_clustering {
namespace {

/// C = -X X^T.
HostMatrix cost_from(HostMatrix x) {
  auto const cost = linalg::multiply(x, x, false, true);
  for (std::size_t i = 0; i < cost.size(); ++i) cost.data()[i] = -cost.data()[i];
  return cost;
}

class PengWei : public Admm {
 public:
  PengWei(HostMatrix x, int clusters, HostMatrix start, HostMatrix multiplier, DenseLimits const& limits)
      : Admm{{cost_from(x)}, {start}, {SpectralSet{x.extent(0), clusters - 1.0, true}}, limits},
        clusters_{clusters},
        total_{std::pow(norm(x), 2)} {
    for (std::size_t i = 0; i < multiplier.size(); ++i) dual_[0].data()[i] = -multiplier.data()[i] / factor();
  }

  DenseSolution solve() {
    iterate();
    solution_.z = n_part_[0];
    return solution_;
  }

 private:
  void project(Blocks& m) override {
    auto* entries = m[0].data();
    for (std::size_t i = 0; i < m[0].size(); ++i) entries[i] = std::max(entries[i], 0.0);
  }

  Step value() override {
    HostMatrix slack{"sdp_clustering::slack", points(), points()};
    for (std::size_t i = 0; i < slack.size(); ++i) {
      slack.data()[i] = cost_[0].data()[i] + factor() * dual_[0].data()[i];
    }
    return {0, total_ + cost_of(z_), total_ + peng_wei_bound(slack, clusters_), kUnknown};
  }

  int clusters_;
  double total_;
};

}  // namespace

double peng_wei_bound(HostMatrix slack, int clusters) {
  double const size = norm(slack), all = centre(slack, -(2 * size + 1));
  auto const lowest = linalg::lowest_eigenvalues(slack, clusters - 1);
  double bound = all - rounding_of(slack.extent(0), size);
  for (double const value : lowest) bound += value;
  return bound;
}

DenseSolution solve_peng_wei(HostMatrix x, int clusters, HostMatrix start, HostMatrix multiplier,
                             DenseLimits const& limits) {
  return PengWei{x, clusters, start, multiplier, limits}.solve();
}

}  // namespace kroma::sdp_clustering
