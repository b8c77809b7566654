#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "problems/chromatography/method.hpp"
#include "problems/chromatography/network_pass.hpp"
#include "problems/chromatography/refinement.hpp"
#include "problems/problem.hpp"

namespace kroma::chromatography {

/// Solves a network by discretisation, on grids refined until all that its columns and tanks give off has the accuracy
/// asked for. Can be stopped after any step, saved, loaded and gone on with, bit for bit. Not collective.
class NetworkSolver {
 public:
  /// `times` rise. The network outlives this.
  NetworkSolver(Network const& network, std::vector<double> const& times, double accuracy,
                NumericOptions const& options);

  /// Goes on until done (true) or until `stop` says so (false). Throws solver_failed.
  bool run(Stop const& stop);
  /// Its concentration is that of all units: (times, units, components).
  Outlet const& outlet() const { return outlet_; }
  /// What has flowed into the outlets, mol: (units, components).
  std::vector<double> const& collected() const { return collected_; }

  /// Accepted steps so far, of all grids.
  std::int64_t steps() const;
  std::string progress() const;
  std::vector<double> save() const;
  void load(std::vector<double> const& saved);

 private:
  void finish();
  std::vector<double> judged() const;

  Network const& network_;
  std::vector<double> times_, judged_times_;
  Refinement refinement_;
  std::unique_ptr<NetworkPass> pass_;
  Outlet outlet_;
  std::vector<double> collected_;
};

struct NetworkResult {
  Outlet outlet;                  // concentration: (times, units, components)
  std::vector<double> collected;  // (units, components), mol
};

/// Solves a network on rank 0, from a checkpoint if there is one, and hands the result to all ranks; nothing if it was
/// stopped early, after saving a checkpoint. Throws solver_failed on all ranks together. Collective.
std::optional<NetworkResult> run_network(Run& run, Network const& network, std::vector<double> const& times,
                                         double accuracy, NumericOptions const& options);

/// Bytes that one pass takes on the first grid, and its unknowns.
std::pair<double, std::int64_t> network_size(Network const& network, double accuracy, NumericOptions const& options);

}  // namespace kroma::chromatography
