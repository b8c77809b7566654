#pragma once

#include <string>
#include <vector>

namespace kroma {

/// "; did you mean 'cells'?" if one of the known words is close to `word` (a slip of the keyboard away), else "".
std::string did_you_mean(std::string const& word, std::vector<std::string> const& known);

}  // namespace kroma
