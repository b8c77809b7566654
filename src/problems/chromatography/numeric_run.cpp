#include "problems/chromatography/numeric_run.hpp"

#include "core/broadcast.hpp"
#include "linalg/dense.hpp"

namespace kroma::chromatography {

void share_from_root(MPI_Comm comm, Outlet& o) {
  for (auto* list : {&o.concentration, &o.slopes, &o.velocity, &o.temperature})
    *list = linalg::broadcast(comm, 0, *list);
  o.description = broadcast(comm, 0, o.description);
  auto const numbers = linalg::broadcast(
      comm, 0,
      {o.error_estimate, o.mass_balance_error, static_cast<double>(o.unknowns), static_cast<double>(o.steps),
       static_cast<double>(o.rejected_steps), o.gas_balance_error, o.energy_balance_error});
  o.error_estimate = numbers[0];
  o.mass_balance_error = numbers[1];
  o.unknowns = static_cast<std::int64_t>(numbers[2]);
  o.steps = static_cast<std::int64_t>(numbers[3]);
  o.rejected_steps = static_cast<std::int64_t>(numbers[4]);
  o.gas_balance_error = numbers[5];
  o.energy_balance_error = numbers[6];
}

std::optional<NumericResult> run_numeric(Run& run, Column const& column, std::vector<double> const& times,
                                         std::vector<double> const& positions, double accuracy,
                                         NumericOptions const& options, std::vector<Direction> const& directions,
                                         Continuation const& from) {
  NumericSolver solver{column, times, positions, accuracy, options, directions};
  if (!run_on_root(run, solver, from)) return std::nullopt;
  NumericResult result{solver.outlet(), solver.inside()};
  share_from_root(run.comm, result.outlet);
  for (auto* list : result.inside.lists()) *list = linalg::broadcast(run.comm, 0, *list);
  return result;
}

}  // namespace kroma::chromatography
