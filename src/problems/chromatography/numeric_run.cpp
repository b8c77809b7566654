#include "problems/chromatography/numeric_run.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "core/broadcast.hpp"
#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace kroma::chromatography {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kBetweenQuestions = std::chrono::milliseconds(200);  // of whether to stop: each is a round of all ranks

/// Runs `work(stop)` on rank 0. Whenever it asks whether to stop, the other ranks take part in the question. Throws
/// what `work` throws, on all ranks. Collective.
void led_by_root(Run& run, std::function<void(Stop const&)> const& work) {
  int rank = 0, asks = 1;
  MPI_Comm_rank(run.comm, &rank);
  std::optional<Error> error;
  if (rank == 0) {
    auto last = Clock::now();
    auto stop = [&] {
      if (Clock::now() - last < kBetweenQuestions) return false;
      last = Clock::now();
      MPI_Bcast(&asks, 1, MPI_INT, 0, run.comm);
      return run.should_stop();
    };
    try {
      work(stop);
    } catch (Error const& e) {
      error = e;
    } catch (std::exception const& e) {
      error = internal_error(e.what());
    }
    asks = 0;
    MPI_Bcast(&asks, 1, MPI_INT, 0, run.comm);
  } else {
    for (MPI_Bcast(&asks, 1, MPI_INT, 0, run.comm); asks != 0; MPI_Bcast(&asks, 1, MPI_INT, 0, run.comm)) {
      run.should_stop();
    }
  }
  agree(run.comm, error);
}

/// This rank's part of an array that rank 0 has whole.
io::Block on_root(MPI_Comm comm, std::size_t size) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return {{0}, {rank == 0 ? static_cast<std::int64_t>(size) : 0}};
}

void save(Run& run, std::vector<double> const& state, std::int64_t steps) {
  auto const whole = linalg::broadcast(run.comm, 0, {static_cast<double>(state.size()), static_cast<double>(steps)});
  auto checkpoint = run.checkpoints.create(static_cast<std::int64_t>(whole[1]), run.resolved_deck);
  checkpoint.write("state", state, on_root(run.comm, state.size()), {static_cast<std::int64_t>(whole[0])});
  checkpoint.complete();
}

/// The saved state on rank 0; empty elsewhere, and where there is none.
std::vector<double> saved_state(Run& run) {
  if (!run.resume) return {};
  auto const checkpoint = run.checkpoints.newest();
  if (!checkpoint) return {};
  auto const block = on_root(run.comm, static_cast<std::size_t>(checkpoint->shape("state")[0]));
  std::vector<double> state(static_cast<std::size_t>(block.count[0]));
  checkpoint->read("state", state, block);
  return state;
}

}  // namespace

std::optional<NumericResult> run_numeric(Run& run, Column const& column, std::vector<double> const& times,
                                         std::vector<double> const& positions, double accuracy,
                                         NumericOptions const& options, std::vector<Direction> const& directions) {
  NumericSolver solver{column, times, positions, accuracy, options, directions};
  auto const state = saved_state(run);
  led_by_root(run, [&](Stop const& stop) {
    if (!state.empty()) solver.load(state);
    solver.run(stop);
  });
  if (run.stopped) {
    int rank = 0;
    MPI_Comm_rank(run.comm, &rank);
    save(run, rank == 0 ? solver.save() : std::vector<double>{}, solver.outlet().steps + 1);
    return std::nullopt;
  }
  NumericResult result{solver.outlet(), solver.inside()};
  auto& o = result.outlet;
  for (auto* list : {&o.concentration, &o.slopes, &result.inside.concentration, &result.inside.adsorbed}) {
    *list = linalg::broadcast(run.comm, 0, *list);
  }
  o.description = broadcast(run.comm, 0, o.description);
  auto const numbers = linalg::broadcast(run.comm, 0,
                                         {o.error_estimate, o.mass_balance_error, static_cast<double>(o.unknowns),
                                          static_cast<double>(o.steps), static_cast<double>(o.rejected_steps)});
  o.error_estimate = numbers[0];
  o.mass_balance_error = numbers[1];
  o.unknowns = static_cast<std::int64_t>(numbers[2]);
  o.steps = static_cast<std::int64_t>(numbers[3]);
  o.rejected_steps = static_cast<std::int64_t>(numbers[4]);
  return result;
}

}  // namespace kroma::chromatography
