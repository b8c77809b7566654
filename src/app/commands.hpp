#pragma once

#include <string>

#include "app/command_line.hpp"
#include "problems/registry.hpp"

namespace kroma {

// The commands that start no solve. Each returns its output, needs neither MPI nor Kokkos, and throws
// Error(bad_input).

/// Sizes and memory of a deck, or a line per case of a study; all mistakes of all cases at once.
std::string check(CheckRequest const& request, Registry const& families);
std::string show(ShowRequest const& request, Registry const& families);
std::string problems(ProblemsRequest const& request, Registry const& families);
std::string cases(CasesRequest const& request, Registry const& families);
std::string status(StatusRequest const& request);
/// The deck that an input file of another simulator makes, checked, and what to say on standard error: notes, and with
/// `partial` what was left out. Without it, throws Error(bad_input) with all that would change the answer.
struct Imported {
  std::string deck, remarks;
};
Imported import_deck(ImportRequest const& request, Registry const& families);
std::string version();

}  // namespace kroma
