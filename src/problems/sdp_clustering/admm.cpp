#include "problems/sdp_clustering/admm.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/packed.hpp"
#include "core/vectorised.hpp"
#include "problems/sdp_clustering/history.hpp"

namespace kroma::sdp_clustering {
namespace {

constexpr double kRelaxation = 1.6;
constexpr int kMemory = 8;         // of the acceleration
constexpr int kEvery = 50;         // iterations between two bounds
constexpr std::size_t kLanes = 8;  // partial sums, so that a loop can be vectorised

std::size_t triangle(std::size_t n) { return n * (n + 1) / 2; }

/// w = n - u - inverse c.
KROMA_VECTORISED void to_project(std::size_t size, double inverse, double const* n, double const* u, double const* c,
                                 double* w) {
  for (std::size_t i = 0; i < size; ++i) w[i] = n[i] - u[i] - inverse * c[i];
}

KROMA_VECTORISED void add(std::size_t size, double const* a, double const* b, double* sum) {
  for (std::size_t i = 0; i < size; ++i) sum[i] = a[i] + b[i];
}

/// u += the over-relaxed z; w gets the same.
KROMA_VECTORISED void relax(std::size_t size, double const* z, double const* n, double* u, double* w) {
  for (std::size_t i = 0; i < size; ++i) w[i] = u[i] += kRelaxation * z[i] - (kRelaxation - 1) * n[i];
}

/// Squares of z - next, of the distance of -C - rho u from the normal cone of the spectral set at z over rho, and of z.
struct Squares {
  double difference = 0, defect = 0, size = 0;
};

/// u -= next, and what that makes of the residuals.
KROMA_VECTORISED Squares settle(std::size_t size, double const* z, double const* n, double const* next, double* u) {
  double difference[kLanes] = {}, defect[kLanes] = {}, whole[kLanes] = {};
  auto const one = [&](std::size_t i, std::size_t lane) {
    double const lag = (next[i] - n[i]) + (kRelaxation - 1) * (n[i] - z[i]);
    u[i] -= next[i];
    difference[lane] += (z[i] - next[i]) * (z[i] - next[i]);
    defect[lane] += lag * lag;
    whole[lane] += z[i] * z[i];
  };
  std::size_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) one(i + lane, lane);
  }
  for (; i < size; ++i) one(i, 0);
  Squares sum;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    sum.difference += difference[lane];
    sum.defect += defect[lane];
    sum.size += whole[lane];
  }
  return sum;
}

Blocks blocks_like(Blocks const& model) {
  Blocks blocks;
  for (auto const& one : model) blocks.emplace_back("sdp_clustering::dense", one.extent(0), one.extent(1));
  return blocks;
}

void copy(Blocks const& from, Blocks& to) {
  for (std::size_t k = 0; k < from.size(); ++k) Kokkos::deep_copy(to[k], from[k]);
}

}  // namespace

// Cost, Z, N, U and a work matrix for each block, and the lower triangles of the acceleration; slack and copies of
// LAPACK's for one block at a time.
double dense_matrices(int blocks) { return blocks * (5 + 0.5 * (2 * kMemory + 4)) + 3; }

Admm::Admm(Blocks cost, Blocks const& start, std::vector<SpectralSet> sets, DenseLimits const& limits)
    : cost_{std::move(cost)},
      z_{blocks_like(start)},
      n_part_{blocks_like(start)},
      dual_{blocks_like(start)},
      n_{start.front().extent(0)},
      limits_{limits},
      sets_{std::move(sets)},
      accelerator_{start.size() * triangle(n_), kMemory},
      work_{blocks_like(start)} {
  for (auto const& block : cost_) scale_ = std::max(scale_, norm(block));
  copy(start, n_part_);
  copy(start, z_);
}

void Admm::iterate() {
  int iteration = 0;
  if (limits_.state.empty()) {
    record(0);
  } else {
    iteration = load(limits_.state);
  }
  bool done = closed();
  while (!done && iteration < limits_.most_iterations) {
    ++iteration;
    auto point = packed();
    step();
    if (!std::isfinite(primal_ + dual_residual_)) {
      throw solver_failed(fmt::format("the semidefinite solver met NaN in iteration {}", iteration),
                          "Look for values beyond 1e100 in the data; standardize them.");
    }
    bool const small = residual() <= limits_.tolerance, proven = small && exact_;
    exact_ = small;  // a residual counts once the projections are exact
    if (proven || iteration % kEvery == 0) record(iteration);
    done = proven || closed();
    if (!done && !small) accelerate(point);
    if (!done) adapt(iteration);
    if (!done && asks_to_return(iteration)) return;
  }
  if (iteration > 0 && solution_.history.back().iteration != iteration) record(iteration);
  solution_.iterations = iteration;
  solution_.converged = done;
  // Of a start that its multiplier already proves: the gap of the bound.
  solution_.kkt_residual = iteration == 0 ? std::max(0.0, limits_.upper - solution_.bound) / scale_ : residual();
}

double Admm::cost_of(Blocks const& z) const {
  double sum = 0;
  for (std::size_t k = 0; k < z.size(); ++k) sum += dot(cost_[k], z[k]);
  return sum;
}

/// Whether the rigorous gap is closed.
bool Admm::closed() const {
  double const gap = std::max(limits_.gap, 1e-10);  // a proof to rounding always ends the search
  return limits_.upper - solution_.bound <= gap * std::abs(limits_.upper);
}

void Admm::step() {
  auto const size = n_ * n_;
  double const allowed = exact_ ? 0.0 : 0.4 * std::min(primal_, dual_residual_ / rho_);
  for (std::size_t k = 0; k < cost_.size(); ++k) {
    auto* w = work_[k].data();
    to_project(size, 1 / factor(), n_part_[k].data(), dual_[k].data(), cost_[k].data(), w);
    sets_[k].project(work_[k], z_[k], allowed);
    relax(size, z_[k].data(), n_part_[k].data(), dual_[k].data(), w);
  }
  project(work_);
  Squares sum;
  for (std::size_t k = 0; k < cost_.size(); ++k) {
    auto const part = settle(size, z_[k].data(), n_part_[k].data(), work_[k].data(), dual_[k].data());
    sum.difference += part.difference;
    sum.defect += part.defect;
    sum.size += part.size;
  }
  std::swap(n_part_, work_);
  primal_ = std::sqrt(sum.difference) / (1 + std::sqrt(sum.size));
  dual_residual_ = rho_ * std::sqrt(sum.defect) / 2;  // 1 + |C|, scaled
}

/// N + U, lower triangles by rows.
std::vector<double> Admm::packed() const {
  std::vector<double> sum(cost_.size() * triangle(n_));
  auto* to = sum.data();
  for (std::size_t k = 0; k < cost_.size(); ++k) {
    for (std::size_t i = 0; i < n_; to += ++i) add(i + 1, &n_part_[k](i, 0), &dual_[k](i, 0), to);
  }
  return sum;
}

/// From the point before the step to that which the acceleration wants next.
void Admm::accelerate(std::vector<double>& point) {
  accelerator_.advance(point, packed());
  auto from = point.begin();
  for (std::size_t k = 0; k < cost_.size(); ++k) {
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++from) dual_[k](i, j) = dual_[k](j, i) = *from;
    }
  }
  copy(dual_, n_part_);
  project(n_part_);
  for (std::size_t k = 0; k < cost_.size(); ++k) {
    for (std::size_t i = 0; i < n_ * n_; ++i) dual_[k].data()[i] -= n_part_[k].data()[i];
  }
}

void Admm::adapt(int iteration) {
  double const change = penalty_.factor(iteration, primal_, dual_residual_);
  if (change == 1) return;
  rho_ *= change;
  for (auto& set : sets_) set.expect(1 / change);
  for (auto& block : dual_) {
    for (std::size_t i = 0; i < block.size(); ++i) block.data()[i] /= change;
  }
  rescaled(change);
  accelerator_.forget();
}

/// Objective and best bound so far, into the history.
void Admm::record(int iteration) {
  auto step = value();
  if (!solution_.history.empty()) step.bound = std::max(step.bound, solution_.bound);
  step.iteration = iteration;
  step.residual = iteration == 0 ? kUnknown : residual();
  solution_.objective = step.objective;
  solution_.bound = step.bound;
  solution_.history.push_back(step);
}

bool Admm::asks_to_return(int iteration) const {
  if (!limits_.ask) return false;
  return limits_.ask(
      iteration,
      [&] {
        return fmt::format("iteration {}  residual {:.1e}, asked for {:.1e}", iteration, residual(), limits_.tolerance);
      },
      [&] { return save(iteration); });
}

std::vector<double> Admm::save(int iteration) const {
  std::vector<double> saved{static_cast<double>(iteration),
                            rho_,
                            primal_,
                            dual_residual_,
                            solution_.objective,
                            solution_.bound,
                            exact_ ? 1.0 : 0.0};
  for (auto const& set : sets_) set.save(saved);
  accelerator_.save(saved);
  pack_history(saved, solution_.history);
  pack(saved, extra_state());
  for (auto const* blocks : {&z_, &n_part_, &dual_}) {
    for (auto const& matrix : *blocks) pack(saved, {matrix.data(), matrix.size()});
  }
  return saved;
}

/// Returns the iteration.
int Admm::load(std::vector<double> const& saved) {
  double const* from = saved.data();
  auto const iteration = static_cast<int>(*from++);
  for (auto* value : {&rho_, &primal_, &dual_residual_, &solution_.objective, &solution_.bound}) *value = *from++;
  exact_ = *from++ != 0;
  for (auto& set : sets_) set.load(from);
  accelerator_.load(from);
  solution_.history = unpack_history(from);
  set_extra_state(unpack(from));
  for (auto const* blocks : {&z_, &n_part_, &dual_}) {
    for (auto const& matrix : *blocks) {
      auto const list = unpack(from);
      std::copy(list.begin(), list.end(), matrix.data());
    }
  }
  return iteration;
}

}  // namespace kroma::sdp_clustering
