#include "app/command_line.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace {

using Strings = std::vector<std::string>;

// Verifies: what stands after the first "--" goes to the libraries, a second "--" included.
TEST(SplitWords, FirstBarDivides) {
  char const* const argv[] = {"kroma", "run", "d.yaml", "--", "-log_view", "--", "x"};
  auto const words = kroma::split_words(7, argv);
  EXPECT_EQ(words.ours, (Strings{"run", "d.yaml"}));
  EXPECT_EQ(words.libraries, (Strings{"-log_view", "--", "x"}));
  EXPECT_TRUE(kroma::split_words(1, argv).ours.empty());
}

// Verifies: every option of `run` reaches the request; --set takes one word each and may be repeated.
TEST(Parse, RunTakesAllItsOptions) {
  auto const command = kroma::parse(
      {"run", "--set", "a=1", "--set", "b=[1, 2]", "s.yaml", "--case", "3", "--resume", "--stop-after", "2 h", "-v"});
  auto const* const run = std::get_if<kroma::RunRequest>(&command);
  ASSERT_NE(run, nullptr);
  EXPECT_EQ(run->deck, "s.yaml");
  EXPECT_EQ(run->sets, (Strings{"a=1", "b=[1, 2]"}));
  EXPECT_EQ(run->case_number, 3);
  EXPECT_EQ(run->earlier, kroma::Earlier::resume);
  EXPECT_EQ(run->stop_after, 7200);
  EXPECT_EQ(run->verbosity, kroma::Verbosity::verbose);
}

// Verifies: defaults refuse to touch earlier results, set no limit, and name no case.
TEST(Parse, RunDefaults) {
  auto const command = kroma::parse({"run", "-"});
  auto const& run = std::get<kroma::RunRequest>(command);
  EXPECT_EQ(run.deck, "-");
  EXPECT_EQ(run.earlier, kroma::Earlier::refuse);
  EXPECT_EQ(run.stop_after, 0);
  EXPECT_FALSE(run.case_number.has_value());
}

// Verifies: a time may be written as in decks, with or without a blank before the unit, or as bare seconds.
TEST(Parse, StopAfterIsAQuantity) {
  for (auto const& [text, seconds] :
       std::vector<std::pair<std::string, double>>{{"2h", 7200}, {"90 s", 90}, {"45", 45}}) {
    EXPECT_EQ(std::get<kroma::RunRequest>(kroma::parse({"run", "d", "--stop-after", text})).stop_after, seconds)
        << text;
  }
  EXPECT_THROW(kroma::parse({"run", "d", "--stop-after", "2 m"}), kroma::Error);
}

// Verifies: the format of help is one of three words.
TEST(Parse, HelpFormats) {
  auto const command = kroma::parse({"problems", "toy", "--as", "json-schema"});
  EXPECT_EQ(std::get<kroma::ProblemsRequest>(command).format, kroma::HelpFormat::json_schema);
  EXPECT_THROW(kroma::parse({"problems", "toy", "--as", "html"}), kroma::Error);
}

}  // namespace
