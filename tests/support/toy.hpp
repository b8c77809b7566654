#pragma once

#include "problems/registry.hpp"

namespace kroma::test {

/// A registry with one family, "toy", that exists only in tests: u' = -u by explicit steps on a line of cells shared
/// between the ranks. Its keys make it fail, stop or find mistakes at a given step, on all ranks or on one.
Registry const& toy_registry();

}  // namespace kroma::test
