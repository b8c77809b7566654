#pragma once

#include <string>
#include <vector>

#include "app/cadet_input.hpp"

namespace kroma {

/// One line of a deck: key and value, and where the value came from.
struct DeckLine {
  std::string text, source;
};

/// The numbers as a deck has them: one, or a list.
std::string in_deck(std::vector<double> const& values);

/// Sorption of one column.
struct CadetBinding {
  std::vector<DeckLine> lines;    // of the block `binding`
  std::vector<std::string> lost;  // what cannot be carried
};

/// The keys of the block `binding` that say what `model` with its parameters in group `path` does to `components`
/// components, of which those with `bound` states are adsorbed.
CadetBinding cadet_binding(CadetInput& input, std::string const& model, std::string const& path,
                           std::vector<double> const& bound);

}  // namespace kroma
