#include "app/command_line.hpp"

#include <algorithm>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/did_you_mean.hpp"
#include "app/help_files.hpp"
#include "deck/units.hpp"

namespace kroma {
namespace {

/// Where CLI11 leaves what it reads, for all commands.
struct Values {
  RunRequest run;
  CheckRequest check;
  ShowRequest show;
  ProblemsRequest problems;
  CasesRequest cases;
  StatusRequest status;
  ImportRequest import;
  std::string stop_after;
  bool version = false, resume = false, overwrite = false, quiet = false, verbose = false;
};

void add_sets(CLI::App& command, std::vector<std::string>& sets) {
  command.add_option("--set", sets, "Change a key of the deck: --set gp_pde.grid.x=128; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void add_run(CLI::App& app, Values& values) {
  auto& command = *app.add_subcommand("run", "Solve the problem of a deck, or all cases of a study");
  command.add_option("DECK", values.run.deck, "Deck or study; - is standard input")->type_name("")->required();
  add_sets(command, values.run.sets);
  command.add_option("--case", values.run.case_number, "Only this case of the study: kroma cases STUDY")
      ->type_name("N");
  auto* resume = command.add_flag("--resume", values.resume, "Go on from the newest checkpoint, if there is one");
  command.add_flag("--overwrite", values.overwrite, "Replace the results of an earlier run")->excludes(resume);
  command.add_option("--stop-after", values.stop_after, "Save and stop (exit 4) after this wall time: 90 s, 2 h")
      ->type_name("TIME");
  auto* quiet = command.add_flag("-q,--quiet", values.quiet, "Only warnings and errors");
  command.add_flag("-v,--verbose", values.verbose, "More lines")->excludes(quiet);
}

void add_check(CLI::App& app, Values& values) {
  auto& command = *app.add_subcommand("check", "Validate a deck or study, print sizes and memory; run nothing");
  command.add_option("DECK", values.check.deck, "Deck or study; - is standard input")->type_name("")->required();
  add_sets(command, values.check.sets);
  command.add_option("--ranks", values.check.ranks, "Memory per rank of a run on N ranks")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
}

void add_show(CLI::App& app, Values& values) {
  auto& command = *app.add_subcommand("show", "Print the deck with every default filled in, in SI, as YAML");
  command.add_option("DECK", values.show.deck, "Deck; - is standard input")->type_name("")->required();
  add_sets(command, values.show.sets);
}

void add_problems(CLI::App& app, Values& values) {
  auto& command = *app.add_subcommand("problems", "List the problem families, or every key of one");
  command.add_option("NAME", values.problems.name, "Family")->type_name("");
  std::map<std::string, HelpFormat> const formats{
      {"text", HelpFormat::text}, {"markdown", HelpFormat::markdown}, {"json-schema", HelpFormat::json_schema}};
  command.add_option("--as", values.problems.format, "text, markdown or json-schema")
      ->type_name("FORMAT")
      ->transform(CLI::Transformer(formats))
      ->needs("NAME");
}

void add_cases_and_status(CLI::App& app, Values& values) {
  auto& cases = *app.add_subcommand("cases", "List the cases of a study: number, folder, changes");
  cases.add_option("STUDY", values.cases.study, "Study")->type_name("")->required();
  auto& status = *app.add_subcommand("status", "Say whether a run is done, resumable, failed or running, and how far");
  status.add_option("FOLDER", values.status.folder, "Output folder of the run")->type_name("")->required();
}

void add_import(CLI::App& app, Values& values) {
  auto& command = *app.add_subcommand("import-cadet",
                                      "Print an input file of CADET-Core as a deck: kroma import-cadet a.h5 > a.yaml");
  command.add_option("INPUT", values.import.input, "HDF5 or JSON (*.json) input file")->type_name("")->required();
  command.add_flag("--partial", values.import.partial,
                   "Leave out, and list, what cannot be carried, instead of giving up");
}

void add_help_files(CLI::App& app) {
  app.add_subcommand("manual", "Print the manual page: kroma manual | man -l -");
  app.add_subcommand("completion", "Print completion for bash: source <(kroma completion)");
}

std::vector<std::string> long_options(CLI::App const& command) {
  std::vector<std::string> names;
  for (auto const* option : command.get_options()) {
    for (auto const& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// What to tell about words that CLI11 did not accept.
Error mistake(CLI::App const& app, CLI::ParseError const& error) {
  auto const chosen = app.get_subcommands();
  auto const& command = chosen.empty() ? app : *chosen.front();
  auto const name = chosen.empty() ? std::string{"kroma"} : "kroma " + command.get_name();
  std::string text = error.what();
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
    auto const word = app.remaining(true).front();
    bool const is_option = word.front() == '-';
    text = is_option ? fmt::format("unknown option '{}'{}", word, did_you_mean(word, long_options(command)))
                     : fmt::format("'{}' is one word too many", word);
  }
  return bad_input(fmt::format("{}: {}", name, text), fmt::format("What it takes: {} --help", name));
}

/// CLI11 would say only that a command is missing.
void expect_command(CLI::App const& app, std::vector<std::string> const& words) {
  if (!words.empty() && words.front().starts_with("-")) return;
  std::vector<std::string> names;
  for (auto const* command : app.get_subcommands({})) names.push_back(command->get_name());
  if (words.empty()) throw bad_input("kroma: what shall it do?", "Commands: kroma --help");
  auto const& word = words.front();
  if (std::find(names.begin(), names.end(), word) != names.end()) return;
  throw bad_input(fmt::format("kroma: '{}' is not a command{}", word, did_you_mean(word, names)),
                  "Commands: kroma --help");
}

RunRequest finished(Values const& values, std::vector<std::string> const& words) {
  auto request = values.run;
  if (values.resume) request.earlier = Earlier::resume;
  if (values.overwrite) request.earlier = Earlier::overwrite;
  if (values.quiet) request.verbosity = Verbosity::quiet;
  if (values.verbose) request.verbosity = Verbosity::verbose;
  if (!values.stop_after.empty()) {
    try {
      request.stop_after = deck::parse_quantity(values.stop_after, "s");
    } catch (Error const& e) {
      throw bad_input(fmt::format("kroma run: --stop-after: {}", e.what()), "Write a time: 90 s, 30 min, 2 h");
    }
    if (!(request.stop_after > 0)) throw bad_input("kroma run: --stop-after: must be > 0 s");
  }
  request.command_line = words;
  request.command_line.insert(request.command_line.begin(), "kroma");
  return request;
}

}  // namespace

Words split_words(int argc, char const* const* argv) {
  std::vector<std::string> const all(argv + std::min(argc, 1), argv + argc);
  auto const bar = std::find(all.begin(), all.end(), "--");
  return {{all.begin(), bar}, {bar == all.end() ? bar : bar + 1, all.end()}};
}

Command parse(std::vector<std::string> const& words) {
  Values values;
  CLI::App app{"kroma - solve the problem described by one YAML deck", "kroma"};
  app.add_flag("--version", values.version, "Version, commit, libraries, execution space");
  app.footer(
      "Options after \"--\" go to PETSc and Kokkos:  kroma run d.yaml -- -log_view\n"
      "Exit: 0 done | 1 internal error | 2 deck or command line | 3 solver failed | 4 stopped early, use --resume");
  add_run(app, values);
  add_check(app, values);
  add_show(app, values);
  add_problems(app, values);
  add_cases_and_status(app, values);
  add_import(app, values);
  add_help_files(app);
  for (auto* command : app.get_subcommands({})) command->group("Commands");
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  expect_command(app, words);
  try {
    app.parse(std::vector<std::string>{words.rbegin(), words.rend()});  // CLI11 takes words from the back
  } catch (CLI::CallForHelp const&) {
    return HelpRequest{app.help()};
  } catch (CLI::ParseError const& error) {
    throw mistake(app, error);
  }
  if (values.version) return VersionRequest{};
  if (app.got_subcommand("manual")) return HelpRequest{manual_page(app)};
  if (app.got_subcommand("completion")) return HelpRequest{bash_completion(app)};
  if (app.got_subcommand("run")) return finished(values, words);
  if (app.got_subcommand("check")) return values.check;
  if (app.got_subcommand("show")) return values.show;
  if (app.got_subcommand("problems")) return values.problems;
  if (app.got_subcommand("cases")) return values.cases;
  if (app.got_subcommand("import-cadet")) return values.import;
  return values.status;
}

}  // namespace kroma
