#include "app/study_run.hpp"

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/case_queue.hpp"
#include "app/one_run.hpp"
#include "app/output_folder.hpp"
#include "app/print_error.hpp"
#include "app/report.hpp"
#include "app/resume.hpp"
#include "app/study_table.hpp"
#include "core/broadcast.hpp"
#include "core/gather.hpp"
#include "core/progress.hpp"
#include "core/provenance.hpp"
#include "io/status.hpp"

namespace kroma {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostMistakesShown = 20;  // cases of a study that are named with all their mistakes

int rank_of(MPI_Comm comm) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

int size_of(MPI_Comm comm) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  return size;
}

/// What is wrong with one case before it runs, or "".
std::string trouble_of(Input const& input, deck::Case const& one, RunRequest const& request, int ranks,
                       Registry const& families) {
  try {
    auto const job = prepare(input.deck, one, request.sets, families);
    job.read.problem->plan(ranks);
    auto const results = results_path(job.folder);
    if (request.earlier == Earlier::refuse && fs::exists(results))
      return fmt::format("{}: holds the results of an earlier run", job.folder);
    if (request.earlier == Earlier::resume) {
      auto const earlier = io::read_status(results);
      if (!earlier.complete) return "";
      auto const changed = forbidden_changes(earlier.resolved_deck, job.read.resolved);
      if (!changed.empty())
        return fmt::format("--resume: it is done, but with another deck: {}", fmt::join(changed, ", "));
    }
    return "";
  } catch (Error const& error) {
    if (error.kind() != Exit::bad_input) throw;
    return error.what();
  }
}

/// Checks all cases, shared out among the ranks; throws bad_input with what is wrong with the first of them.
/// Collective.
void check_cases(MPI_Comm comm, Input const& input, std::vector<deck::Case> const& cases, RunRequest const& request,
                 Registry const& families) {
  auto const mine = agreed(comm, [&] {
    std::string text;
    std::size_t found = 0;
    for (auto i = static_cast<std::size_t>(rank_of(comm)); i < cases.size();
         i += static_cast<std::size_t>(size_of(comm))) {
      auto const trouble = trouble_of(input, cases[i], request, input.study->ranks_per_case(), families);
      if (!trouble.empty() && ++found <= kMostMistakesShown)
        text += fmt::format("case {}:\n{}\n", cases[i].number, trouble);
    }
    return found > kMostMistakesShown ? text + fmt::format("... and {} more\n", found - kMostMistakesShown) : text;
  });
  auto const all = gather(comm, 0, mine);
  agreed(comm, [&] {
    auto text = fmt::format("{}", fmt::join(all, ""));
    if (text.empty()) return;
    text.pop_back();
    throw bad_input(text, request.earlier == Earlier::refuse
                              ? "Nothing was run. Mend the study, or go on with an earlier one: --resume, or replace "
                                "its results: --overwrite."
                              : "Nothing was run.");
  });
}

/// The ranks that work on one case at a time. Ranks that are left over belong to none.
class Group {
 public:
  Group(MPI_Comm world, int ranks_per_case) {
    int const index = rank_of(world) / ranks_per_case, groups = size_of(world) / ranks_per_case;
    MPI_Comm_split(world, index < groups ? index : MPI_UNDEFINED, rank_of(world), &comm_);
  }
  ~Group() {
    if (works()) MPI_Comm_free(&comm_);
  }
  Group(Group const&) = delete;
  Group& operator=(Group const&) = delete;

  bool works() const { return comm_ != MPI_COMM_NULL; }
  MPI_Comm comm() const { return comm_; }
  bool leads() const { return works() && rank_of(comm_) == 0; }

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
};

/// How the cases of this process's group ended, by their index.
using Outcomes = std::vector<std::pair<int, CaseOutcome>>;

/// Runs cases until there are none: one object per rank.
class Worker {
 public:
  Worker(Group const& group, CaseQueue& queue, Input const& input, RunRequest const& request, StopRequest const& stop,
         Registry const& families)
      : group_{group},
        queue_{queue},
        input_{input},
        request_{request},
        stop_{stop},
        families_{families},
        log_{group.comm(), request.verbosity == Verbosity::verbose ? Verbosity::normal : Verbosity::quiet} {}

  /// `after_each` is called on the leader of each group. Collective in the group.
  Outcomes work(std::vector<deck::Case> const& cases, std::function<void()> const& after_each) {
    Outcomes outcomes;
    while (true) {
      int index = group_.leads() ? queue_.next() : 0;
      MPI_Bcast(&index, 1, MPI_INT, 0, group_.comm());
      if (index >= static_cast<int>(cases.size())) return outcomes;
      if (stop_.agreed(group_.comm())) return stopped(std::move(outcomes));
      outcomes.emplace_back(index, run(cases[static_cast<std::size_t>(index)]));
      auto const& status = outcomes.back().second.status;
      if (status == "stopped") return stopped(std::move(outcomes));
      if (!group_.leads()) continue;
      queue_.ended(status == "failed");
      after_each();
    }
  }

 private:
  /// One case, whose failure is its own. Collective in the group.
  CaseOutcome run(deck::Case const& one) {
    try {
      auto job = agreed(group_.comm(), [&] { return prepare(input_.deck, one, request_.sets, families_); });
      auto const end = run_job(group_.comm(), {request_.earlier, log_, stop_, request_.command_line}, job);
      return {end == Exit::stopped ? "stopped" : "done", ""};
    } catch (std::exception const& exception) {
      auto const error = as_error(exception);
      end_all_if_bug(group_.comm(), error);
      if (group_.leads())
        print_error(Error{error.kind(), fmt::format("{}: {}", one.name, error.what()), error.advice()});
      return {"failed", error.what()};
    }
  }

  Outcomes stopped(Outcomes outcomes) {
    if (group_.leads()) queue_.close();
    return outcomes;
  }

  Group const& group_;
  CaseQueue& queue_;
  Input const& input_;
  RunRequest const& request_;
  StopRequest const& stop_;
  Registry const& families_;
  Log log_;
};

// Outcomes travel as text: index, status and message, separated by what no message holds.
constexpr char kField = '\x1f', kRecord = '\x1e';

std::string packed(Outcomes const& outcomes) {
  std::string text;
  for (auto const& [index, outcome] : outcomes) {
    text += fmt::format("{}{}{}{}{}{}", index, kField, outcome.status, kField, outcome.message, kRecord);
  }
  return text;
}

void unpack(std::string const& text, std::vector<CaseOutcome>& outcomes) {
  std::istringstream records{text};
  for (std::string record; std::getline(records, record, kRecord);) {
    std::istringstream fields{record};
    std::string index, status, message;
    std::getline(fields, index, kField);
    std::getline(fields, status, kField);
    std::getline(fields, message);
    outcomes[std::stoul(index)] = {status, message};
  }
}

/// How all cases ended, on rank 0. Collective.
std::vector<CaseOutcome> gather_outcomes(MPI_Comm comm, Outcomes const& mine, bool speaks, std::size_t count) {
  auto const texts = gather(comm, 0, speaks ? packed(mine) : "");
  std::vector<CaseOutcome> outcomes(count);
  for (auto const& text : texts) unpack(text, outcomes);
  return outcomes;
}

/// Folder of the study: the one that holds the folders of its cases.
std::string study_folder(std::string const& first_case) { return fs::path{first_case}.parent_path().string(); }

struct Cases {
  std::vector<deck::Case> list;
  std::string problem;
  std::vector<std::string> folders;
};

Cases list_cases(Input const& input, RunRequest const& request, Registry const& families) {
  Cases cases;
  cases.list = input.study->cases();
  auto const first = prepare(input.deck, cases.list.front(), request.sets, families);
  cases.problem = first.type->name;
  auto const folder = study_folder(first.folder);
  for (auto const& one : cases.list) cases.folders.push_back(folder + "/" + one.name);
  return cases;
}

void report_study(Log const& log, Input const& input, Cases const& cases, int ranks) {
  int const each = input.study->ranks_per_case(), groups = ranks / each;
  auto const& build = build_info();
  auto text = fmt::format("kroma {} ({})\n", build.version, build.commit);
  if (!input.study->title().empty()) text += row("title", input.study->title());
  text +=
      row("study", fmt::format("{} cases of {}", grouped(static_cast<std::int64_t>(cases.list.size())), cases.problem));
  text += row("ranks", fmt::format("{} groups of {}", groups, each));
  text += row("folder", study_folder(cases.folders.front()));
  log.line(text);
  if (ranks % each != 0)
    log.warning(fmt::format("{} of {} ranks make no group of {} and stay idle", ranks % each, ranks, each));
}

/// Names of the cases with a status: "3, 17, 244 and 12 more".
std::string named(StudySummary const& summary, std::string const& status) {
  constexpr std::size_t most = 12;
  std::vector<int> numbers;
  for (std::size_t i = 0; i < summary.outcomes.size(); ++i) {
    if (summary.outcomes[i].status == status) numbers.push_back(summary.cases[i].number);
  }
  auto const more = numbers.size() > most ? numbers.size() - most : 0;
  numbers.resize(numbers.size() - more);
  auto const text = fmt::format("{}", fmt::join(numbers, ", "));
  return more > 0 ? fmt::format("{} and {} more", text, more) : text;
}

/// Exit code and last words, the same on all ranks. Collective.
Exit end_of(MPI_Comm comm, Log const& log, StopRequest const& stop, StudySummary const& summary,
            std::string const& folder) {
  std::array<int, 2> counts{};  // failed, not finished
  for (auto const& outcome : summary.outcomes) {
    if (outcome.status == "failed") ++counts[0];
    if (outcome.status == "stopped" || outcome.status == "not run") ++counts[1];
  }
  MPI_Bcast(counts.data(), 2, MPI_INT, 0, comm);
  auto const failed = broadcast(comm, 0, named(summary, "failed"));
  if (counts[1] > 0) {
    auto const reason = stop.reason();
    log.line(fmt::format("stopped by {}: {} cases are not done, {} failed; go on with --resume",
                         reason.empty() ? "another rank" : reason, counts[1], counts[0]));
    return Exit::stopped;
  }
  if (counts[0] > 0) {
    throw solver_failed(
        fmt::format("{} cases failed: {}", counts[0], failed),
        fmt::format("All others are done. Why: the messages above, and /tables/cases of {}", study_path(folder)));
  }
  log.line(fmt::format("done: {}", study_path(folder)));
  return Exit::done;
}

}  // namespace

Exit run_study(MPI_Comm comm, RunRequest const& request, Input const& input, StopRequest const& stop,
               Registry const& families) {
  Log const log{comm, request.verbosity};
  int const each = input.study->ranks_per_case();
  if (size_of(comm) < each)
    throw bad_input(fmt::format("ranks_per_case: {}, but there are {} ranks", each, size_of(comm)),
                    "Start more ranks.");
  auto const cases = agreed(comm, [&] { return list_cases(input, request, families); });
  check_cases(comm, input, cases.list, request, families);
  auto const folder = study_folder(cases.folders.front());
  std::optional<FolderLock> lock;
  lock_folder(comm, folder, lock);
  report_study(log, input, cases, size_of(comm));

  Outcomes mine;
  Group const group{comm, each};
  {
    CaseQueue queue{comm, static_cast<int>(cases.list.size())};
    Progress progress{log, progress_path(folder)};
    auto const after_each = [&] {
      if (rank_of(comm) != 0) return;
      auto const [ended, failed] = queue.tally();
      progress.report(static_cast<double>(ended) / static_cast<double>(cases.list.size()),
                      fmt::format("{} of {} cases, {} failed", ended, cases.list.size(), failed));
    };
    if (group.works()) mine = Worker{group, queue, input, request, stop, families}.work(cases.list, after_each);
    MPI_Barrier(comm);
  }
  StudySummary summary{cases.problem,
                       input.study->title(),
                       input.study->source(),
                       cases.list,
                       cases.folders,
                       gather_outcomes(comm, mine, group.leads(), cases.list.size()),
                       provenance(comm, request.command_line)};
  agreed(comm, [&] {
    if (rank_of(comm) == 0) write_study(folder, summary);
  });
  return end_of(comm, log, stop, summary, folder);
}

}  // namespace kroma
