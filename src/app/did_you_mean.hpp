#pragma once

#include <string>
#include <vector>

#include "deck/block.hpp"

namespace kroma {

/// "; did you mean 'check'?" if one of the known words is near to `word`, else "".
inline std::string did_you_mean(std::string const& word, std::vector<std::string> const& known) {
  auto const near = deck::nearest(word, known);
  return near.empty() ? "" : "; did you mean '" + near + "'?";
}

}  // namespace kroma
