#include "problems/chromatography/cstr.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/chromatography/polynomials.hpp"

namespace kroma::chromatography {

Tank::Tank(Network const& network, std::size_t index, Level const& level, std::vector<double> const& scales)
    : index_{index},
      network_{network},
      scheme_{make_radau(level.stages)},
      scales_{scales},
      tolerance_{level.tolerance} {
  auto const& unit = network.units[index];
  double largest = unit.volume;
  for (auto const& c : network.schedule) {
    largest = std::max(
        {largest, c.volume[index], c.volume[index] + (c.inflow[index] - c.outflow[index]) * (c.end - c.begin)});
  }
  smallest_ = 1e-13 * largest;
  volume_ = unit.volume;
  for (double c : unit.initial_concentration) amount_.push_back(volume_ * c);
  for (int row = 0; row <= level.stages; ++row) {
    stage_.insert(stage_.end(), unit.initial_concentration.begin(), unit.initial_concentration.end());
  }
  kept_ = stage_;
  held_.assign(static_cast<std::size_t>(level.stages) + 1, volume_);
}

void Tank::begin(std::size_t section, double time, double end) {
  auto const& c = network_.schedule[section];
  inflow_ = c.inflow[index_];
  outflow_ = c.outflow[index_];
  if (time <= c.begin) volume_ = c.volume[index_];
  next_ = 0.1 * (end - time);
  if (outflow_ > 0 && volume_ > smallest_) next_ = std::min(next_, 0.1 * volume_ / outflow_);
  careful_ = true;
}

double Tank::volume_after(double time) const {
  bool const steady = std::abs(inflow_ - outflow_) <= 1e-9 * inflow_;  // what a deck's decimals may miss
  double const volume = steady ? volume_ : volume_ + (inflow_ - outflow_) * time;
  return volume > smallest_ ? volume : 0;
}

Trial Tank::try_step(double h, Stream const& entering) {
  tried_ = h;
  held_[0] = volume_after(0);
  for (std::size_t k = 1; k < held_.size(); ++k) held_[k] = volume_after(scheme_.nodes[k - 1] * h);
  solve(h, entering);
  double const e = error(h, entering), order = scheme_.stages + 1;
  if (e < 1) return {e, 1};
  return {e, std::isfinite(e) ? std::clamp(0.9 * std::pow(e, -1 / order), 0.1, 0.9) : 0.1};
}

/// sum_j (A^-1)_kj (V_j c_j - n) = h (Q_in c_in,k - Q_out c_k) for the concentrations at the stages.
void Tank::solve(double h, Stream const& entering) {
  auto const s = held_.size() - 1, nc = scales_.size();
  std::copy_n(kept_.end() - static_cast<long>(nc), nc, stage_.begin());
  bool const empty = *std::max_element(held_.begin(), held_.end()) == 0;
  if (empty && outflow_ == 0) {
    for (std::size_t k = 1; k <= s; ++k) std::copy_n(stage_.begin(), nc, stage_.begin() + static_cast<long>(k * nc));
    return;
  }
  double const share = outflow_ > 0 ? inflow_ / outflow_ : 1;
  for (std::size_t i = 0; i < nc && held_[0] == 0 && inflow_ > 0; ++i) stage_[i] = (empty ? share : 1) * entering[i];
  Table matrix(s * s);
  for (std::size_t k = 0; k < s; ++k) {
    for (std::size_t j = 0; j < s; ++j) matrix[k * s + j] = Real(scheme_.inverse[k * s + j]) * held_[j + 1];
    matrix[k * s + k] += Real(h) * outflow_;
  }
  for (std::size_t i = 0; i < nc; ++i) {
    Table right(s);
    for (std::size_t k = 0; k < s; ++k) {
      right[k] = Real(h) * inflow_ * entering[(k + 1) * nc + i];
      for (std::size_t j = 0; j < s; ++j) right[k] += Real(scheme_.inverse[k * s + j]) * amount_[i];
    }
    auto const c = solve_dense(matrix, right);
    for (std::size_t k = 0; k < s; ++k) stage_[(k + 1) * nc + i] = static_cast<double>(c[k]);
  }
}

/// As ColumnIntegrator: (gamma_0 / h V + Q_out)^-1 (f_0 + sum_i e_i N_i / h), N the amounts gained at the stages,
/// filtered once more where a restart would be rejected.
double Tank::error(double h, Stream const& entering) const {
  auto const nc = scales_.size();
  double const largest = *std::max_element(held_.begin(), held_.end());
  double const divisor = scheme_.real_eigenvalue / h * largest + outflow_;
  if (divisor == 0) return 0;
  double once = 0, twice = 0;
  for (std::size_t i = 0; i < nc; ++i) {
    double rate = inflow_ * entering[i] - outflow_ * stage_[i];
    for (std::size_t k = 1; k < held_.size(); ++k) {
      rate += scheme_.error_weights[k - 1] * (held_[k] * stage_[k * nc + i] - amount_[i]) / h;
    }
    double const e = rate / divisor, again = (rate - outflow_ * e) / divisor, allowed = tolerance_ * scales_[i];
    once += e * e / (allowed * allowed);
    twice += again * again / (allowed * allowed);
  }
  return std::sqrt((once >= static_cast<double>(nc) && careful_ ? twice : once) / static_cast<double>(nc));
}

void Tank::accept(double error) {
  auto const nc = scales_.size(), s = held_.size() - 1;
  volume_ = held_[s];
  for (std::size_t i = 0; i < nc; ++i) amount_[i] = volume_ * stage_[s * nc + i];
  std::swap(kept_, stage_);
  next_ = tried_ * std::clamp(0.9 * std::pow(std::max(error, 1e-10), -1.0 / (scheme_.stages + 1)), 0.2, 8.0);
  careful_ = false;
}

void Tank::reject(double h, double cut) {
  next_ = std::min(h, next_) * cut;
  careful_ = true;
}

void Tank::give_up(char const* why) { throw solver_failed(fmt::format("a tank of {} m^3: {}", volume_, why)); }

void Tank::outlet(double theta, double* c) const {
  auto const share = scheme_.dense(theta);
  auto const nc = scales_.size();
  for (std::size_t i = 0; i < nc; ++i) {
    c[i] = kept_[i];
    for (std::size_t k = 0; k < share.size(); ++k) c[i] += share[k] * (kept_[(k + 1) * nc + i] - kept_[i]);
  }
}

std::vector<double> Tank::content() const { return amount_; }

void Tank::save(std::vector<double>& saved) const {
  saved.insert(saved.end(), {volume_, next_, careful_ ? 1.0 : 0.0});
  saved.insert(saved.end(), amount_.begin(), amount_.end());
  saved.insert(saved.end(), kept_.begin(), kept_.end());
}

void Tank::load(double const*& from) {
  volume_ = *from++;
  next_ = *from++;
  careful_ = *from++ != 0;
  for (double& n : amount_) n = *from++;
  for (double& c : kept_) c = *from++;
}

}  // namespace kroma::chromatography
