#include "problems/chromatography/network_pass.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/packed.hpp"

namespace kroma::chromatography {
namespace {

constexpr int kMostSweeps = 80;
constexpr int kMostCuts = 40;
constexpr double kClosed = 1e-12;  // of a component's scale, to which a loop is closed: to rounding, for the balances

}  // namespace

NetworkPass::NetworkPass(Network const& network, Level const& level, std::vector<double> const& times)
    : network_{network},
      times_{times},
      scales_{network.scales()},
      events_{network.events()},
      scheme_{make_radau(level.stages)},
      collected_(network.units.size() * network.count(), 0.0),
      entered_(network.count(), 0.0) {
  for (std::size_t u = 0; u < network.units.size(); ++u) units_.push_back(make_step_unit(network, u, level, scales_));
  Stream const still((static_cast<std::size_t>(level.stages) + 1) * network.count(), 0.0);
  entering_.assign(units_.size(), still);
  leaving_.assign(units_.size(), still);
  begin_event();
  initial_content_ = content();
}

void NetworkPass::begin_event() {
  time_ = events_[event_];
  section_ = network_.section_at(time_);
  order_ = order_of(connected());
  for (auto const& unit : units_) {
    if (unit) unit->begin(section_, time_, events_[event_ + 1]);
  }
  restart_ = true;
}

bool NetworkPass::run(Stop const& stop) {
  for (; event_ + 1 < events_.size(); ++event_, started_ = false) {
    if (!started_) begin_event();
    started_ = true;
    if (event_ == 0) sample_until(time_);
    for (bool end = false; !end;) {
      end = step();
      sample_until(time_);
      if (!end && stop()) return false;
    }
  }
  return true;
}

/// One step that all units take; true at the event.
bool NetworkPass::step() {
  double const end = events_[event_ + 1];
  for (int cuts = 0;; ++cuts) {
    double h = std::numeric_limits<double>::max();
    for (auto const& unit : units_) {
      if (unit) h = std::min(h, unit->next_step());
    }
    h = share_of(end - time_, h);
    bool const last = h == end - time_;
    auto const trial = try_step(h);
    if (trial.good()) {
      accept(trial, h);
      bool const at_end = last && time_ >= end * (1 - 1e-14);
      if (at_end) time_ = end;
      return at_end;
    }
    ++effort_.rejected;
    if (cuts > kMostCuts || h < 1e-14 * end) {
      try {
        units_[worst_]->give_up("the step was cut below what can be resolved");
      } catch (Error const& e) {
        throw solver_failed(fmt::format("unit '{}': {}", network_.units[worst_].name, e.what()), e.advice());
      }
    }
    for (auto const& unit : units_) {
      if (unit) unit->reject(h, trial.cut);
    }
  }
}

/// What the sources give, in the shares of their flows.
void NetworkPass::mix(std::size_t u, Stream& stream) const {
  std::fill(stream.begin(), stream.end(), 0.0);
  auto const& c = connected();
  for (std::size_t from = 0; from < units_.size(); ++from) {
    double const flow = c.from_to(from, u);
    if (flow == 0) continue;
    double const share = flow / c.inflow[u];
    for (std::size_t at = 0; at < stream.size(); ++at) stream[at] += share * leaving_[from][at];
  }
}

Trial NetworkPass::try_unit(std::size_t u, double h, Stream& entering) {
  mix(u, entering);
  if (!units_[u]) return {0, 1};
  auto const trial = units_[u]->try_step(h, entering);
  if (!trial.good()) worst_ = u;
  units_[u]->leaving(leaving_[u]);
  return trial;
}

Trial NetworkPass::try_step(double h) {
  Trial worst;
  auto const all = [&](std::vector<std::size_t> const& list) {
    for (auto const u : list) {
      auto const trial = try_unit(u, h, entering_[u]);
      if (!trial.good()) {
        worst = trial;
        return false;
      }
      worst.error = std::max(worst.error, trial.error);
    }
    return true;
  };
  foresee(h);
  if (!all(order_.before) || !all(order_.loop) || !sweep(h, worst) || !all(order_.after)) return worst;
  return worst;
}

/// First guess of what units in loops give off: their last step's polynomials continued, or what they gave off last.
void NetworkPass::foresee(double h) {
  auto const n = network_.count();
  for (auto const u : order_.loop) {
    for (std::size_t row = 0; row * n < leaving_[u].size(); ++row) {
      double const ahead = row == 0 || restart_ ? 0 : scheme_.nodes[row - 1] * h / taken_;
      units_[u]->outlet(1 + ahead, leaving_[u].data() + row * n);
    }
  }
}

/// Repeats units whose sources have changed until nothing does. What a column gives off during a step hardly depends on
/// what enters it then, so that a loop through a column is closed after one round; a loop of tanks contracts as h Q /
/// V.
bool NetworkPass::sweep(double h, Trial& trial) {
  auto const n = network_.count();
  Stream now = entering_.front();
  for (int turn = 0; turn < kMostSweeps; ++turn) {
    bool closed = true;
    for (auto const u : order_.loop) {
      mix(u, now);
      double change = 0;
      for (std::size_t at = 0; at < now.size(); ++at) {
        change = std::max(change, std::abs(now[at] - entering_[u][at]) / scales_[at % n]);
      }
      if (change <= kClosed) continue;
      closed = false;
      auto const again = try_unit(u, h, entering_[u]);
      if (!again.good()) {
        trial = again;
        return false;
      }
      trial.error = std::max(trial.error, again.error);
    }
    if (closed) return true;
  }
  trial = {std::numeric_limits<double>::infinity(), 0.5};
  return false;
}

void NetworkPass::accept(Trial const& trial, double h) {
  auto const n = network_.count();
  auto const& c = connected();
  for (std::size_t u = 0; u < units_.size(); ++u) {
    bool const inlet = network_.units[u].kind == UnitKind::inlet;
    if (units_[u]) units_[u]->accept(trial.error);
    if (!inlet && units_[u]) continue;
    auto const& stream = inlet ? leaving_[u] : entering_[u];
    double const flow = inlet ? c.outflow[u] : c.inflow[u];
    for (std::size_t i = 0; i < n; ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < scheme_.weights.size(); ++k) sum += scheme_.weights[k] * stream[(k + 1) * n + i];
      (inlet ? entered_[i] : collected_[u * n + i]) += h * flow * sum;
    }
  }
  time_ += h;
  taken_ = h;
  restart_ = false;
  ++effort_.steps;
}

/// Samples up to `time`, from the last step or, at the very beginning, from the initial state.
void NetworkPass::sample_until(double time) {
  auto const n = network_.count();
  auto const& c = connected();
  for (; next_time_ < times_.size() && times_[next_time_] <= time; ++next_time_) {
    double const theta = taken_ > 0 ? 1 - (time_ - times_[next_time_]) / taken_ : 1;
    std::vector<double> given(units_.size() * n, 0.0);
    for (std::size_t u = 0; u < units_.size(); ++u) {
      if (units_[u]) units_[u]->outlet(theta, given.data() + u * n);
    }
    for (std::size_t u = 0; u < units_.size(); ++u) {
      for (std::size_t from = 0; !units_[u] && from < units_.size(); ++from) {
        double const share = c.from_to(from, u) > 0 ? c.from_to(from, u) / c.inflow[u] : 0;
        for (std::size_t i = 0; i < n && share > 0; ++i) given[u * n + i] += share * given[from * n + i];
      }
    }
    given_.insert(given_.end(), given.begin(), given.end());
  }
}

std::vector<double> NetworkPass::content() const {
  std::vector<double> sum(network_.count(), 0.0);
  for (auto const& unit : units_) {
    auto const own = unit ? unit->content() : std::vector<double>{};
    for (std::size_t i = 0; i < own.size(); ++i) sum[i] += own[i];
  }
  return sum;
}

double NetworkPass::balance_error() const {
  auto const now = content();
  double worst = 0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    double left = 0;
    for (std::size_t at = i; at < collected_.size(); at += now.size()) left += collected_[at];
    double const size = std::abs(entered_[i]) + std::abs(initial_content_[i]);
    if (size > 0) worst = std::max(worst, std::abs(entered_[i] - left - now[i] + initial_content_[i]) / size);
  }
  return worst;
}

std::int64_t NetworkPass::unknowns() const {
  std::int64_t sum = 0;
  for (auto const& unit : units_) sum += unit ? unit->unknowns() : 0;
  return sum;
}

std::vector<double> NetworkPass::save() const {
  std::vector<double> saved{double(event_), double(next_time_),    restart_ ? 1.0 : 0.0,    time_,
                            taken_,         double(effort_.steps), double(effort_.rejected)};
  for (auto const* list : {&given_, &collected_, &entered_, &initial_content_}) pack(saved, *list);
  for (auto const& unit : units_) {
    if (unit) unit->save(saved);
  }
  return saved;
}

void NetworkPass::load(std::vector<double> const& saved) {
  double const* from = saved.data();
  event_ = static_cast<std::size_t>(*from++);
  next_time_ = static_cast<std::size_t>(*from++);
  begin_event();
  started_ = true;
  restart_ = *from++ != 0;
  time_ = *from++;
  taken_ = *from++;
  effort_.steps = static_cast<std::int64_t>(*from++);
  effort_.rejected = static_cast<std::int64_t>(*from++);
  for (auto* list : {&given_, &collected_, &entered_, &initial_content_}) *list = unpack(from);
  for (auto const& unit : units_) {
    if (unit) unit->load(from);
  }
}

}  // namespace kroma::chromatography
