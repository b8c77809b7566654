#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/run.hpp"

namespace kroma {

struct CheckRequest {
  std::string deck;
  std::vector<std::string> sets;
  int ranks = 1;
};

struct ShowRequest {
  std::string deck;
  std::vector<std::string> sets;
};

enum class HelpFormat { text, markdown, json_schema };

struct ProblemsRequest {
  std::string name;  // empty: list them all
  HelpFormat format = HelpFormat::text;
};

struct CasesRequest {
  std::string study;
};

struct StatusRequest {
  std::string folder;
};

struct ImportRequest {
  std::string input;
  bool partial = false;  // leave out what cannot be carried
};

struct VersionRequest {};

struct HelpRequest {
  std::string text;
};

using Command = std::variant<RunRequest, CheckRequest, ShowRequest, ProblemsRequest, CasesRequest, StatusRequest,
                             ImportRequest, VersionRequest, HelpRequest>;

/// The words of a command line, split at the first "--": ours before it, PETSc's and Kokkos's after it.
struct Words {
  std::vector<std::string> ours, libraries;
};
Words split_words(int argc, char const* const* argv);

/// What the words ask for. Throws Error(bad_input) that names the mistake and, if there is one, the likely word.
Command parse(std::vector<std::string> const& words);

}  // namespace kroma
