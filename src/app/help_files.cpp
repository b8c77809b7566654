#include "app/help_files.hpp"

#include <algorithm>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/provenance.hpp"

namespace kroma {
namespace {

/// Text that roff must not take for its own: backslashes, hyphens that are minus signs, dots and quotes at the start.
std::string roff(std::string const& text) {
  std::string escaped;
  for (char const c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else {
      escaped += c;
    }
  }
  return escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" + escaped : escaped;
}

std::vector<std::string> names_of(CLI::Option const& option) {
  std::vector<std::string> names;
  for (auto const& name : option.get_snames()) names.push_back("-" + name);
  for (auto const& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

bool takes_value(CLI::Option const& option) { return option.get_type_size() > 0; }

/// "run DECK [OPTIONS]": the word and what must follow it.
std::string synopsis(CLI::App const& command) {
  std::string text = command.get_name();
  for (auto const* option : command.get_options()) {
    if (!option->get_positional()) continue;
    text += option->get_required() ? " " + option->get_name(true) : " [" + option->get_name(true) + "]";
  }
  return text;
}

std::string option_entry(CLI::Option const& option) {
  auto const names = names_of(option);
  auto const name = names.empty() ? option.get_name(true) : fmt::format("{}", fmt::join(names, ", "));
  auto const value = !names.empty() && takes_value(option) ? " \\fI" + roff(option.get_type_name()) + "\\fR" : "";
  return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", roff(name), value, roff(option.get_description()));
}

std::string command_entry(CLI::App const& command) {
  auto text = fmt::format(".SS kroma {}\n{}\n", roff(synopsis(command)), roff(command.get_description()));
  for (auto const* option : command.get_options()) {
    if (!option->get_positional() || !option->get_description().empty()) text += option_entry(*option);
  }
  return text;
}

/// Exit codes and what else the program's own help ends with, a paragraph per line.
std::string footer(CLI::App const& app) {
  std::string text;
  auto const& lines = app.get_footer();
  for (std::size_t begin = 0; begin < lines.size();) {
    auto const end = std::min(lines.find('\n', begin), lines.size());
    text += fmt::format(".PP\n{}\n", roff(lines.substr(begin, end - begin)));
    begin = end + 1;
  }
  return text;
}

std::string options_of(CLI::App const& command) {
  std::vector<std::string> all;
  for (auto const* option : command.get_options()) {
    for (auto const& name : names_of(*option)) all.push_back(name);
  }
  return fmt::format("{}", fmt::join(all, " "));
}

}  // namespace

std::string manual_page(CLI::App const& app) {
  auto text = fmt::format(".TH KROMA 1 \"\" \"kroma {}\" \"User commands\"\n.SH NAME\n{}\n.SH SYNOPSIS\n",
                          build_info().version, roff(app.get_description()));
  auto const commands = app.get_subcommands({});
  for (auto const* command : commands) text += fmt::format(".br\n\\fBkroma\\fR {}\n", roff(synopsis(*command)));
  text += ".SH COMMANDS\n";
  for (auto const* command : commands) text += command_entry(*command);
  return text + ".SH OPTIONS AND EXIT CODES\n" + footer(app);
}

std::string bash_completion(CLI::App const& app) {
  std::vector<std::string> words{options_of(app)};
  std::string cases;
  for (auto const* command : app.get_subcommands({})) {
    words.push_back(command->get_name());
    cases += fmt::format("    {}) options=\"{}\" ;;\n", command->get_name(), options_of(*command));
  }
  return fmt::format(R"bash(# bash completion for kroma, printed by: kroma completion
_kroma() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} command=${{COMP_WORDS[1]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} options=
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "{}" -- "$word"))
    return
  fi
  case $command in
{}  esac
  if [[ $before == --as ]]; then
    COMPREPLY=($(compgen -W "text markdown json-schema" -- "$word"))
  elif [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ $command == problems ]]; then
    COMPREPLY=($(compgen -W "$(kroma problems 2>/dev/null | head -n -1 | cut -d' ' -f1)" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}}
complete -o filenames -F _kroma kroma
)bash",
                     fmt::join(words, " "), cases);
}

}  // namespace kroma
