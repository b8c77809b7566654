#include "problems/chromatography/network_problem.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/chromatography/network_results.hpp"
#include "problems/chromatography/network_transfer.hpp"
#include "problems/chromatography/numeric.hpp"

namespace kroma {
namespace {

using namespace chromatography;

/// Whether the numeric method is used. Throws bad_input where no method that the deck allows can do the network.
bool is_numeric(Options const& options, Network const& network, Solver const& solver, Output const& output) {
  if (solver.numeric.scheme == Scheme::finite_volume) {
    throw bad_input("solver.numeric.scheme: finite_volume solves single columns; leave it out for a network");
  }
  if (!output.fields.empty()) {
    throw bad_input("output.fields: the inside of a network's columns is not written; every unit's outlet is");
  }
  auto const obstacle = network_obstacle(network);
  if (options.method == Method::semi_analytic && !obstacle.empty()) {
    throw bad_input(fmt::format("chromatography.method: semi_analytic cannot do this network: {}", obstacle));
  }
  return options.method == Method::numeric || !obstacle.empty();
}

}  // namespace

ChromatographyNetwork::ChromatographyNetwork(Options const& options, Solver solver, Output output)
    : network_{make_network(options)},
      solver_{std::move(solver)},
      output_{std::move(output)},
      accuracy_{options.accuracy},
      times_{output_.saved_times(network_.end())},
      numeric_{is_numeric(options, network_, solver_, output_)} {}

Plan ChromatographyNetwork::plan(int /*ranks*/) const {
  Plan plan;
  auto const columns = std::count_if(network_.units.begin(), network_.units.end(),
                                     [](Unit const& u) { return u.kind == UnitKind::column; });
  plan.summary = fmt::format("network of {} units, {} of them columns, {} section{}", network_.units.size(), columns,
                             network_.schedule.size(), network_.schedule.size() == 1 ? "" : "s");
  double const values = static_cast<double>(times_.size() * network_.units.size() * network_.count());
  plan.sizes = {{"saved times", std::to_string(times_.size())}};
  plan.unknowns = static_cast<std::int64_t>(values);
  plan.bytes_per_rank = 8.0 * 4 * values;
  if (!numeric_) return plan;
  auto const [bytes, unknowns] = network_size(network_, accuracy_, solver_.numeric);
  plan.unknowns = unknowns;
  plan.bytes_per_rank += bytes;
  return plan;
}

void ChromatographyNetwork::solve(Run& run) {
  if (!numeric_) {
    auto const result = [&] {
      Timed const timed{run.timers, "solve"};
      return agreed(run.comm, [&] { return solve_network_by_transform(network_, times_); });
    }();
    return write(run, result);
  }
  auto const result = [&] {
    Timed const timed{run.timers, "solve"};
    return run_network(run, network_, times_, accuracy_, solver_.numeric);
  }();
  if (result) write(run, *result);
}

void ChromatographyNetwork::write(Run& run, NetworkResult const& result) const {
  Timed const timed{run.timers, "output"};
  auto const& outlet = result.outlet;
  run.log.line(
      fmt::format("method {}: {}; error estimate {:.1e}", outlet.method, outlet.description, outlet.error_estimate));
  write_network(run, network_, output_, times_, result);
  if (auto const why = network_moments_obstacle(network_); why.empty()) write_network_moments(run, network_);
}

}  // namespace kroma
