#include "app/resume.hpp"

#include <gtest/gtest.h>

namespace {

using Strings = std::vector<std::string>;

// Verifies: changed, added and removed values are named by their paths, list items by their index; equal decks differ
// in nothing, however they are laid out.
TEST(ChangedKeys, NamesEveryDifference) {
  EXPECT_EQ(kroma::changed_keys("a: {b: 1, c: [1, 2]}", "a:\n  c: [1, 2]\n  b: 1\n"), Strings{});
  EXPECT_EQ(kroma::changed_keys("a: {b: 1}", "a: {b: 2}"), Strings{"a.b"});
  EXPECT_EQ(kroma::changed_keys("a: {c: [1, 2]}", "a: {c: [1, 3, 4]}"), (Strings{"a.c.1", "a.c.2"}));
  EXPECT_EQ(kroma::changed_keys("a: {b: 1, c: 2}", "a: {b: 1}"), Strings{"a.c"});
}

}  // namespace
