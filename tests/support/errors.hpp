#pragma once

#include <string>

#include "core/error.hpp"

namespace kroma::test {

/// The Error that `work` throws, as "exit code: text".
template <class Work>
std::string error_of(Work&& work) {
  try {
    work();
  } catch (Error const& e) {
    return std::to_string(static_cast<int>(e.kind())) + ": " + e.what();
  }
  return "nothing was thrown";
}

}  // namespace kroma::test
