#pragma once

#include <vector>

#include "problems/problem.hpp"

namespace kroma {

/// The problem families of a program, in the order of KROMA_PROBLEMS.
using Registry = std::vector<ProblemType const*>;

/// The families this program was built with (registry.cpp is generated from KROMA_PROBLEMS).
Registry const& registry();

}  // namespace kroma
