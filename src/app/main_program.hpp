#pragma once

#include "problems/registry.hpp"

namespace kroma {

/// The whole program for a command line: what `main` returns. Errors end here, printed once, as exit codes.
int main_program(int argc, char const* const* argv, Registry const& families = registry());

}  // namespace kroma
