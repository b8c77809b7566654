#pragma once

#include <string>

namespace CLI {
class App;
}

namespace kroma {

/// The manual page kroma(1) in roff, from the declarations of the command line: `kroma manual | man -l -`.
std::string manual_page(CLI::App const& app);

/// Completion for bash, from the same declarations: commands, options, and what they take.
std::string bash_completion(CLI::App const& app);

}  // namespace kroma
