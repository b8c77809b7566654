#include "problems/sdp_clustering/dense_sdp.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/packed.hpp"
#include "linalg/dense.hpp"
#include "problems/sdp_clustering/history.hpp"
#include "problems/sdp_clustering/spectral_set.hpp"

namespace kroma::sdp_clustering {
namespace {

HostMatrix zeros(std::size_t rows, std::size_t columns) { return HostMatrix{"sdp_clustering::dense", rows, columns}; }

double dot(HostMatrix a, HostMatrix b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a.data()[i] * b.data()[i];
  return sum;
}

/// The state of the ADMM; costs are scaled to norm 1.
class Admm {
 public:
  Admm(HostMatrix x, int clusters, HostMatrix start, HostMatrix multiplier, DenseLimits const& limits)
      : n_{x.extent(0)},
        clusters_{clusters},
        limits_{limits},
        set_{n_, clusters - 1.0, true},
        gram_{linalg::multiply(x, x, false, true)},
        scale_{std::max(norm(gram_), 1e-300)},
        total_{std::pow(norm(x), 2)},
        z_{zeros(n_, n_)},
        n_part_{zeros(n_, n_)},
        dual_{zeros(n_, n_)},
        work_{zeros(n_, n_)} {
    Kokkos::deep_copy(n_part_, start);
    Kokkos::deep_copy(z_, start);
    for (std::size_t i = 0; i < multiplier.size(); ++i) dual_.data()[i] = -multiplier.data()[i] / (rho_ * scale_);
  }

  DenseSolution solve() {
    int iteration = 0;
    if (limits_.state.empty()) {
      record(0);
    } else {
      iteration = load(limits_.state);
    }
    bool done = closed();
    while (!done && iteration < limits_.most_iterations) {
      ++iteration;
      step();
      if (!std::isfinite(primal_ + dual_residual_)) {
        throw solver_failed(fmt::format("the semidefinite solver met NaN in iteration {}", iteration),
                            "Look for values beyond 1e100 in the data; standardize them.");
      }
      bool const small = residual() <= limits_.tolerance, proven = small && exact_;
      exact_ = small;  // a residual counts once the projection is exact
      if (proven || iteration % 50 == 0) record(iteration);
      done = proven || closed();
      if (!done) adapt(iteration);
      if (!done && asks_to_return(iteration)) return solution_;
    }
    if (iteration > 0 && solution_.history.back().iteration != iteration) record(iteration);
    solution_.iterations = iteration;
    solution_.converged = done;
    solution_.z = n_part_;
    solution_.kkt_residual = iteration == 0 ? initial_residual() : residual();
    return solution_;
  }

 private:
  double residual() const { return std::max(primal_, dual_residual_); }

  bool asks_to_return(int iteration) const {
    if (!limits_.ask) return false;
    return limits_.ask(
        iteration,
        [&] {
          return fmt::format("iteration {}  residual {:.1e}, asked for {:.1e}", iteration, residual(),
                             limits_.tolerance);
        },
        [&] { return save(iteration); });
  }

  std::vector<double> save(int iteration) const {
    std::vector<double> saved{static_cast<double>(iteration),
                              rho_,
                              primal_,
                              dual_residual_,
                              solution_.objective,
                              solution_.bound,
                              exact_ ? 1.0 : 0.0};
    set_.save(saved);
    pack_history(saved, solution_.history);
    for (auto const& matrix : {z_, n_part_, dual_}) pack(saved, {matrix.data(), matrix.size()});
    return saved;
  }

  /// Returns the iteration.
  int load(std::vector<double> const& saved) {
    double const* from = saved.data();
    auto const iteration = static_cast<int>(*from++);
    for (auto* value : {&rho_, &primal_, &dual_residual_, &solution_.objective, &solution_.bound}) *value = *from++;
    exact_ = *from++ != 0;
    set_.load(from);
    solution_.history = unpack_history(from);
    for (auto const& matrix : {z_, n_part_, dual_}) {
      auto const list = unpack(from);
      std::copy(list.begin(), list.end(), matrix.data());
    }
    return iteration;
  }

  /// Whether the rigorous gap is closed.
  bool closed() const {
    double const gap = std::max(limits_.gap, 1e-10);  // a proof to rounding always ends the search
    return limits_.upper - solution_.bound <= gap * std::abs(limits_.upper);
  }

  void step() {
    constexpr double relaxation = 1.6;
    double const inverse = 1.0 / (rho_ * scale_);
    auto const size = z_.size();
    auto *z = z_.data(), *n = n_part_.data(), *u = dual_.data(), *w = work_.data();
    auto const* g = gram_.data();
    for (std::size_t i = 0; i < size; ++i) w[i] = n[i] - u[i] + inverse * g[i];
    set_.project(work_, z_, exact_ ? 0.0 : 0.4 * std::min(primal_, dual_residual_ / rho_));
    double difference = 0, change = 0, size_z = 0;
    for (std::size_t i = 0; i < size; ++i) {
      double const relaxed = relaxation * z[i] - (relaxation - 1) * n[i];
      double const next = std::max(relaxed + u[i], 0.0);
      // -C - rho u lies this far from the normal cone of the spectral set at z
      double const defect = (next - n[i]) + (relaxation - 1) * (n[i] - z[i]);
      u[i] += relaxed - next;
      n[i] = next;
      difference += (z[i] - next) * (z[i] - next);
      change += defect * defect;
      size_z += z[i] * z[i];
    }
    primal_ = std::sqrt(difference) / (1 + std::sqrt(size_z));
    dual_residual_ = rho_ * std::sqrt(change) / 2;  // 1 + |C|, scaled
  }

  void adapt(int iteration) {
    double const factor = penalty_.factor(iteration, primal_, dual_residual_);
    if (factor == 1) return;
    rho_ *= factor;
    set_.expect(1 / factor);
    for (std::size_t i = 0; i < dual_.size(); ++i) dual_.data()[i] /= factor;
  }

  /// Objective and bound of the iterate, into the history.
  void record(int iteration) {
    double const factor = rho_ * scale_;
    for (std::size_t i = 0; i < work_.size(); ++i) work_.data()[i] = -gram_.data()[i] + factor * dual_.data()[i];
    solution_.objective = total_ - dot(gram_, z_);
    double const bound = total_ + peng_wei_bound(work_, clusters_);
    solution_.bound = solution_.history.empty() ? bound : std::max(solution_.bound, bound);
    solution_.history.push_back(
        {iteration, solution_.objective, solution_.bound, iteration == 0 ? kUnknown : residual()});
  }

  /// KKT residual of a start that its multiplier already proves: the gap of the bound, relative to the cost.
  double initial_residual() const { return std::max(0.0, limits_.upper - solution_.bound) / scale_; }

  std::size_t n_;
  int clusters_;
  DenseLimits limits_;
  SpectralSet set_;
  Penalty penalty_;
  HostMatrix gram_;
  double scale_, total_;
  HostMatrix z_, n_part_, dual_, work_;
  double rho_ = 1, primal_ = 0, dual_residual_ = 0;
  bool exact_ = false;
  DenseSolution solution_;
};

}  // namespace

double peng_wei_bound(HostMatrix slack, int clusters) {
  double const all = centre(slack, -(2 * norm(slack) + 1));
  auto const lowest = linalg::lowest_eigenvalues(slack, clusters - 1);
  double bound = all;
  for (double const value : lowest) bound += value;
  return bound;
}

DenseSolution solve_peng_wei(HostMatrix x, int clusters, HostMatrix start, HostMatrix multiplier,
                             DenseLimits const& limits) {
  return Admm{x, clusters, start, multiplier, limits}.solve();
}

}  // namespace kroma::sdp_clustering
