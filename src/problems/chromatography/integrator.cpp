#include "problems/chromatography/integrator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::chromatography {
namespace {

constexpr int kMostCuts = 40;          // of one step, each at least by half: 1e-12 of the step that failed first
constexpr double kContraction = 0.12;  // what Newton's contraction is steered to (measured: the least work)
constexpr double kKeepBelow = 0.05;    // contraction below which factors serve the next step too

}  // namespace

ColumnIntegrator::ColumnIntegrator(Discretisation discretisation, Radau scheme, std::vector<double> scales,
                                   double tolerance)
    : d_{std::move(discretisation)}, solver_{d_, std::move(scheme)}, scales_{std::move(scales)}, tolerance_{tolerance} {
  auto const& l = d_.layout();
  auto const n = l.size();
  auto const stages = static_cast<std::size_t>(solver_.scheme().stages);
  for (auto* list : {&y_, &base_, &linearised_at_, &rates_, &totals_, &work_}) list->assign(n, Pack(0.0));
  for (auto* list : {&stage_, &kept_, &stage_rates_}) list->assign(stages, std::vector<Pack>(n, Pack(0.0)));
  auto const blocks = l.points() * static_cast<std::size_t>(l.places * l.bound);
  jacobian_.by_c.resize(blocks * static_cast<std::size_t>(l.components));
  jacobian_.by_q.resize(blocks * static_cast<std::size_t>(l.bound));
  weight_.assign(static_cast<std::size_t>(l.width()), 0.0);
  entering_.assign((stages + 1) * scales_.size(), 0.0);
  entering_change_.assign(stages * scales_.size(), 0.0);
  left_.assign(scales_.size(), 0.0);
  entered_.assign(scales_.size(), 0.0);
}

void ColumnIntegrator::enter_section() {
  auto const n = scales_.size();
  for (std::size_t row = 0; row * n < entering_.size(); ++row) {
    double const time = row == 0 ? time_ : time_ + scheme().nodes[row - 1] * h_;
    for (std::size_t i = 0; i < n; ++i) entering_[row * n + i] = section_.at(i, time);
  }
}

void ColumnIntegrator::begin(Section const& section, std::size_t number) {
  section_ = section;
  if (tangents_) tangents_->begin(number, d_, y_);
  time_ = section.begin;
  first_ = true;
  careful_ = cuts_ = 0;
  jacobian_is_new_ = false;
  double const crossing = d_.positions().back() / d_.inlet_velocity() / d_.layout().elements;
  h_ = std::min(0.01 * crossing, 0.1 * (section.end - section.begin));
  update_weights();
}

bool ColumnIntegrator::step() {
  double const remaining = section_.end - time_;
  h_ = share_of(remaining, h_);
  bool const last = h_ == remaining;
  while (!attempt()) {
    if (cuts_ > kMostCuts || h_ < 1e-14 * section_.end) give_up("the step was cut below what can be resolved");
  }
  bool const at_end = last && time_ >= section_.end * (1 - 1e-14);
  if (at_end) time_ = section_.end;
  return at_end;
}

bool ColumnIntegrator::attempt() {
  enter_section();
  auto const trial = try_step();
  if (!trial.good()) {
    reject(trial.cut);
    return false;
  }
  Step const taken{time_, h_, first_ ? 0.0 : taken_, contraction_, &weight_, &y_, &stage_, &jacobian_};
  if (tangents_ && !tangents_->advance(d_, solver_, taken)) {
    reject(0.5);
    return false;
  }
  accept(trial.error);
  return true;
}

Trial ColumnIntegrator::try_step() {
  if (factored_h_ != h_) refresh();
  auto const outcome = d_.sorption().linear ? solve_linear_stages() : solve_stages();
  if (outcome != Newton::converged) {
    return {std::numeric_limits<double>::infinity(), outcome == Newton::not_finite ? 0.25 : 0.5};
  }
  double const e = error(), order = scheme().stages + 1;
  if (e < 1) return {e, 1};
  return {e, std::isfinite(e) ? std::clamp(0.9 * std::pow(e, -1 / order), 0.1, 0.9) : 0.1};
}

double ColumnIntegrator::leaving(std::size_t row, int component) const {
  double const c = d_.outlet(y_.data(), component);
  return row == 0 ? c : c + d_.outlet(stage_[row - 1].data(), component);
}

/// Jacobian at the state where the step begins, unless it is from there already, and factors for h_.
void ColumnIntegrator::refresh() {
  bool const constant = d_.sorption().linear && effort_.factorisations > 0;
  if (!jacobian_is_new_ && !constant) {
    d_.sorption_jacobian(y_.data(), jacobian_.by_c.data(), jacobian_.by_q.data());
    linearised_at_ = y_;
    jacobian_is_new_ = true;
  }
  solver_.factor(d_, jacobian_, h_);
  factored_h_ = h_;
  ++effort_.factorisations;
}

/// Linear laws: one iteration is exact, wherever it starts. What is not finite shows up in the error.
ColumnIntegrator::Newton ColumnIntegrator::solve_linear_stages() {
  auto const n = scales_.size();
  d_.rates(entering_.data(), y_.data(), rates_.data());
  for (std::size_t e = 0; e < left_.size() * stage_.size(); ++e) {
    entering_change_[e] = d_.inlet_gain(e % n) * (entering_[n + e] - entering_[e % n]);
  }
  solver_.solve_linear(d_, rates_, entering_change_, stage_);
  iterations_ = 1;
  ++effort_.newton_iterations;
  return Newton::converged;
}

ColumnIntegrator::Newton ColumnIntegrator::solve_stages() {
  int const most = 7 + 2 * (scheme().stages - 3);
  constexpr double enough = 0.03;  // of the allowed error: more does no good (Hairer and Wanner 1996, IV.8)
  solver_.predict(kept_, h_, first_ ? 0.0 : taken_, stage_);
  double last = 0;
  contraction_ = 0;
  for (int turn = 1;; ++turn) {
    double const size = iterate();
    iterations_ = turn;
    ++effort_.newton_iterations;
    if (!std::isfinite(size)) return Newton::not_finite;
    if (turn == 1) {
      if (size < 1e-3 * enough) return Newton::converged;
    } else {
      double const ratio = size / last;
      contraction_ = turn == 2 ? ratio : std::sqrt(ratio * contraction_);
      if (contraction_ >= 0.99) return Newton::diverged;
      double const estimate = contraction_ / (1 - contraction_) * size;
      if (estimate < enough) return Newton::converged;
      if (turn >= most || estimate * std::pow(contraction_, most - turn) > enough) return Newton::slow;
    }
    last = std::max(size, 1e-300);
  }
}

/// One Newton iteration; the size of the correction in units of the allowed error.
double ColumnIntegrator::iterate() {
  for (std::size_t i = 0; i < stage_.size(); ++i) {
    add(y_, stage_[i], work_);
    d_.rates(entering_.data() + (i + 1) * scales_.size(), work_.data(), stage_rates_[i].data());
  }
  return solver_.correct(d_, h_, stage_rates_, weight_, stage_);
}

/// (gamma_0 / h E - J)^-1 (f_0 + E sum_i e_i Z_i / h), filtered once more where it would reject a first step.
double ColumnIntegrator::error() {
  double const* const inlet = entering_.data();
  combine(scheme().error_weights, stage_, 1 / h_, work_);
  d_.to_totals(work_.data(), totals_.data());
  if (!d_.sorption().linear) d_.rates(inlet, y_.data(), rates_.data());
  add(rates_, totals_, work_);
  solver_.solve_real(d_, work_);
  double e = norm(work_);
  if (e >= 1 && (first_ || cuts_ > 0)) {
    add(y_, work_, rates_);
    d_.rates(inlet, rates_.data(), work_.data());
    add(work_, totals_, work_);
    solver_.solve_real(d_, work_);
    e = norm(work_);
  }
  return std::max(e, 1e-10);
}

void ColumnIntegrator::reject(double factor) {
  ++effort_.rejected;
  ++cuts_;
  careful_ = 3;
  h_ *= factor;
  if (first_) h_ *= 0.5;
}

void ColumnIntegrator::accept(double e) {
  double const order = scheme().stages + 1;
  int const most = 7 + 2 * (scheme().stages - 3);
  double const safety = d_.sorption().linear ? 0.9 : 0.9 * (2 * most + 1) / (2 * most + iterations_);
  double factor = std::clamp(safety * std::pow(e, -1 / order), 0.2, 8.0);
  if (!first_) {  // Gustafsson's controller foresees how the error changes
    factor = std::min(factor, safety * (h_ / last_h_) * std::pow(e * e / last_error_, -1 / order));
  }
  if (contraction_ > 0) factor = std::min(factor, std::max(0.2, kContraction / contraction_));
  if (careful_ > 0) {
    factor = std::min(factor, 1.3);
    --careful_;
  }
  account();
  std::swap(base_, y_);
  add(base_, stage_.back(), y_);
  std::swap(kept_, stage_);
  if (tangents_) tangents_->accept();
  taken_ = h_;
  time_ += h_;
  last_h_ = h_;
  last_error_ = std::max(e, 1e-2);
  first_ = false;
  cuts_ = 0;
  ++effort_.steps;
  jacobian_is_new_ = false;
  update_weights();
  bool const keep = d_.sorption().linear || contraction_ < kKeepBelow;
  if (keep && factor >= 1 && factor < 1.25) return;
  h_ *= factor;
  if (!keep) factored_h_ = 0;
}

void ColumnIntegrator::account() {
  auto const n = scales_.size();
  for (std::size_t i = 0; i < n; ++i) {
    double out = 0, in = 0;
    for (std::size_t k = 0; k < stage_.size(); ++k) {
      out += scheme().weights[k] * leaving(k + 1, static_cast<int>(i));
      in += scheme().weights[k] * entering_[(k + 1) * n + i];
    }
    left_[i] = d_.outlet_velocity() * h_ * out;
    entered_[i] = d_.inlet_velocity() * h_ * in;
  }
}

std::vector<double> ColumnIntegrator::outlet(double theta) const {
  std::vector<double> values;
  append_outlet(theta, values);
  return values;
}

void ColumnIntegrator::append_outlet(double theta, std::vector<double>& to) const {
  std::array<double, 7> share;
  scheme().dense(theta, share.data());
  for (int i = 0; i < d_.layout().components; ++i) {
    double c = d_.outlet(base_.data(), i);
    for (std::size_t k = 0; k < kept_.size(); ++k) c += share[k] * d_.outlet(kept_[k].data(), i);
    to.push_back(c);
  }
}

std::vector<double> ColumnIntegrator::outlet_slopes(double theta) const {
  return tangents_ ? tangents_->outlet(d_, scheme().dense(theta)) : std::vector<double>{};
}

std::vector<double> ColumnIntegrator::initial_slopes() const {
  return tangents_ ? tangents_->initial_outlet(d_) : std::vector<double>{};
}

std::vector<Pack> ColumnIntegrator::interpolated(double theta) const {
  std::vector<Pack> values(base_.size());
  combine(scheme().dense(theta), kept_, 1, values);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] += base_[k];
  return values;
}

std::string ColumnIntegrator::worst_place() {
  auto const& l = d_.layout();
  d_.rates(entering_.data(), y_.data(), rates_.data());
  double worst = -1;
  std::string place = "nowhere";
  for (int e = 0; e < l.elements; ++e) {
    for (int j = 0; j < l.nodes; ++j) {
      for (int v = 0; v < l.width(); ++v) {
        double const rate = rates_[l.at(e / kWidth, j) + static_cast<std::size_t>(v)][e % kWidth];
        double const size = std::isfinite(rate) ? std::abs(rate) * h_ * weight_[static_cast<std::size_t>(v)] : 1e300;
        if (size <= worst) continue;
        worst = size;
        int const inside = v < l.place(0) ? v : (v - l.place(0)) % l.stride();
        int const component =
            inside < l.components ? inside : d_.sorption().component[static_cast<std::size_t>(inside - l.components)];
        place = fmt::format("component {} ({}) at x = {:.6g} m", component + 1,
                            inside < l.components ? "in the liquid" : "adsorbed",
                            d_.positions()[static_cast<std::size_t>(e * l.nodes + j)]);
      }
    }
  }
  return place;
}

void ColumnIntegrator::give_up(char const* why) {
  throw solver_failed(fmt::format("at t = {:.6g} s {} ({} cuts, now {:.3g} s); changes fastest: {}", time_, why, cuts_,
                                  h_, worst_place()),
                      "Check the parameters of the sorption law there, or ask for less accuracy.");
}

}  // namespace kroma::chromatography
