#include "problems/diffusion_couple/similarity.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "numerics/tridiagonal.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr double kReach = 4.5;  // ends of the grid in units of the error function: 1e-10 of the end members' distance
constexpr int kMostIterations = 100;
constexpr double kConverged = 1e-13;  // relative change of q

/// Grid of a phase from `low` to `high`; denser towards an end that is an end member, where q falls like a Gaussian.
std::vector<double> phase_nodes(double low, double high, bool open_low, bool open_high, int points) {
  std::vector<double> nodes;
  double const from = open_low ? -kReach : 0.0, to = open_high ? kReach : 0.0;
  for (int i = 0; i <= points; ++i) {
    double const share = static_cast<double>(i) / points, s = from + (to - from) * share;
    double fraction = share;
    if (open_low && open_high) fraction = 0.5 * std::erfc(-s);
    if (open_low && !open_high) fraction = std::erfc(-s);
    if (!open_low && open_high) fraction = std::erf(s);
    nodes.push_back(low + (high - low) * fraction);
  }
  nodes.front() = low;
  nodes.back() = high;
  return nodes;
}

/// Solves (T + diag(load / 2 q^2)) y = b on the inner nodes; b has a value per node, ends are left 0.
std::vector<double> solve_linearised(SimilarityGrid const& grid, std::vector<double> const& load,
                                     std::vector<double> const& q, std::vector<double> const& b) {
  auto const inner = grid.c().size() - 2;
  std::vector<double> below(inner), diagonal(inner), above(inner), y(b.begin() + 1, b.end() - 1);
  for (std::size_t i = 0; i < inner; ++i) {
    below[i] = -1 / grid.step(i);
    above[i] = -1 / grid.step(i + 1);
    diagonal[i] = load[i + 1] / (2 * q[i + 1] * q[i + 1]) - below[i] - above[i];
  }
  numerics::solve_tridiagonal(below, diagonal, above, y);
  y.insert(y.begin(), 0.0);
  y.push_back(0.0);
  return y;
}

std::vector<double> sum(SimilarityLoads const& loads) {
  auto total = loads.left;
  for (std::size_t i = 0; i < total.size(); ++i) total[i] += loads.right[i];
  return total;
}

/// Start: the shape of a constant coefficient with the mean load, never 0 inside.
std::vector<double> first_guess(SimilarityGrid const& grid, std::vector<double> const& load) {
  auto const& c = grid.c();
  double total = 0;
  for (auto const value : load) total += value;
  double const span = std::abs(c.back() - c.front()), scale = std::sqrt(total * span);
  std::vector<double> q(c.size(), 0.0);
  for (std::size_t i = 1; i + 1 < c.size(); ++i) {
    double const y = std::abs(c[i] - c.front()) / span;
    q[i] = scale * (2 * y * (1 - y) + 1e-12);
  }
  return q;
}

/// The largest step up to 1 that leaves q positive.
double damping(std::vector<double> const& q, std::vector<double> const& step) {
  double most = 1;
  for (std::size_t i = 1; i + 1 < q.size(); ++i) {
    if (step[i] < 0) most = std::min(most, -0.9 * q[i] / step[i]);
  }
  return most;
}

double slope(SimilarityGrid const& grid, std::vector<double> const& q, std::size_t i) {
  return (q[i + 1] - q[i]) / grid.step(i);
}

}  // namespace

SimilarityGrid::SimilarityGrid(double left, double right, std::vector<Phase> const& phases, int points) {
  double const bottom = std::min(left, right), top = std::max(left, right);
  require(bottom < top, "a couple has two different end members");
  auto const append = [&](double c, int phase, int compound) {
    if (!c_.empty()) phase_.push_back(phase);
    c_.push_back(c);
    compound_.push_back(compound);
  };
  for (std::size_t k = 0; k < phases.size(); ++k) {
    auto const& phase = phases[k];
    int const index = static_cast<int>(k);
    if (phase.high < bottom || phase.low > top) continue;
    if (c_.empty() && phase.low > bottom) {
      if (bottom > 0) throw bad_input(fmt::format("the end member {} lies in no phase", bottom));
      append(bottom, -1, -1);
    }
    if (phase.is_compound()) {
      append(phase.low, -1, index);
      continue;
    }
    double const from = std::max(bottom, phase.low), to = std::min(top, phase.high);
    if (!(from < to)) continue;
    auto const nodes = phase_nodes(from, to, from == bottom, to == top, points);
    for (std::size_t i = 0; i < nodes.size(); ++i) append(nodes[i], i == 0 ? -1 : index, -1);
  }
  if (c_.empty() || c_.back() < top) {
    if (top < 1) throw bad_input(fmt::format("the end member {} lies in no phase", top));
    append(top, -1, -1);
  }
  if (left > right) {
    std::reverse(c_.begin(), c_.end());
    std::reverse(phase_.begin(), phase_.end());
    std::reverse(compound_.begin(), compound_.end());
  }
}

double SimilarityGrid::step(std::size_t i) const { return std::abs(c_[i + 1] - c_[i]); }

SimilarityLoads similarity_loads(SimilarityGrid const& grid, std::vector<Phase> const& phases) {
  auto const& c = grid.c();
  SimilarityLoads loads{std::vector<double>(c.size(), 0.0), std::vector<double>(c.size(), 0.0)};
  double at_end = 0;  // of the interval before
  for (std::size_t i = 0; i + 1 < c.size(); ++i) {
    int const k = grid.phase()[i];
    if (k < 0) continue;
    auto const& D = phases[static_cast<std::size_t>(k)].diffusivity;
    bool const goes_on = i > 0 && grid.phase()[i - 1] == k;
    double const from = goes_on ? at_end : D(c[i]), middle = D(0.5 * (c[i] + c[i + 1])), h = grid.step(i);
    at_end = D(c[i + 1]);
    loads.right[i] = h * (from / 6 + middle / 3);
    loads.left[i + 1] = h * (at_end / 6 + middle / 3);
  }
  for (std::size_t i = 0; i < c.size(); ++i) {
    int const k = grid.compound()[i];
    if (k < 0) continue;
    loads.left[i] = loads.right[i] = 0.5 * phases[static_cast<std::size_t>(k)].integrated;
  }
  return loads;
}

namespace {

/// lambda = -2 q' on both sides of every inner node, from the slopes of the intervals and the loads beside the node.
void set_lambda(SimilarityGrid const& grid, SimilarityLoads const& loads, SimilaritySolution& s) {
  auto const n = s.q.size();
  s.lambda_left.assign(n, 0.0);
  s.lambda_right.assign(n, 0.0);
  for (std::size_t i = 1; i + 1 < n; ++i) {
    bool const compound = grid.compound()[i] >= 0;
    s.lambda_left[i] = -2 * slope(grid, s.q, i - 1) + (compound ? 0.0 : loads.left[i] / s.q[i]);
    s.lambda_right[i] = -2 * slope(grid, s.q, i) - (compound ? 0.0 : loads.right[i] / s.q[i]);
  }
  s.lambda_left[0] = s.lambda_right[0] = s.lambda_left[1];
  s.lambda_left[n - 1] = s.lambda_right[n - 1] = s.lambda_right[n - 2];
}

}  // namespace

SimilaritySolution solve_similarity(SimilarityGrid const& grid, SimilarityLoads const& loads) {
  auto const load = sum(loads);
  SimilaritySolution s;
  s.q = first_guess(grid, load);
  auto const n = s.q.size();
  std::vector<double> residual(n, 0.0);
  while (true) {
    for (std::size_t i = 1; i + 1 < n; ++i) {
      residual[i] = slope(grid, s.q, i) - slope(grid, s.q, i - 1) + load[i] / (2 * s.q[i]);
    }
    auto const step = solve_linearised(grid, load, s.q, residual);
    double const share = damping(s.q, step);
    double change = 0, largest = 0;
    for (std::size_t i = 1; i + 1 < n; ++i) {
      s.q[i] += share * step[i];
      change = std::max(change, std::abs(step[i]));
      largest = std::max(largest, s.q[i]);
    }
    ++s.iterations;
    if (change <= kConverged * largest) break;
    if (s.iterations >= kMostIterations || !std::isfinite(change)) {
      throw solver_failed(fmt::format("the similarity profile does not converge in {} iterations", s.iterations),
                          "Look at the diffusivity: it must be finite and above 0 in every phase.");
    }
  }
  set_lambda(grid, loads, s);
  return s;
}

SimilaritySolution similarity_tangent(SimilarityGrid const& grid, SimilarityLoads const& loads,
                                      SimilaritySolution const& at, SimilarityLoads const& change) {
  auto const load = sum(loads), load_change = sum(change);
  auto const n = at.q.size();
  std::vector<double> b(n, 0.0);
  for (std::size_t i = 1; i + 1 < n; ++i) b[i] = load_change[i] / (2 * at.q[i]);
  SimilaritySolution d;
  d.q = solve_linearised(grid, load, at.q, b);
  d.lambda_left.assign(n, 0.0);
  d.lambda_right.assign(n, 0.0);
  auto const beside = [&](double part, double part_change, std::size_t i) {
    if (grid.compound()[i] >= 0) return 0.0;
    return part_change / at.q[i] - part * d.q[i] / (at.q[i] * at.q[i]);
  };
  for (std::size_t i = 1; i + 1 < n; ++i) {
    d.lambda_left[i] = -2 * slope(grid, d.q, i - 1) + beside(loads.left[i], change.left[i], i);
    d.lambda_right[i] = -2 * slope(grid, d.q, i) - beside(loads.right[i], change.right[i], i);
  }
  d.lambda_left[0] = d.lambda_right[0] = d.lambda_left[1];
  d.lambda_left[n - 1] = d.lambda_right[n - 1] = d.lambda_right[n - 2];
  return d;
}

namespace {

/// Values at the nodes of the coarse grid, extrapolated: the fine grid has twice the intervals in every phase.
SimilaritySolution extrapolate(SimilarityGrid const& coarse, SimilaritySolution a, SimilaritySolution const& b) {
  std::size_t fine = 0;
  auto const combine = [](double& rough, double fine_value) { rough = fine_value + (fine_value - rough) / 3; };
  for (std::size_t i = 0; i < a.q.size(); ++i) {
    combine(a.q[i], b.q[fine]);
    combine(a.lambda_left[i], b.lambda_left[fine]);
    combine(a.lambda_right[i], b.lambda_right[fine]);
    if (i + 1 < a.q.size()) fine += coarse.phase()[i] < 0 ? 1 : 2;
  }
  return a;
}

/// Points of the profile in order of lambda, places still unset.
SimilarityProfile points_of(SimilarityGrid const& grid, SimilaritySolution const& s, std::vector<Phase> const& phases) {
  SimilarityProfile profile;
  auto const& c = grid.c();
  double const sign = c.back() > c.front() ? 1.0 : -1.0;
  profile.left = c.front();
  profile.right = c.back();
  profile.left_phase = grid.phase().front();
  profile.right_phase = grid.phase().back();
  auto const add = [&](double lambda, double composition, double slope_there, int piece_before) {
    if (!profile.c.empty()) profile.phase.push_back(piece_before);
    profile.lambda.push_back(lambda);
    profile.c.push_back(composition);
    profile.slope.push_back(slope_there);
  };
  for (std::size_t i = 0; i < c.size(); ++i) {
    bool const first = i == 0, last = i + 1 == c.size();
    int const before = first ? -1 : grid.phase()[i - 1], after = last ? -1 : grid.phase()[i];
    if ((first && after >= 0) || (last && before >= 0)) continue;  // lambda is infinite there
    if (first || last) {
      add(s.lambda_left[i], c[i], 0.0, before);
    } else if (int const k = grid.compound()[i]; k >= 0) {
      add(s.lambda_left[i], c[i], 0.0, -1);
      add(s.lambda_right[i], c[i], 0.0, k);
    } else {
      double const D = phases[static_cast<std::size_t>(before >= 0 ? before : after)].diffusivity(c[i]);
      add(before >= 0 ? s.lambda_left[i] : s.lambda_right[i], c[i], sign * s.q[i] / D, before);
    }
  }
  return profile;
}

/// Places from lambda: dx = V/V_ref dlambda, by Hermite's rule of fourth order, from the far left that is at rest.
void set_places(SimilarityProfile& profile, VolumeRatio const& volume) {
  auto const n = profile.c.size();
  profile.x = profile.lambda;
  profile.stretch.assign(n, 1.0);
  if (!volume.value) return;
  auto const own_phase = [&](std::size_t i) {
    return i + 1 < n && profile.phase[i] >= 0 ? profile.phase[i] : i > 0 ? profile.phase[i - 1] : profile.left_phase;
  };
  for (std::size_t i = 0; i < n; ++i) profile.stretch[i] = volume.value(own_phase(i), profile.c[i]);
  profile.x[0] = profile.lambda[0] * volume.value(profile.left_phase, profile.left);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    double const h = profile.lambda[i + 1] - profile.lambda[i];
    int const k = profile.phase[i];
    double step = 0;
    if (k >= 0) {
      double const from = volume.slope(k, profile.c[i]) * profile.slope[i];
      double const to = volume.slope(k, profile.c[i + 1]) * profile.slope[i + 1];
      step = 0.5 * h * (profile.stretch[i] + profile.stretch[i + 1]) + h * h / 12 * (from - to);
    }
    profile.x[i + 1] = profile.x[i] + step;
  }
  profile.end_shift = profile.x[n - 1] - profile.lambda[n - 1] * volume.value(profile.right_phase, profile.right);
}

}  // namespace

namespace {

/// Cubic through two values and slopes, a share t of the way h.
double hermite(double t, double h, double from, double to, double slope_from, double slope_to) {
  double const u = 1 - t;
  return from * u * u * (1 + 2 * t) + to * t * t * (1 + 2 * u) + h * t * u * (u * slope_from - t * slope_to);
}

std::size_t piece_of(std::vector<double> const& points, double at) {
  return static_cast<std::size_t>(std::upper_bound(points.begin(), points.end(), at) - points.begin()) - 1;
}

}  // namespace

double SimilarityProfile::composition(double at, bool of_place) const {
  auto const& axis = of_place ? x : lambda;
  if (at <= axis.front()) return left;
  if (at >= axis.back()) return right;
  auto const i = piece_of(axis, at);
  double const h = axis[i + 1] - axis[i];
  return hermite((at - axis[i]) / h, h, c[i], c[i + 1], slope[i] / (of_place ? stretch[i] : 1),
                 slope[i + 1] / (of_place ? stretch[i + 1] : 1));
}

double SimilarityProfile::gradient(double at) const {
  if (at <= lambda.front() || at >= lambda.back()) return 0;
  auto const i = piece_of(lambda, at);
  double const h = lambda[i + 1] - lambda[i], t = (at - lambda[i]) / h, u = 1 - t;
  return 6 * t * u * (c[i + 1] - c[i]) / h + u * (1 - 3 * t) * slope[i] + t * (3 * t - 2) * slope[i + 1];
}

double SimilarityProfile::place(double at) const {
  if (at <= lambda.front()) return x.front() * at / lambda.front();
  if (at >= lambda.back()) return x.back() + (at - lambda.back()) * (x.back() - end_shift) / lambda.back();
  auto const i = piece_of(lambda, at);
  double const h = lambda[i + 1] - lambda[i];
  return hermite((at - lambda[i]) / h, h, x[i], x[i + 1], stretch[i], stretch[i + 1]);
}

double SimilarityProfile::mass_error() const {
  double sum = lambda.front() * (c.front() - left) + lambda.back() * (right - c.back()), size = 0;
  for (std::size_t i = 0; i + 1 < c.size(); ++i) {
    double const h = lambda[i + 1] - lambda[i], mean = 0.5 * (lambda[i] + lambda[i + 1]);
    // By parts: integral of lambda c' over a cubic.
    double const own = mean * (c[i + 1] - c[i]) - h * h / 12 * (slope[i] - slope[i + 1]);
    sum += phase[i] < 0 ? lambda[i] * (c[i + 1] - c[i]) : own;
    size += std::abs(mean * (c[i + 1] - c[i]));
  }
  return std::abs(sum) / size;
}

int SimilarityProfile::phase_at(double at) const {
  if (at <= x.front()) return left_phase;
  if (at >= x.back()) return right_phase;
  return phase[piece_of(x, at)];
}

SimilarityProfile similarity_profile(double left, double right, std::vector<Phase> const& phases, int points,
                                     VolumeRatio const& volume) {
  SimilarityGrid const coarse{left, right, phases, points}, fine{left, right, phases, 2 * points};
  auto const rough = solve_similarity(coarse, similarity_loads(coarse, phases));
  auto const better = solve_similarity(fine, similarity_loads(fine, phases));
  auto profile = points_of(coarse, extrapolate(coarse, rough, better), phases);
  set_places(profile, volume);
  return profile;
}

}  // namespace kroma::diffusion_couple
