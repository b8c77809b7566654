#include "app/commands.hpp"

#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cadet_import.hpp"
#include "app/job.hpp"
#include "app/output_folder.hpp"
#include "app/report.hpp"
#include "core/progress.hpp"
#include "core/provenance.hpp"
#include "io/status.hpp"

namespace kroma {
namespace {

Input load(std::string const& path) { return load_input(path, deck::Deck::from_file); }

std::string check_deck(Input const& input, CheckRequest const& request, Registry const& families) {
  auto const job = prepare(input.deck, std::nullopt, request.sets, families);
  return plan_text(plan_of(*job.read.problem, request.ranks), request.ranks) + row("folder", job.folder) +
         fmt::format("{}: no mistakes\n", request.deck);
}

std::string check_study(Input const& input, CheckRequest const& request, Registry const& families) {
  std::string text, mistakes;
  auto const cases = input.study->cases();
  for (auto const& one : cases) {
    try {
      auto const plan = plan_of(*prepare(input.deck, one, request.sets, families).read.problem, request.ranks);
      text += fmt::format("{:>6}  {} unknowns  {} per rank  {}\n", one.number, grouped(plan.unknowns),
                          bytes_text(plan.bytes_per_rank), plan.summary);
    } catch (Error const& error) {
      if (error.kind() != Exit::bad_input) throw;
      mistakes += fmt::format("{}case {}:\n{}", mistakes.empty() ? "" : "\n", one.number, error.what());
    }
  }
  if (!mistakes.empty()) throw bad_input(mistakes);
  return text + fmt::format("{}: {} cases, no mistakes\n", request.deck, cases.size());
}

std::string describe(deck::Description const& description, HelpFormat format) {
  switch (format) {
    case HelpFormat::markdown:
      return deck::to_markdown(description);
    case HelpFormat::json_schema:
      return deck::to_json_schema(description);
    case HelpFormat::text:
      break;
  }
  return deck::to_text(description);
}

std::string state_text(FolderStatus::State state) {
  switch (state) {
    case FolderStatus::State::running:
      return "running";
    case FolderStatus::State::done:
      return "done";
    case FolderStatus::State::resumable:
      return "resumable";
    case FolderStatus::State::failed:
      return "failed";
    case FolderStatus::State::empty:
      break;
  }
  return "empty";
}

std::string value_text(io::Value const& value) {
  return std::visit([](auto const& held) { return fmt::format("{}", held); }, value);
}

std::string study_status(std::string const& folder, std::map<FolderStatus::State, int> const& cases) {
  auto text = fmt::format("{}: study{}\n", folder, FolderLock::is_held(folder) ? ", running" : "");
  auto const progress = FolderLock::is_held(folder) ? read_progress(progress_path(folder)) : "";
  if (!progress.empty()) text += row("  progress", progress);
  for (auto const& [state, count] : cases) text += row("  " + state_text(state), std::to_string(count));
  return text;
}

}  // namespace

std::string check(CheckRequest const& request, Registry const& families) {
  auto const input = load(request.deck);
  return input.study ? check_study(input, request, families) : check_deck(input, request, families);
}

std::string show(ShowRequest const& request, Registry const& families) {
  auto const input = load(request.deck);
  return prepare(input.deck, choose_case(input, std::nullopt), request.sets, families).read.resolved;
}

std::string problems(ProblemsRequest const& request, Registry const& families) {
  if (!request.name.empty()) return describe(find_family(request.name, families).description, request.format);
  std::string text;
  for (auto const* type : families) text += row(type->name, type->summary);
  return text + "Every key of one: kroma problems NAME\n";
}

Imported import_deck(ImportRequest const& request, Registry const& families) {
  auto const imported = import_cadet(request.input);
  auto lost = imported.lost;
  try {
    prepare(deck::Deck::from_text(imported.text, "imported deck"), std::nullopt, {}, families);
  } catch (Error const& error) {
    if (error.kind() != Exit::bad_input) throw;
    lost.emplace_back(error.what());
  }
  std::string remarks;
  for (auto const& note : imported.notes) remarks += fmt::format("{}: note: {}\n", request.input, note);
  std::string left_out;
  for (auto const& what : lost) left_out += fmt::format("{}: cannot be carried: {}\n", request.input, what);
  if (!lost.empty() && !request.partial) {
    throw bad_input(left_out + fmt::format("{} thing{} would change the answer; no deck was printed", lost.size(),
                                           lost.size() == 1 ? "" : "s"),
                    "With --partial the deck is printed without them.");
  }
  return {imported.text, remarks + left_out};
}

std::string cases(CasesRequest const& request, Registry const& families) {
  auto const input = load(request.study);
  if (!input.study) throw bad_input(fmt::format("{}: is a deck, not a study", request.study));
  std::string text;
  for (auto const& one : input.study->cases()) {
    auto const job = prepare(input.deck, one, {}, families);
    text += fmt::format("{:>6}  {}  {}\n", one.number, job.folder, fmt::join(one.sets, "  "));
  }
  return text;
}

std::string status(StatusRequest const& request) {
  auto const status = folder_status(request.folder);
  auto const cases = case_states(request.folder);
  if (!cases.empty()) return study_status(request.folder, cases);
  if (status.state == FolderStatus::State::empty) {
    throw bad_input(fmt::format("{}: holds no results", request.folder));
  }
  auto text = fmt::format("{}: {}\n", request.folder, state_text(status.state));
  auto const add = [&](std::string const& name, std::string const& value) {
    if (!value.empty()) text += row("  " + name, value);
  };
  if (status.state == FolderStatus::State::running) add("progress", read_progress(progress_path(request.folder)));
  add("problem", status.results.problem);
  add("created", status.results.created);
  add("trouble", status.results.trouble);
  add("checkpoint", status.checkpoint);
  for (auto const& [name, value] : status.results.metrics) add(name, value_text(value));
  return text;
}

std::string version() {
  auto const& build = build_info();
  auto text = fmt::format("kroma {}\n", build.version);
  auto const add = [&](char const* name, std::string const& value) { text += row(name, value); };
  add("commit", fmt::format("{}{}", build.commit, build.dirty ? " with changes" : ""));
  add("compiler", fmt::format("{} {}", build.compiler, build.build_type));
  add("MPI", mpi_version());
  add("PETSc", petsc_version());
  add("HDF5", io::hdf5_version());
  add("Kokkos", fmt::format("{}, {}", kokkos_version(), execution_space()));
  return text;
}

}  // namespace kroma
