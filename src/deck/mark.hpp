#pragma once

#include <cstddef>
#include <string>

namespace kroma::deck {

/// Where something stands in the user's input. Lines and columns count from 1; line 0 means that only the source is
/// known, as for `--set a.b.c`.
struct Mark {
  std::string source;
  int line = 0, column = 0;

  /// The place `characters` further on the same line.
  Mark shifted(std::size_t characters) const {
    return {source, line, line == 0 ? 0 : column + static_cast<int>(characters)};
  }
};

/// "file.yaml:5:22", or the source alone when the line is 0.
std::string to_string(Mark const& mark);

}  // namespace kroma::deck
