#pragma once

#include <string>
#include <vector>

namespace kroma {

/// What becomes of an input of CADET-Core.
struct ImportedDeck {
  std::string text;                // a deck of chromatography, with a comment on where each value came from
  std::vector<std::string> lost;   // what would change the answer and cannot be carried
  std::vector<std::string> notes;  // what was left out and does not
};

/// Reads the HDF5 or JSON input file at `path`. Throws Error(bad_input) where it is no such file.
ImportedDeck import_cadet(std::string const& path);

}  // namespace kroma
