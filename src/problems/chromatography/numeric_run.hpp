#pragma once

#include <functional>
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

/// From where a run goes on, on rank 0, and what a checkpoint holds of it.
struct Continuation {
  std::vector<double> state;                                        // of the solver; empty: from the beginning
  std::function<std::vector<double>(std::vector<double>)> wrapped;  // such a state with what else is to be saved
};

/// Runs a solver that can be stopped, saved and gone on with on rank 0, from a saved state if there is one; false if it
/// was stopped early, after saving a checkpoint. Throws solver_failed on all ranks together. Collective.
template <class Solver>
bool run_on_root(Run& run, Solver& solver, Continuation const& from) {
  return led_by_root(run, [&](Ask const& ask) {
    if (!from.state.empty()) solver.load(from.state);
    solver.run([&] {
      return ask(
          solver.steps(), [&] { return solver.progress(); }, [&] { return from.wrapped(solver.save()); });
    });
  });
}
/// The same from a checkpoint, if there is one, that holds nothing else.
template <class Solver>
bool run_on_root(Run& run, Solver& solver) {
  return run_on_root(run, solver, {state_of_root(run), [](std::vector<double> state) { return state; }});
}

/// Solves a column on rank 0, from a saved state if there is one, and hands the result to all ranks; nothing if it was
/// stopped early, after saving a checkpoint. Throws solver_failed on all ranks together. Collective.
std::optional<NumericResult> run_numeric(Run& run, Column const& column, std::vector<double> const& times,
                                         std::vector<double> const& positions, double accuracy,
                                         NumericOptions const& options, std::vector<Direction> const& directions,
                                         Continuation const& from);

}  // namespace kroma::chromatography
