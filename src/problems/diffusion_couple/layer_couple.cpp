#include "problems/diffusion_couple/layer_couple.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "numerics/tridiagonal.hpp"
#include "problems/diffusion_couple/line_couple.hpp"
#include "problems/diffusion_couple/output.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr int kDefaultSteps = 200;
constexpr int kMostIterations = 60;
constexpr double kConverged = 1e-10;  // of N, as a mole fraction

PhaseGraph graph_of(PhaseModel const& model, Deck const& deck) {
  auto const& couple = deck.options.couple;
  return {model, couple.left[0], couple.right[0], deck.solver.gap_drop, deck.solver.compound_width};
}

}  // namespace

LayerCouple::LayerCouple(MPI_Comm comm, Deck const& deck, LineMesh mesh)
    : comm_{comm},
      deck_{deck},
      mesh_{std::move(mesh)},
      temperature_{temperature_at(deck.options.anneal, 0)},
      model_{make_phases(deck.options, temperature_)},
      graph_{graph_of(model_, deck)} {
  auto const& couple = deck.options.couple;
  for (std::size_t i = 0; i < mesh_.cells(); ++i) {
    N_.push_back(i < mesh_.contact ? couple.left[0] : couple.right[0]);
    widths_.push_back((mesh_.edges[i + 1] - mesh_.edges[i]) / volume_ratio(N_[i]));
    distances_.push_back(i == 0 ? 0.5 * widths_[0] : 0.5 * (widths_[i - 1] + widths_[i]));
  }
  distances_.push_back(0.5 * widths_.back());
  flux_.assign(mesh_.cells() + 1, 0.0);
  at_.resize(mesh_.cells());
  residual_ = below_ = diagonal_ = above_ = N_;
  first_amount_ = amount();
}

/// Volume of a cell over its molar width: of a phase, or of the phases that share a cell at an interface.
double LayerCouple::volume_ratio(double N) const {
  if (int const k = model_.phase_of(N); k >= 0) return model_.volume.value(k, N);
  for (std::size_t k = 0; k < model_.phases.size(); ++k) {
    auto const& phase = model_.phases[k];
    if (phase.is_compound() && std::abs(N - phase.low) <= deck_.solver.compound_width)
      return model_.volume.value(static_cast<int>(k), phase.low);
  }
  for (auto const& gap : graph_.gaps()) {
    if (N < gap.low || N > gap.high) continue;
    double const share = (N - gap.low) / (gap.high - gap.low);
    return (1 - share) * model_.volume.value(gap.phase_low, gap.low) +
           share * model_.volume.value(gap.phase_high, gap.high);
  }
  return model_.volume.value(-1, std::clamp(N, 0.0, 1.0));
}

double LayerCouple::amount() const {
  double sum = 0;
  for (std::size_t i = 0; i < N_.size(); ++i) sum += widths_[i] * N_[i];
  return sum;
}

/// Times T (k/K)^2: steps in proportion to sqrt(t), as the profile asks for.
double LayerCouple::next_time(double until) const {
  double const end = deck_.options.anneal.time, K = deck_.solver.steps > 0 ? deck_.solver.steps : kDefaultSteps;
  double const k = std::floor(std::sqrt(time_ / end) * K + 1e-9) + 1;
  return std::min(until, end * (k / K) * (k / K));
}

void LayerCouple::set_temperature(double t) {
  double const temperature = temperature_at(deck_.options.anneal, t);
  if (temperature == temperature_) return;
  temperature_ = temperature;
  model_ = make_phases(deck_.options, temperature);
  graph_ = graph_of(model_, deck_);
}

/// Fluxes along +x at all faces from the potentials; an end that is not fixed is sealed.
void LayerCouple::set_fluxes(std::vector<double> const& W) {
  auto const n = W.size();
  auto const end = [&](EndOptions const& options) { return graph_.potential(options.value[0]({time_})); };
  auto const& o = deck_.options;
  for (std::size_t i = 1; i < n; ++i) flux_[i] = (W[i - 1] - W[i]) / distances_[i];
  flux_[0] = o.left_end.kind == EndKind::fixed ? (end(o.left_end) - W[0]) / distances_[0] : 0.0;
  flux_[n] = o.right_end.kind == EndKind::fixed ? (W[n - 1] - end(o.right_end)) / distances_[n] : 0.0;
}

/// How far along a Newton direction p the functional is least: its directional derivative rises, `at_start` at 0; the
/// zero is bracketed and found by bisection with secants (Illinois), to a small part of that. Leaves the graph's values
/// there in `at_`.
double LayerCouple::line_search(double dt, std::vector<double> const& W, std::vector<double> const& p,
                                double at_start) {
  auto const& o = deck_.options;
  auto const n = W.size();
  double linear = 0, curvature = 0;  // of the quadratic part
  for (std::size_t i = 0; i <= n; ++i) {
    bool const fixed = (i == 0 && o.left_end.kind == EndKind::fixed) || (i == n && o.right_end.kind == EndKind::fixed);
    if ((i == 0 || i == n) && !fixed) continue;
    double const drop = (i == n ? 0.0 : p[i]) - (i == 0 ? 0.0 : p[i - 1]);
    linear -= dt * flux_[i] * drop;
    curvature += dt * drop * drop / distances_[i];
  }
  auto const slope = [&](double a) {
    double sum = linear + a * curvature;
    for (std::size_t i = 0; i < n; ++i) {
      at_[i] = graph_(W[i] + a * p[i]);
      sum += p[i] * widths_[i] * (at_[i].composition - N_[i]);
    }
    return sum;
  };
  double low = 0, at_low = at_start, high = 1, at_high = slope(1);
  double const small = 1e-3 * std::abs(at_low);
  if (std::abs(at_high) <= small) return 1;
  while (at_high < 0 && high < 1e6) {
    low = high;
    at_low = at_high;
    high *= 2;
    at_high = slope(high);
  }
  for (int k = 0; k < 60; ++k) {
    double const a = low - at_low * (high - low) / (at_high - at_low), at = slope(a);
    if (std::abs(at) <= small || high - low < 1e-14) return a;
    if (at < 0) {
      low = a;
      at_low = at;
      at_high *= 0.5;
    } else {
      high = a;
      at_high = at;
      at_low *= 0.5;
    }
  }
  static_cast<void>(slope(0.5 * (low + high)));
  return 0.5 * (low + high);
}

/// Newton's system at W, whose graph values are in `at_`; the largest residual as a mole fraction.
double LayerCouple::linearise(double dt, std::vector<double> const& W) {
  auto const n = W.size();
  auto const& o = deck_.options;
  set_fluxes(W);
  double worst = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double const left = i > 0 || o.left_end.kind == EndKind::fixed ? dt / distances_[i] : 0.0;
    double const right = i + 1 < n || o.right_end.kind == EndKind::fixed ? dt / distances_[i + 1] : 0.0;
    residual_[i] = -(widths_[i] * (at_[i].composition - N_[i]) + dt * (flux_[i + 1] - flux_[i]));
    worst = std::max(worst, std::abs(residual_[i]) / widths_[i]);
    below_[i] = -left;
    above_[i] = -right;
    diagonal_[i] = widths_[i] * at_[i].slope + left + right;
  }
  return worst;
}

/// Minimises the functional of one step: W is its potentials, from a first guess on.
void LayerCouple::newton_step(double dt, std::vector<double>& W) {
  auto const n = W.size();
  for (std::size_t i = 0; i < n; ++i) at_[i] = graph_(W[i]);
  double worst = linearise(dt, W);
  for (int k = 0; k < kMostIterations && worst > kConverged; ++k) {
    auto p = residual_;
    numerics::solve_tridiagonal(below_, diagonal_, above_, p);
    // The functional's gradient is the negative residual.
    double const a = line_search(dt, W, p, -std::inner_product(p.begin(), p.end(), residual_.begin(), 0.0));
    for (std::size_t i = 0; i < n; ++i) W[i] += a * p[i];
    ++iterations_;
    worst = linearise(dt, W);
  }
  // A kink of the graph can hold the iteration at a level far below the error of the step; beyond it the step is
  // refused.
  if (!(worst <= 1e-4)) {
    throw solver_failed(fmt::format("t = {} s: the step of the phases does not converge ({:.1e})", time_, worst),
                        "Give more solver.steps, or a larger solver.gap_drop or solver.compound_width.");
  }
}

void LayerCouple::step(double until) {
  double const next = next_time(until), dt = next - time_;
  time_ = next;
  set_temperature(next);
  std::vector<double> W;
  for (double const N : N_) W.push_back(graph_.potential(N));
  newton_step(dt, W);
  for (std::size_t i = 0; i < N_.size(); ++i) N_[i] -= dt * (flux_[i + 1] - flux_[i]) / widths_[i];
  entered_ += dt * (flux_.front() - flux_.back());
  ++steps_;
}

std::string LayerCouple::progress() const { return fmt::format("step {}  newton {}", steps_, iterations_); }

std::vector<double> LayerCouple::places() const {
  std::vector<double> x{0.0};
  for (std::size_t i = 0; i < N_.size(); ++i) x.push_back(x.back() + widths_[i] * volume_ratio(N_[i]));
  return x;
}

std::vector<Jump> LayerCouple::jumps() const {
  bool const rising = deck_.options.couple.right[0] > deck_.options.couple.left[0];
  double const end = places().back();
  std::vector<Jump> found;
  for (auto const& gap : graph_.gaps()) {
    double upper = 0;  // length of what is above the gap, a cell that the interface crosses shared
    for (std::size_t i = 0; i < N_.size(); ++i) {
      double const share = std::clamp((N_[i] - gap.low) / (gap.high - gap.low), 0.0, 1.0);
      double const ratio = share < 1 && share > 0 ? model_.volume.value(gap.phase_high, gap.high) : volume_ratio(N_[i]);
      upper += widths_[i] * ratio * share;
    }
    Jump jump{end - upper, gap.low, gap.high, gap.phase_low, gap.phase_high};
    if (!rising) jump = {upper, gap.high, gap.low, gap.phase_high, gap.phase_low};
    found.push_back(jump);
  }
  if (!rising) std::reverse(found.begin(), found.end());
  return found;
}

std::vector<Layer> LayerCouple::layers() const {
  return layers_between(model_.names, jumps(), deck_.options.components, deck_.options.couple, places().back());
}

void LayerCouple::save(io::Checkpoint& checkpoint) const {
  save_all(checkpoint, comm_, "composition", N_);
  checkpoint.write("time", time_);
  checkpoint.write("entered", entered_);
  checkpoint.write("iterations", iterations_);
}

void LayerCouple::load(io::Checkpoint const& checkpoint) {
  load_all(checkpoint, "composition", N_);
  time_ = checkpoint.value<double>("time");
  entered_ = checkpoint.value<double>("entered");
  iterations_ = checkpoint.value<std::int64_t>("iterations");
  steps_ = checkpoint.step();
}

void LayerCouple::write_axes(io::ResultFile& results) { write_line_axis(results, mesh_); }

void LayerCouple::write_frame(io::ResultFile& results) {
  write_line_frame(results, 1, N_, model_.constant_volume ? std::vector<double>{} : places());
  write_thickness(results, layers());
}

void LayerCouple::finish(Run& run) {
  auto const x = places();
  write_layers(run.results, layers(), time_);
  PlaneTable planes;
  double const x0 = mesh_.interface();
  planes.add("contact", x[mesh_.contact], x0, N_[mesh_.contact], true);
  planes.add("right end", x.back(), mesh_.edges.back(), N_.back(), true);
  planes.write(run.results);
  double const mass = std::max(std::abs(first_amount_), std::abs(entered_));
  run.metrics.set("mass_balance_error", std::abs(amount() - entered_ - first_amount_) / mass);
  run.metrics.set("iterations", iterations_);
  run.metrics.set("steps", steps_);
  estimate_error(run);
}

/// What half the cells and half the steps change: the error itself, as both are of first order.
void LayerCouple::estimate_error(Run& run) const {
  auto deck = deck_;
  deck.solver.steps = std::max(1, (deck.solver.steps > 0 ? deck.solver.steps : kDefaultSteps) / 2);
  LayerCouple coarse{comm_, deck, coarsen(mesh_)};
  while (coarse.time() < deck.options.anneal.time) coarse.step(deck.options.anneal.time);
  auto const mean = average_onto(coarse.mesh_, mesh_, widths_, N_, 1);
  double distance = 0, length = 0, shift = 0;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    distance += coarse.widths_[i] * std::abs(mean[i] - coarse.N_[i]);
    length += coarse.widths_[i];
  }
  auto const fine = jumps(), rough = coarse.jumps();
  for (std::size_t i = 0; i < fine.size(); ++i) shift = std::max(shift, std::abs(fine[i].x - rough[i].x));
  run.metrics.set("error_estimate", distance / length);
  run.metrics.set("interface_error_estimate", shift);
}

}  // namespace kroma::diffusion_couple
