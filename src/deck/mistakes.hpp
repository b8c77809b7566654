#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "deck/mark.hpp"

namespace kroma::deck {

/// Collects every mistake of a deck, so that the user sees all of them at once.
class Mistakes {
 public:
  /// One mistake of the key `key_path` (empty: of the deck as a whole); printed "FILE:LINE:COLUMN: key.path: text".
  void add(Mark const& mark, std::string key_path, std::string text);

  bool empty() const { return found_.empty(); }
  std::size_t size() const { return found_.size(); }
  /// One line per mistake, sorted by position; what came from the command line stands last.
  std::vector<std::string> lines() const;
  /// Exit::bad_input with all lines (the first 100 of a hopeless deck) and "N mistakes; nothing was run. HINT".
  Error error(std::string const& hint = {}) const;

 private:
  struct Found {
    Mark mark;
    std::string path, text;
  };
  std::vector<Found> found_;
};

}  // namespace kroma::deck
