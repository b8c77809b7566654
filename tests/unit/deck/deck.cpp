#include "deck/deck.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "error_text.hpp"

namespace {

using kroma::deck::Deck;

std::string value(Deck const& deck) { return to_flow_yaml(deck.root()); }

// Verifies: the text is kept byte for byte, under the name it was given.
TEST(Deck, KeepsItsText) {
  std::string const text = "problem: gp_pde   # comment\r\n";
  auto const deck = Deck::from_text(text, "d.yaml");
  EXPECT_EQ(deck.source(), text);
  EXPECT_EQ(deck.name(), "d.yaml");
  EXPECT_EQ(deck.folder(), ".");
  EXPECT_FALSE(deck.is_study());
  EXPECT_TRUE(Deck::from_text("deck: x.yaml").is_study());
}

// Verifies: files are read with the folder their inputs are relative to, standard input as "-".
TEST(Deck, FilesAndStandardInput) {
  auto const folder = std::filesystem::path{testing::TempDir()} / "kroma_deck";
  std::filesystem::create_directories(folder);
  auto const path = (folder / "d.yaml").string();
  std::ofstream{path} << "problem: gp_pde\n";
  auto const deck = Deck::from_file(path);
  EXPECT_EQ(deck.folder(), folder.string());
  EXPECT_EQ(to_string(deck.root().find("problem")->mark()), path + ":1:10");

  std::istringstream input{"problem: other\n"};
  auto* const before = std::cin.rdbuf(input.rdbuf());
  auto const piped = Deck::from_file("-");
  std::cin.rdbuf(before);
  EXPECT_EQ(value(piped), "{problem: other}");
  EXPECT_EQ(piped.name(), "standard input");

  EXPECT_EQ(error_text([&] { Deck::from_file("/nowhere/d.yaml"); }),
            "/nowhere/d.yaml: cannot be read: No such file or directory");
  EXPECT_EQ(error_text([&] { Deck::from_file("/dev/zero"); }), "/dev/zero: larger than 64 MiB; is this a deck?");
  EXPECT_EQ(error_text([&] { Deck::from_file(folder.string()); }), folder.string() + ": is a folder; a deck is a file");
}

// Verifies: a text that is no block of keys is refused with what it is.
TEST(Deck, MustBeKeys) {
  EXPECT_EQ(error_text([] { Deck::from_text("", "d.yaml"); }), "d.yaml: the deck is empty");
  EXPECT_EQ(error_text([] { Deck::from_text("\n- 1\n", "d.yaml"); }),
            "d.yaml:2:1: a deck is made of `key: value` lines, but this is a list");
  EXPECT_EQ(error_text([] { Deck::from_text("hello", "d.yaml"); }),
            "d.yaml:1:1: a deck is made of `key: value` lines, but this is text 'hello'");
}

// Verifies: --set replaces, adds, makes blocks and reaches into lists; its values are YAML.
TEST(Deck, Set) {
  auto deck = Deck::from_text("a: {b: 1}\nl: [{x: 1}, {x: 2}]\nn:\n");
  deck.set("a.b=25 cm");
  deck.set("a.c=[1, 2]");
  deck.set("l.1.x=3");
  deck.set("new.block.key={k: \"v=w\"}");
  deck.set("n.m=");
  EXPECT_EQ(value(deck),
            "{a: {b: \"25 cm\", c: [1, 2]}, l: [{x: 1}, {x: 3}], n: {m: null}, "
            "new: {block: {key: {k: \"v=w\"}}}}");
  EXPECT_EQ(to_string(deck.root().find("a")->find("b")->mark()), "--set a.b");
  EXPECT_EQ(to_string(deck.root().find("a")->find("c")->items()[1].mark()), "--set a.c");
  EXPECT_EQ(to_string(deck.root().find("new")->find("block")->mark()), "--set new.block.key");
  EXPECT_EQ(deck.source(), "a: {b: 1}\nl: [{x: 1}, {x: 2}]\nn:\n");
}

// Verifies: each way to get --set wrong has its message.
TEST(Deck, SetMistakes) {
  auto deck = Deck::from_text("a: {b: 1}\nl: [1, 2]\n");
  auto const complaint = [&](std::string const& assignment) { return error_text([&] { deck.set(assignment); }); };
  EXPECT_EQ(complaint("a.b"), "--set a.b: expected KEY=VALUE, e.g. --set solver.rtol=1e-8");
  EXPECT_EQ(complaint("=1"), "--set =1: expected KEY=VALUE, e.g. --set solver.rtol=1e-8");
  EXPECT_EQ(complaint("a..b=1"), "--set a..b=1: expected KEY=VALUE, e.g. --set solver.rtol=1e-8");
  EXPECT_EQ(complaint("l.2=1"), "--set l.2: '2' is no index of a list of 2; they count from 0");
  EXPECT_EQ(complaint("l.x=1"), "--set l.x: 'x' is no index of a list of 2; they count from 0");
  EXPECT_EQ(complaint("a.b.c=1"), "--set a.b.c: 'c' would be inside text '1'");
  EXPECT_EQ(complaint("a.b=]"), "--set a.b: not valid YAML: illegal flow end");
  EXPECT_EQ(complaint("a.b=[1"), "--set a.b: a list or a block cannot be a key; is a bracket missing?");
}

// Verifies: the problem's name, its absence, and something else in its place.
TEST(Deck, Problem) {
  kroma::deck::Mistakes mistakes;
  EXPECT_EQ(Deck::from_text("problem: gp_pde").problem(mistakes), "gp_pde");
  EXPECT_EQ(Deck::from_text("title: x").problem(mistakes), "");
  EXPECT_TRUE(mistakes.empty());
  EXPECT_EQ(Deck::from_text("problem: [x]", "d.yaml").problem(mistakes), "");
  ASSERT_EQ(mistakes.size(), 1u);
  EXPECT_EQ(mistakes.lines()[0], "d.yaml:1:10: problem: expected the name of a problem family, got a list");
}

}  // namespace
