#include "support/toy.hpp"

#include <cmath>
#include <csignal>
#include <stdexcept>
#include <unistd.h>

#include <fmt/format.h>
#include <petscsys.h>

#include "core/error.hpp"
#include "core/petsc.hpp"
#include "problems/problem_type.hpp"

namespace kroma::test {
namespace {

struct ToyOptions {
  int cells = 8;
  int steps = 4;
  double length = 1;         // m
  int fail_at = -1;          // step at which the last rank gives up
  int mistake_at = -1;       // step at which the last rank finds a mistake in the deck
  int bug_at = -1;           // step at which the last rank alone throws what nobody expects
  int signal_at = -1;        // step after which rank 0 gets SIGUSR1
  double pause = 0;          // s of wall time that each step takes besides
  int checkpoint_every = 0;  // steps; 0: only when stopped
  double memory = 0;         // B that each rank claims to need besides
};

class Toy : public Problem {
 public:
  Toy(ToyOptions options, SolverOptions, OutputOptions) : options_{options} {}
  Plan plan(int ranks) const override;
  void solve(Run& run) override;

 private:
  void step(Run& run, int step);
  void save(io::Checkpoint& checkpoint) const;
  int restore(Run& run);
  void write(Run& run) const;

  ToyOptions options_;
  io::Block block_;
  std::vector<double> u_;
};

deck::Schema<ToyOptions> toy_schema() {
  deck::Schema<ToyOptions> s{"Exponential decay"};
  s.add("cells", &ToyOptions::cells, "Cells along the line").at_least(1);
  s.add("steps", &ToyOptions::steps, "Steps to do").at_least(1);
  s.add("length", &ToyOptions::length, "Length of the line").unit("m").above(0.0);
  s.add("fail_at", &ToyOptions::fail_at, "Step at which the last rank gives up");
  s.add("mistake_at", &ToyOptions::mistake_at, "Step at which the last rank finds a mistake in the deck");
  s.add("bug_at", &ToyOptions::bug_at, "Step at which the last rank alone throws what nobody expects");
  s.add("signal_at", &ToyOptions::signal_at, "Step after which rank 0 gets SIGUSR1");
  s.add("pause", &ToyOptions::pause, "Wall time that each step takes besides").unit("s").at_least(0.0);
  s.add("checkpoint_every", &ToyOptions::checkpoint_every, "Steps between checkpoints; 0: only when stopped")
      .at_least(0);
  s.add("memory", &ToyOptions::memory, "Bytes that each rank claims to need besides").at_least(0.0);
  return s;
}

Plan Toy::plan(int ranks) const {
  return {.summary = fmt::format("Decay on {} cells", options_.cells),
          .sizes = {{"steps", std::to_string(options_.steps)}},
          .unknowns = options_.cells,
          .bytes_per_rank = 8.0 * options_.cells / ranks + options_.memory};
}

void Toy::step(Run& run, int step) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(run.comm, &rank);
  MPI_Comm_size(run.comm, &ranks);
  agreed(run.comm, [&] {
    if (rank != ranks - 1) return;
    if (step == options_.fail_at) throw solver_failed(fmt::format("step {}: gave up", step), "Take smaller steps.");
    if (step == options_.mistake_at) throw bad_input("toy.length: too long for step " + std::to_string(step));
  });
  if (rank == ranks - 1 && step == options_.bug_at) throw std::logic_error{"a bug of one rank"};
  for (auto& u : u_) u -= 0.1 * u;
  if (options_.pause > 0) usleep(static_cast<useconds_t>(1e6 * options_.pause));
  if (rank == 0 && step == options_.signal_at) std::raise(SIGUSR1);
}

void Toy::save(io::Checkpoint& checkpoint) const { checkpoint.write("u", u_, block_, {options_.cells}); }

int Toy::restore(Run& run) {
  auto const checkpoint = run.checkpoints.newest();
  checkpoint->read("u", u_, block_);
  return static_cast<int>(checkpoint->step());
}

void Toy::write(Run& run) const {
  std::vector<double> x(static_cast<std::size_t>(options_.cells));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = options_.length * (static_cast<double>(i) + 0.5) / options_.cells;
  run.results.coordinate("/grid/x", x, "m", "Position");
  run.results.field("/fields/u", u_, block_, {{"/grid/x", options_.cells}}, "1", "Decaying thing");
}

void Toy::solve(Run& run) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(run.comm, &rank);
  MPI_Comm_size(run.comm, &ranks);
  int const first = options_.cells * rank / ranks, last = options_.cells * (rank + 1) / ranks;
  block_ = {{first}, {last - first}};
  u_.assign(static_cast<std::size_t>(last - first), 1.0);
  PetscInt level = 0;
  petsc_ok(PetscOptionsGetInt(nullptr, "toy_", "-level", &level, nullptr));
  run.metrics.set("level", static_cast<std::int64_t>(level));

  Timed const timed{run.timers, "solve"};
  int done = run.resume ? restore(run) : 0;
  try {
    while (done < options_.steps) {
      step(run, done + 1);
      ++done;
      run.metrics.set("iterations", std::int64_t{done});
      run.progress.report(static_cast<double>(done) / options_.steps, "step " + std::to_string(done));
      if (done == options_.steps) break;
      if (run.should_stop(done, [&](io::Checkpoint& checkpoint) { save(checkpoint); })) return;
      if (options_.checkpoint_every > 0 && done % options_.checkpoint_every == 0) {
        auto checkpoint = run.checkpoints.create(done, run.resolved_deck);
        save(checkpoint);
        checkpoint.complete();
      }
    }
  } catch (Error const& error) {
    if (error.kind() == Exit::solver_failed) write(run);
    throw;
  }
  write(run);
}

}  // namespace

Registry const& toy_registry() {
  static auto const type =
      problem_type<Toy>("toy", "Decay, to try the program with", toy_schema(),
                        deck::Schema<SolverOptions>{"How to solve"}, deck::Schema<OutputOptions>{"What to write"});
  static Registry const families{&type};
  return families;
}

}  // namespace kroma::test
