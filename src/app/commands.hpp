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
std::string version();

}  // namespace kroma
