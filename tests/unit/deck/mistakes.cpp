#include "deck/mistakes.hpp"

#include <string>

#include <gtest/gtest.h>

namespace {

using kroma::deck::Mistakes;

// Verifies: lines are sorted by place with the command line last, and the message counts them.
TEST(Mistakes, SortedAndCounted) {
  Mistakes mistakes;
  mistakes.add({"--set a.b", 0, 0}, "a.b", "wrong");
  mistakes.add({"d.yaml", 10, 2}, "c", "second");
  mistakes.add({"d.yaml", 9, 30}, "", "first");
  EXPECT_EQ(mistakes.lines(),
            (std::vector<std::string>{"d.yaml:9:30: first", "d.yaml:10:2: c: second", "--set a.b: a.b: wrong"}));
  auto const error = mistakes.error("Look here.");
  EXPECT_EQ(error.kind(), kroma::Exit::bad_input);
  EXPECT_STREQ(
      error.what(),
      "d.yaml:9:30: first\nd.yaml:10:2: c: second\n--set a.b: a.b: wrong\n3 mistakes; nothing was run. Look here.");
}

// Verifies: one mistake is one, and a hopeless deck does not flood the terminal.
TEST(Mistakes, OneAndMany) {
  Mistakes one;
  one.add({"d", 1, 1}, "a", "x");
  EXPECT_STREQ(one.error().what(), "d:1:1: a: x\n1 mistake; nothing was run.");
  Mistakes many;
  for (int i = 0; i < 250; ++i) many.add({"d", i + 1, 1}, "a", "x");
  std::string const text = many.error().what();
  EXPECT_NE(text.find("\n... and 150 more\n250 mistakes;"), std::string::npos);
}

}  // namespace
