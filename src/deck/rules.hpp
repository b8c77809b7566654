#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kroma::deck {

/// What is declared of one key, whatever its type. Bounds hold for every number in a list, a map or an interval.
struct Rules {
  struct Bound {
    double value;
    bool allowed;  // whether the bound itself is
  };

  std::string doc, unit, was, example;
  bool required = false;
  std::optional<Bound> lowest, highest;
  bool single = false;                                        // a list may be given as its only item
  std::vector<std::pair<std::string, std::int64_t>> choices;  // words, and the enumerators they stand for
  std::vector<std::string> arguments;                         // of functions
  std::vector<std::string> keys;                              // of maps; empty: any
  std::optional<std::size_t> size;                            // of the outermost list
};

/// "> 0 [m]", "between 0 and 1", "one of a, b"; "" when everything goes.
std::string bounds_in_words(Rules const& rules);
/// "a, b, c".
std::string choices_in_words(Rules const& rules);

}  // namespace kroma::deck
