#include "problems/chromatography/bed_integrator.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/packed.hpp"

namespace kroma::chromatography {
namespace {

constexpr int kMostCuts = 40;
constexpr double kNotLimited = 3e-5;  // of a scale: laws that are steep at zero make much of what is below it
constexpr int kMostTurns = 12;        // of Newton's iteration: limiters change sides
constexpr int kMostTurnsAtEnd = 30;   // in the very last step
constexpr double kEnough = 0.03;      // of the allowed error: what Newton leaves (Hairer and Wanner 1996, IV.8)
constexpr double kRelinearise = 0.3;  // contraction above which the Jacobian is made anew within a step
constexpr int kManyTurns = 7;         // after which a step is not made longer
constexpr double kAfterMany = 0.8;    // but so much shorter
constexpr double kKeepBelow = 0.1;    // contraction below which factors serve the next step too
constexpr double kRoundingAtEnd = 1e-13;

int half_band(Bed const& bed) { return 3 * bed.layout().width - 1; }

}  // namespace

BedIntegrator::BedIntegrator(Column const& column, int cells, Radau scheme, double tolerance)
    : bed_{column, cells, std::min(tolerance, kNotLimited)},
      scheme_{std::move(scheme)},
      component_scales_{column.scales()},
      tolerance_{tolerance},
      jacobian_{static_cast<int>(bed_.layout().size()), half_band(bed_), half_band(bed_)},
      real_{jacobian_},
      complex_{jacobian_.size(), jacobian_.lower(), jacobian_.upper()} {
  require(scheme_.stages == 3, "beds are integrated with three stages");
  auto const n = bed_.layout().size();
  y_ = base_ = bed_.initial_state();
  contents_.resize(n);
  bed_.content(y_.data(), contents_.data());
  for (auto* list : {&stage_, &kept_, &stage_contents_, &stage_residual_, &defect_}) {
    list->assign(static_cast<std::size_t>(scheme_.stages), std::vector<double>(n, 0.0));
  }
  work_.resize(n);
  complex_work_.resize(n);
  reached_.assign(static_cast<std::size_t>(bed_.layout().width), 0.0);
  update_scales();
}

Feed BedIntegrator::feed_at(double time) const {
  Feed feed{{}, section_.temperature};
  for (std::size_t i = 0; i < component_scales_.size(); ++i) feed.concentration.push_back(section_.at(i, time));
  return feed;
}

void BedIntegrator::begin(Section const& section, bool final) {
  section_ = section;
  final_ = final;
  time_ = section.begin;
  first_ = true;
  careful_ = cuts_ = 0;
  taken_ = factored_h_ = 0;
  auto const& l = bed_.layout();
  double const crossing = bed_.cell() * l.cells / bed_.outlet_velocity(feed_at(time_), y_.data());
  h_ = std::min(std::abs(0.1 * crossing / l.cells), 0.1 * (section.end - section.begin));
}

bool BedIntegrator::step() {
  double const remaining = section_.end - time_;
  if (h_ > 0.999 * remaining) {
    h_ = remaining;
  } else if (h_ > 0.55 * remaining) {
    h_ = 0.5 * remaining;  // two like steps instead of one and a sliver
  }
  last_ = h_ == remaining;
  while (!attempt()) {
    if (++cuts_ > kMostCuts || h_ < 1e-14 * section_.end) give_up();
    last_ = false;
  }
  cuts_ = 0;
  if (last_) time_ = section_.end;
  return last_;
}

bool BedIntegrator::attempt() {
  auto const reject = [&](double factor) {
    ++effort_.rejected;
    careful_ = 3;
    h_ *= first_ ? 0.5 * factor : factor;
    return false;
  };
  if (factored_h_ != h_ && !factor(y_, time_)) return reject(0.25);
  predict();
  auto const outcome = solve_stages();
  if (outcome != Newton::converged) return reject(outcome == Newton::not_finite ? 0.25 : 0.5);
  double const e = error();
  if (!(e < 1)) return reject(std::isfinite(e) ? std::clamp(0.9 * std::pow(e, -0.25), 0.1, 0.9) : 0.1);
  accept(e);
  return true;
}

/// Factors of gamma / h M + J, linearised at `state` and `time` unless they were before.
bool BedIntegrator::factor(std::vector<double> const& state, double time) {
  auto const feed = feed_at(time);
  std::vector<double> at = state;
  at.insert(at.end(), feed.concentration.begin(), feed.concentration.end());
  at.push_back(feed.temperature);
  if (at != linearised_at_ || mass_.empty()) {
    linearised_at_ = std::move(at);
    linearise();
  }
  ++effort_.factorisations;
  factored_h_ = h_;
  if (factor_shifted()) return true;
  factored_h_ = 0;
  return false;
}

bool BedIntegrator::factor_shifted() {
  auto const& l = bed_.layout();
  auto const fill = [&](auto& matrix, auto shift) {
    int const n = matrix.size();
    for (int column = 0; column < n; ++column) {
      int const first = std::max(0, column - matrix.upper()), last = std::min(n - 1, column + matrix.lower());
      for (int row = first; row <= last; ++row) matrix(row, column) = jacobian_(row, column);
    }
    for (int j = 0, k = 0; j < l.cells; ++j) {
      int const here = static_cast<int>(l.at(j));
      for (int v = 0; v < l.width; ++v) {
        for (int w = 0; w < l.width; ++w, ++k) matrix(here + v, here + w) += shift * mass_[k];
      }
    }
    return matrix.factor();
  };
  return fill(real_, scheme_.real_eigenvalue / factored_h_) && fill(complex_, scheme_.eigenvalue[0] / factored_h_);
}

void BedIntegrator::linearise() {
  auto const n = y_.size();
  Feed const feed{{linearised_at_.begin() + static_cast<long>(n), linearised_at_.end() - 1}, linearised_at_.back()};
  bed_.linearise(feed, linearised_at_.data(), mass_, jacobian_);
}

/// Z extrapolated from the last step's collocation polynomial.
void BedIntegrator::predict() {
  auto const s = stage_.size();
  for (std::size_t i = 0; i < s; ++i) {
    if (first_) {
      std::fill(stage_[i].begin(), stage_[i].end(), 0.0);
      continue;
    }
    auto weights = scheme_.dense(1 + scheme_.nodes[i] * h_ / taken_);
    weights.back() -= 1;
    for (std::size_t k = 0; k < y_.size(); ++k) {
      double z = 0;
      for (std::size_t j = 0; j < s; ++j) z += weights[j] * kept_[j][k];
      stage_[i][k] = z;
    }
  }
}

BedIntegrator::Newton BedIntegrator::solve_stages() {
  bool const polish = last_ && final_;
  int const most = polish ? kMostTurnsAtEnd : kMostTurns;
  double const enough = polish ? std::min(kEnough, kRoundingAtEnd / tolerance_) : kEnough;
  double last = 0, best = 1e300;
  contraction_ = 0;
  for (int turn = 1, since = 1;; ++turn, ++since) {
    double const size = iterate();
    iterations_ = turn;
    ++effort_.newton_iterations;
    if (!std::isfinite(size) || size > 1e3 * best) return Newton::not_finite;
    best = std::min(best, size);
    if (size < 1e-3 * enough) return Newton::converged;
    double const ratio = since > 1 ? size / last : 0;
    if (since > 1) {
      contraction_ = since == 2 ? ratio : std::sqrt(ratio * contraction_);
      if (contraction_ < 0.99 && contraction_ / (1 - contraction_) * size < enough) return Newton::converged;
    }
    bool const stalled = polish && size < 1e-3 * kEnough;  // at rounding
    if (turn >= most || (stalled && contraction_ >= 0.99)) return stalled ? Newton::converged : Newton::slow;
    if (since > 1 && contraction_ > kRelinearise && !stalled) {  // laws that bend at small concentrations, fronts
      for (std::size_t k = 0; k < y_.size(); ++k) work_[k] = y_[k] + stage_.back()[k];
      if (!factor(std::vector<double>(work_), time_ + h_)) return Newton::diverged;
      since = 0;
    }
    last = std::max(size, 1e-300);
  }
}

/// U and R of the stages.
void BedIntegrator::evaluate_stages() {
  for (std::size_t i = 0; i < stage_.size(); ++i) {
    for (std::size_t k = 0; k < y_.size(); ++k) work_[k] = y_[k] + stage_[i][k];
    bed_.content(work_.data(), stage_contents_[i].data());
    bed_.residual(feed_at(time_ + scheme_.nodes[i] * h_), work_.data(), stage_residual_[i].data());
  }
}

/// One Newton iteration; the size of the correction in units of the allowed error.
double BedIntegrator::iterate() {
  auto const s = stage_.size(), n = y_.size();
  evaluate_stages();
  for (std::size_t i = 0; i < s; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      double sum = 0;
      for (std::size_t j = 0; j < s; ++j) sum += scheme_.inverse[i * s + j] * (stage_contents_[j][k] - contents_[k]);
      defect_[i][k] = sum / h_ + stage_residual_[i][k];
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    double real = 0;
    std::complex<double> complex = 0;
    for (std::size_t i = 0; i < s; ++i) {
      real -= scheme_.real_row[i] * defect_[i][k];
      complex -= scheme_.rows[i] * defect_[i][k];
    }
    work_[k] = real;
    complex_work_[k] = complex;
  }
  real_.solve(work_.data());
  complex_.solve(complex_work_.data());
  double sum = 0;
  for (std::size_t i = 0; i < s; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      defect_[i][k] = scheme_.real_vector[i] * work_[k] + 2 * (scheme_.vectors[i] * complex_work_[k]).real();
      stage_[i][k] += defect_[i][k];
    }
    sum += std::pow(norm(defect_[i], true), 2);
  }
  return std::sqrt(sum);
}

/// (gamma_0 / h M + J)^-1 (-R_n + sum_i e_i (U_i - U_n) / h), filtered once more where it would reject a first step.
double BedIntegrator::error() {
  evaluate_stages();
  auto const& l = bed_.layout();
  auto const n = y_.size();
  std::vector<double> change(n), e(n), residual(n);
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < stage_.size(); ++i) {
      change[k] += scheme_.error_weights[i] / h_ * (stage_contents_[i][k] - contents_[k]);
    }
  }
  auto const solve = [&](std::vector<double> const& at) {
    bed_.residual(feed_at(time_), at.data(), residual.data());
    for (std::size_t k = 0; k < n; ++k) {
      bool const algebraic = bed_.is_algebraic(static_cast<int>(k % static_cast<std::size_t>(l.width)));
      e[k] = algebraic ? 0 : change[k] - residual[k];
    }
    real_.solve(e.data());
    return norm(e, false);
  };
  double size = solve(y_);
  if (size >= 1 && (first_ || cuts_ > 0)) {
    for (std::size_t k = 0; k < n; ++k) work_[k] = y_[k] + e[k];
    size = solve(work_);
  }
  return std::max(size, 1e-10);
}

/// Root mean square over the cells and unknowns, all or those of differential equations, in units of the allowed error.
/// A flow that follows from the rates counts by what it moves during the step (Hairer and Wanner 1996, VII.4).
double BedIntegrator::norm(std::vector<double> const& x, bool all) const {
  auto const& l = bed_.layout();
  double sum = 0;
  int count = 0;
  for (int v = 0; v < l.width; ++v) {
    if (!all && !bed_.is_differential(v)) continue;
    double unit = 1 / (tolerance_ * scale_[v]);
    if (v == l.flow && !bed_.is_differential(v)) unit *= std::min(1.0, h_ * bed_.turnover());
    for (int j = 0; j < l.cells; ++j) {
      double const e = unit * x[l.at(j) + static_cast<std::size_t>(v)];
      sum += e * e;
    }
    ++count;
  }
  return std::sqrt(sum / (static_cast<double>(count) * l.cells));
}

void BedIntegrator::accept(double e) {
  double const safety = 0.9 * (2 * kMostTurns + 1) / (2 * kMostTurns + std::min(iterations_, kMostTurns));
  double factor = std::clamp(safety * std::pow(e, -0.25), 0.2, 8.0);
  if (!first_) {  // Gustafsson's controller foresees how the error changes
    factor = std::min(factor, safety * (h_ / last_h_) * std::pow(e * e / last_error_, -0.25));
  }
  if (iterations_ > kManyTurns && !(last_ && final_)) factor = std::min(factor, kAfterMany);
  if (careful_ > 0) {
    factor = std::min(factor, 1.3);
    --careful_;
  }
  account();
  std::swap(base_, y_);
  for (std::size_t k = 0; k < y_.size(); ++k) y_[k] = base_[k] + stage_.back()[k];
  std::swap(kept_, stage_);
  taken_ = last_h_ = h_;
  time_ += h_;
  last_error_ = std::max(e, 1e-2);
  first_ = false;
  ++effort_.steps;
  update_scales();
  bool const keep = contraction_ < kKeepBelow;
  if (keep && factor >= 1 && factor < 1.25) return;
  h_ *= factor;
  factored_h_ = 0;
}

/// Contents at the end of the step, by what passed the faces, and what passed the ends.
void BedIntegrator::account() {
  auto const& l = bed_.layout();
  auto const n = y_.size();
  for (std::size_t k = 0; k < n; ++k) {
    if (bed_.is_algebraic(static_cast<int>(k % static_cast<std::size_t>(l.width)))) continue;
    for (std::size_t i = 0; i < stage_.size(); ++i) contents_[k] -= h_ * scheme_.weights[i] * stage_residual_[i][k];
  }
  Passing const none{std::vector<double>(component_scales_.size(), 0.0), 0, 0};
  passed_ = {none, none, 0};
  auto const gather = [](Passing& to, Passing const& from, double share) {
    for (std::size_t i = 0; i < to.components.size(); ++i) to.components[i] += share * from.components[i];
    to.total += share * from.total;
    to.heat += share * from.heat;
  };
  for (std::size_t i = 0; i < stage_.size(); ++i) {
    double const share = h_ * scheme_.weights[i];
    auto const feed = feed_at(time_ + scheme_.nodes[i] * h_);
    for (std::size_t k = 0; k < n; ++k) work_[k] = y_[k] + stage_[i][k];
    gather(passed_.entered, bed_.entering(feed), share);
    gather(passed_.left, bed_.leaving(feed, work_.data()), share);
    passed_.heat_lost += share * bed_.heat_lost(work_.data());
  }
}

void BedIntegrator::update_scales() {
  auto const& l = bed_.layout();
  for (int j = 0; j < l.cells; ++j) {
    double const* here = y_.data() + l.at(j);
    for (int v = 0; v < l.width; ++v) reached_[v] = std::max(reached_[v], std::abs(here[v]));
  }
  scale_ = bed_.scales(component_scales_, reached_);
}

std::vector<double> BedIntegrator::interpolated(double theta) const {
  auto const share = scheme_.dense(theta);
  auto values = base_;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    for (std::size_t k = 0; k < values.size(); ++k) values[k] += share[i] * kept_[i][k];
  }
  return values;
}

std::string BedIntegrator::worst_place() {
  auto const& l = bed_.layout();
  bed_.residual(feed_at(time_), y_.data(), work_.data());
  double worst = -1;
  std::string place = "nothing";
  for (int j = 0; j < l.cells; ++j) {
    for (int v = 0; v < l.width; ++v) {
      double const rate = work_[l.at(j) + static_cast<std::size_t>(v)];
      double const size = std::isfinite(rate) ? std::abs(rate) / scale_[v] : 1e300;
      if (size <= worst) continue;
      worst = size;
      place = fmt::format("{} at x = {:.6g} m", bed_.name(v), (j + 0.5) * bed_.cell());
    }
  }
  return place;
}

void BedIntegrator::give_up() {
  throw solver_failed(
      fmt::format("at t = {:.6g} s the step was cut below what can be resolved ({} cuts, now {:.3g} s); "
                  "changes fastest: {}",
                  time_, cuts_, h_, worst_place()),
      bed_.is_quasi_steady()
          ? "Where fronts are one or two cells wide, closure: transient with a small pressure drop is sturdier; or "
            "check "
            "the parameters of the sorption law, or ask for less accuracy."
          : "Check the parameters of the sorption law and of the flow there, or ask for less accuracy.");
}

std::vector<double> BedIntegrator::save() const {
  std::vector<double> saved{time_,
                            h_,
                            taken_,
                            last_h_,
                            last_error_,
                            factored_h_,
                            first_ ? 1.0 : 0.0,
                            double(careful_),
                            double(effort_.steps),
                            double(effort_.rejected),
                            double(effort_.newton_iterations),
                            double(effort_.factorisations)};
  for (auto const* list : {&y_, &contents_, &base_, &reached_, &linearised_at_}) pack(saved, *list);
  for (auto const& list : kept_) pack(saved, list);
  return saved;
}

void BedIntegrator::load(std::vector<double> const& saved, Section const& section, bool final) {
  section_ = section;
  final_ = final;
  double const* from = saved.data();
  for (auto* number : {&time_, &h_, &taken_, &last_h_, &last_error_, &factored_h_}) *number = *from++;
  first_ = *from++ != 0;
  careful_ = static_cast<int>(*from++);
  for (auto* count : {&effort_.steps, &effort_.rejected, &effort_.newton_iterations, &effort_.factorisations}) {
    *count = static_cast<std::int64_t>(*from++);
  }
  for (auto* list : {&y_, &contents_, &base_, &reached_, &linearised_at_}) *list = unpack(from);
  for (auto& list : kept_) list = unpack(from);
  scale_ = bed_.scales(component_scales_, reached_);
  if (linearised_at_.empty()) return;
  linearise();
  if (factored_h_ > 0) factor_shifted();
}

}  // namespace kroma::chromatography
