#include "app/one_run.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/job.hpp"
#include "app/output_folder.hpp"
#include "app/petsc_options.hpp"
#include "app/print_error.hpp"
#include "app/report.hpp"
#include "app/resume.hpp"
#include "core/provenance.hpp"

namespace kroma {
namespace {

/// The file to write into: that of the run that is resumed, or a new one.
io::ResultFile open_results(MPI_Comm comm, Log const& log, std::string const& path, bool resume) {
  if (resume) {
    try {
      return io::ResultFile::reopen(comm, path);
    } catch (Error const& error) {
      log.warning(fmt::format("{}; what was saved before the checkpoint is lost", error.what()));
    }
  }
  return io::ResultFile::create(comm, path);
}

double most(MPI_Comm comm, double mine) {
  MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, MPI_MAX, comm);
  return mine;
}

/// Main memory at the peak, summed over the ranks. Collective.
std::int64_t peak_memory(MPI_Comm comm) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto bytes = static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
  MPI_Allreduce(MPI_IN_PLACE, &bytes, 1, MPI_INT64_T, MPI_SUM, comm);
  return bytes;
}

/// One run from the moment its folder is its own: what it writes about itself, and how it ends.
class OneRun {
 public:
  OneRun(MPI_Comm comm, HowToRun const& how, Job& job, Plan const& plan, bool resume, double began)
      : comm_{comm},
        log_{how.log},
        stop_{how.stop},
        job_{job},
        plan_{plan},
        began_{began},
        checkpoints_{comm, job.folder},
        results_{open_results(comm, log_, results_path(job.folder), resume)},
        until_checkpoint_{job.read.output.checkpoint_every},
        progress_{log_, progress_path(job.folder)},
        run_{comm,     log_,      timers_,          stop_, results_, checkpoints_, until_checkpoint_, resume,
             metrics_, progress_, job.read.resolved} {
    describe(how.command_line);
  }

  /// Solves and ends the results file. Throws what the solver throws.
  Exit solve() {
    PetscOptions const options{job_.type->name, job_.read.petsc};
    try {
      job_.read.problem->solve(run_);
    } catch (std::exception const& exception) {
      auto const error = as_error(exception);
      end_all_if_bug(comm_, error);
      if (error.kind() == Exit::solver_failed) write_failure(error);
      throw;
    }
    for (auto const& key : options.unused()) log_.warning("solver.petsc." + key + ": PETSc never asked for it");
    return run_.stopped ? stopped() : done();
  }

 private:
  void describe(std::vector<std::string> const& command_line) {
    results_.attribute("/", "problem", job_.type->name);
    results_.attribute("/", "title", job_.read.title);
    results_.attribute("/", "created", utc_now());
    results_.text("/deck/source", job_.deck.source());
    results_.text("/deck/resolved", job_.read.resolved);
    auto facts = provenance(comm_, command_line);
    facts.push_back({"case", job_.case_name});
    results_.provenance(facts);
  }

  void write_metrics() {
    metrics_.set("wall_seconds", most(comm_, MPI_Wtime() - began_));
    metrics_.set("setup_seconds", most(comm_, timers_.seconds("setup")));
    metrics_.set("solve_seconds", most(comm_, timers_.seconds("solve")));
    metrics_.set("unknowns", plan_.unknowns);
    metrics_.set("memory_bytes", peak_memory(comm_));
    for (auto const& [name, value] : metrics_.values()) results_.attribute("/metrics", name, value);
    results_.timing(timers_);
    results_.flush();
  }

  /// A file that is deleted while it is open takes what is written without a complaint. Collective.
  void expect_file() const {
    agreed(comm_, [&] {
      auto const path = results_path(job_.folder);
      if (!std::filesystem::exists(path))
        throw solver_failed(fmt::format("{}: was deleted while the run wrote it", path));
    });
  }

  /// As far as the file takes it: what failed may have been the file.
  void write_failure(Error const& error) {
    metrics_.set("converged", std::int64_t{0});
    metrics_.set("failure", std::string{error.what()});
    try {
      write_metrics();
    } catch (Error const& another) {
      end_all_if_bug(comm_, another);
    }
  }

  Exit stopped() {
    metrics_.set("converged", std::int64_t{0});
    write_metrics();
    auto const reason = stop_.reason();
    log_.line(fmt::format("stopped by {}; the state is in {}/checkpoints: go on with --resume",
                          reason.empty() ? "another rank" : reason, job_.folder));
    return Exit::stopped;
  }

  Exit done() {
    write_metrics();
    expect_file();
    results_.complete();
    report_times(comm_, log_, timers_);
    log_.line(fmt::format("done: {}", results_path(job_.folder)));
    return Exit::done;
  }

  MPI_Comm comm_;
  Log const& log_;
  StopRequest const& stop_;
  Job& job_;
  Plan const& plan_;
  double began_;
  Timers timers_;
  Metrics metrics_;
  io::CheckpointStore checkpoints_;
  io::ResultFile results_;
  Interval until_checkpoint_;
  Progress progress_;
  Run run_;
};

/// Main memory of this node, or what its control group may use of it.
double node_memory() {
  double const whole = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  double allowed = 0;
  bool const limited = static_cast<bool>(std::ifstream{"/sys/fs/cgroup/memory.max"} >> allowed);  // else "max"
  return limited ? std::min(whole, allowed) : whole;
}

/// Refuses a plan that this node cannot hold: the system would kill the job hours later, and perhaps others with it.
/// Throws bad_input. Collective.
void check_memory(MPI_Comm comm, Plan const& plan) {
  MPI_Comm node = MPI_COMM_NULL;
  MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
  int ranks = 1;
  MPI_Comm_size(node, &ranks);
  MPI_Comm_free(&node);
  agreed(comm, [&] {
    double const needed = plan.bytes_per_rank * ranks, there = node_memory();
    if (needed <= there) return;
    throw bad_input(fmt::format("the run needs {} on each of {} ranks of a node, together {}, and the node has {}",
                                bytes_text(plan.bytes_per_rank), ranks, bytes_text(needed), bytes_text(there)),
                    "Use more nodes or fewer ranks on each, or a smaller problem. Sizes: kroma check DECK --ranks N");
  });
}

/// A mistake in the deck that only the solve could see leaves nothing behind, like any other mistake. Collective.
void withdraw(MPI_Comm comm, std::string const& folder) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  if (rank == 0) remove_results(folder);
}

Exit solve_in_folder(MPI_Comm comm, HowToRun const& how, Job& job, Plan const& plan, bool resume, double began) {
  try {
    return OneRun{comm, how, job, plan, resume, began}.solve();
  } catch (Error const& error) {
    if (error.kind() == Exit::bad_input && !resume) withdraw(comm, job.folder);
    throw;
  }
}

}  // namespace

Exit run_job(MPI_Comm comm, HowToRun const& how, Job& job) {
  double const began = MPI_Wtime();
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  auto const plan = agreed(comm, [&] { return plan_of(*job.read.problem, ranks); });

  check_memory(comm, plan);

  job.read.problem->prepare(comm);

  std::optional<FolderLock> lock;
  auto const start = claim_folder(comm, job.folder, how.earlier, lock);
  if (start == Start::nothing) {
    how.log.line(fmt::format("{}: done already; nothing to resume", job.folder));
    return Exit::done;
  }
  report_start(how.log, job, plan, ranks);
  if (how.earlier == Earlier::resume && start == Start::fresh && has_checkpoints(job.folder))
    how.log.warning(fmt::format("{}/checkpoints: none can be read; the run starts from the beginning", job.folder));
  if (start == Start::resume) check_resume(comm, how.log, job);
  return solve_in_folder(comm, how, job, plan, start == Start::resume, began);
}

}  // namespace kroma
