#pragma once

#include <string>

#include "core/error.hpp"

/// The message of the Error that `work` throws, which must be the user's fault; "" if it throws none.
template <class Work>
std::string error_text(Work&& work) {
  try {
    work();
  } catch (kroma::Error const& e) {
    return e.kind() == kroma::Exit::bad_input ? e.what() : std::string{"not bad input: "} + e.what();
  }
  return {};
}
