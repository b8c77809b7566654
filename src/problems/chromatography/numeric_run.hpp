#pragma once

#include <optional>
#include <vector>

#include "problems/chromatography/numeric.hpp"
#include "problems/led_by_root.hpp"
#include "problems/problem.hpp"

namespace kroma::chromatography {

struct NumericResult {
  Outlet outlet;
  Inside inside;
};

/// The outlet that rank 0 has, for all ranks; its method they know. Collective.
void share_from_root(MPI_Comm comm, Outlet& outlet);

/// Runs a solver that can be stopped, saved and gone on with on rank 0, from a checkpoint if there is one; false if it
/// was stopped early, after saving a checkpoint. Throws solver_failed on all ranks together. Collective.
template <class Solver>
bool run_on_root(Run& run, Solver& solver) {
  auto const state = state_of_root(run);
  return led_by_root(run, [&](Ask const& ask) {
    if (!state.empty()) solver.load(state);
    solver.run([&] {
      return ask(
          solver.steps(), [&] { return solver.progress(); }, [&] { return solver.save(); });
    });
  });
}

/// Solves a column on rank 0, from a checkpoint if there is one, and hands the result to all ranks; nothing if it was
/// stopped early, after saving a checkpoint. Throws solver_failed on all ranks together. Collective.
std::optional<NumericResult> run_numeric(Run& run, Column const& column, std::vector<double> const& times,
                                         std::vector<double> const& positions, double accuracy,
                                         NumericOptions const& options, std::vector<Direction> const& directions);

}  // namespace kroma::chromatography
