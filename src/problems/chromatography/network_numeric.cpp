#include "problems/chromatography/network_numeric.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/packed.hpp"
#include "linalg/dense.hpp"
#include "problems/chromatography/batch.hpp"
#include "problems/chromatography/numeric.hpp"
#include "problems/chromatography/numeric_run.hpp"

namespace kroma::chromatography {
namespace {

/// Stands for the network where only components and scales are asked for.
Column with_scales(Network const& network) {
  Column c;
  c.components = network.components;
  c.sections = {{0, network.end(), network.scales(), std::vector<double>(network.count(), 0.0)}};
  return c;
}

}  // namespace

NetworkSolver::NetworkSolver(Network const& network, std::vector<double> const& times, double accuracy,
                             NumericOptions const& options)
    : network_{network},
      times_{times},
      judged_times_{judged_times(times, network.end())},
      refinement_{with_scales(network), accuracy, options} {
  outlet_.method = "numeric";
}

bool NetworkSolver::run(Stop const& stop) {
  for (bool good = false; !good;) {
    if (!pass_) pass_ = std::make_unique<NetworkPass>(network_, refinement_.level(), judged_times_);
    if (!pass_->run(stop)) return false;
    outlet_.steps += pass_->effort().steps;
    outlet_.rejected_steps += pass_->effort().rejected;
    auto const level = refinement_.level();
    good = refinement_.take(judged());
    if (good) {
      outlet_.description =
          fmt::format("{} units, columns of {} elements of degree {}, Radau IIA of order {}", network_.units.size(),
                      level.resolution.elements, level.resolution.degree, 2 * level.stages - 1);
      finish();
    }
    pass_.reset();
  }
  return true;
}

/// What columns and tanks give off, at all times that levels are compared at.
std::vector<double> NetworkSolver::judged() const {
  auto const n = network_.count(), row = network_.units.size() * n;
  auto const& given = pass_->given();
  std::vector<double> values;
  for (std::size_t at = 0; at < given.size(); at += n) {
    if (!network_.units[at % row / n].resolves()) continue;
    values.insert(values.end(), given.begin() + static_cast<long>(at), given.begin() + static_cast<long>(at + n));
  }
  return values;
}

void NetworkSolver::finish() {
  auto const row = network_.units.size() * network_.count();
  for (std::size_t k = 0, at = 0; k < times_.size(); ++k, ++at) {
    while (judged_times_[at] != times_[k]) ++at;
    auto const from = pass_->given().begin() + static_cast<long>(at * row);
    outlet_.concentration.insert(outlet_.concentration.end(), from, from + static_cast<long>(row));
  }
  outlet_.error_estimate = refinement_.error_estimate();
  outlet_.mass_balance_error = pass_->balance_error();
  outlet_.unknowns = pass_->unknowns();
  collected_ = pass_->collected();
}

std::int64_t NetworkSolver::steps() const { return outlet_.steps + (pass_ ? pass_->effort().steps : 0); }

std::string NetworkSolver::progress() const {
  return fmt::format("grid {}  t = {:.4g} of {:.4g} s  step {}", refinement_.number() + 1, pass_ ? pass_->time() : 0.0,
                     network_.end(), steps());
}

std::vector<double> NetworkSolver::save() const {
  std::vector<double> saved{double(outlet_.steps), double(outlet_.rejected_steps)};
  pack(saved, refinement_.save());
  pack(saved, pass_ ? pass_->save() : std::vector<double>{});
  return saved;
}

void NetworkSolver::load(std::vector<double> const& saved) {
  double const* from = saved.data();
  outlet_.steps = static_cast<std::int64_t>(*from++);
  outlet_.rejected_steps = static_cast<std::int64_t>(*from++);
  refinement_.load(unpack(from));
  auto const pass = unpack(from);
  if (pass.empty()) return;
  pass_ = std::make_unique<NetworkPass>(network_, refinement_.level(), judged_times_);
  pass_->load(pass);
}

std::optional<NetworkResult> run_network(Run& run, Network const& network, std::vector<double> const& times,
                                         double accuracy, NumericOptions const& options) {
  NetworkSolver solver{network, times, accuracy, options};
  if (!run_on_root(run, solver)) return std::nullopt;
  NetworkResult result{solver.outlet(), solver.collected()};
  share_from_root(run.comm, result.outlet);
  result.collected = linalg::broadcast(run.comm, 0, result.collected);
  return result;
}

std::pair<double, std::int64_t> network_size(Network const& network, double accuracy, NumericOptions const& options) {
  auto const level = Refinement{with_scales(network), accuracy, options}.level();
  double bytes = 0;
  for (auto unit : network.units) {
    if (unit.kind != UnitKind::column) continue;
    unit.column.flow.velocity = 1;
    bytes += bytes_per_column(unit.column, level);
  }
  return {bytes, NetworkPass{network, level, {}}.unknowns()};
}

}  // namespace kroma::chromatography
