#include "app/main_program.hpp"

#include <cstdio>
#include <exception>
#include <functional>
#include <variant>

#include <mpi.h>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/print_error.hpp"
#include "app/run.hpp"
#include "core/runtime.hpp"
#include "io/status.hpp"

namespace kroma {
namespace {

/// Prints what commands without a solve return.
struct Printer {
  Registry const& families;

  Exit operator()(CheckRequest const& request) const { return print(check(request, families)); }
  Exit operator()(ShowRequest const& request) const { return print(show(request, families)); }
  Exit operator()(ProblemsRequest const& request) const { return print(problems(request, families)); }
  Exit operator()(CasesRequest const& request) const { return print(cases(request, families)); }
  Exit operator()(StatusRequest const& request) const { return print(status(request)); }
  Exit operator()(ImportRequest const& request) const {
    auto const imported = import_deck(request, families);
    std::fputs(imported.remarks.c_str(), stderr);
    return print(imported.deck);
  }
  Exit operator()(VersionRequest const&) const { return print(version()); }
  Exit operator()(HelpRequest const& request) const { return print(request.text); }
  Exit operator()(RunRequest const&) const { throw internal_error("a run goes another way"); }

  static Exit print(std::string const& text) {
    std::fputs(text.c_str(), stdout);
    return Exit::done;
  }
};

/// The one place where errors end.
Exit caught(std::function<Exit()> const& work, std::function<void(Error const&)> const& report) {
  try {
    return work();
  } catch (std::exception const& exception) {
    auto const error = as_error(exception);
    report(error);
    return error.kind();
  }
}

/// Errors of the user and of solvers are the same on all ranks: one of them prints.
void report_on_ranks(Error const& error) {
  end_all_if_bug(MPI_COMM_WORLD, error);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank == 0) print_error(error);
}

/// A file that could not be written is still open, and closing it at the end of MPI could wait for ever. Collective.
void end_without_closing_files(Exit code) {
  int abandoned = io::any_file_abandoned() ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &abandoned, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  if (abandoned == 0) return;
  std::fflush(nullptr);
  MPI_Barrier(MPI_COMM_WORLD);  // every rank has said what it had to say
  MPI_Abort(MPI_COMM_WORLD, static_cast<int>(code));
}

Exit run_with_libraries(Words const& words, std::vector<std::string> const& command_line, Registry const& families) {
  Runtime const runtime{words.libraries};
  auto const end = caught(
      [&] {
        auto command = parse(words.ours);
        auto* request = std::get_if<RunRequest>(&command);
        if (request == nullptr) return std::visit(Printer{families}, command);
        request->command_line = command_line;
        return run(MPI_COMM_WORLD, *request, families);
      },
      report_on_ranks);
  end_without_closing_files(end);
  return end;
}

}  // namespace

int main_program(int argc, char const* const* argv, Registry const& families) {
  auto const words = split_words(argc, argv);
  bool const needs_mpi = !words.ours.empty() && words.ours.front() == "run";
  auto const end = caught(
      [&] {
        return needs_mpi ? run_with_libraries(words, {argv, argv + argc}, families)
                         : std::visit(Printer{families}, parse(words.ours));
      },
      print_error);
  return static_cast<int>(end);
}

}  // namespace kroma
