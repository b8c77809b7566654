#include "deck/node.hpp"

#include <string>

#include <gtest/gtest.h>

#include "error_text.hpp"

namespace {

using kroma::deck::Node;
using kroma::deck::parse_yaml;

std::string complaint(std::string const& text) {
  return error_text([&] { parse_yaml(text, "d.yaml"); });
}

// Verifies: kinds, texts, quotes and places of a small tree, counted from 1.
TEST(Node, TreeWithPlaces) {
  auto const root = parse_yaml("a: {b: 1, c: 'x'}\nd: [1, \"2\"]\ne:\n", "d.yaml");
  ASSERT_TRUE(root.is_map());
  auto const* const c = root.find("a")->find("c");
  EXPECT_EQ(c->text(), "x");
  EXPECT_TRUE(c->quoted());
  EXPECT_EQ(to_string(c->mark()), "d.yaml:1:14");
  EXPECT_EQ(to_string(c->text_mark()), "d.yaml:1:15");
  EXPECT_FALSE(root.find("a")->find("b")->quoted());
  EXPECT_EQ(to_string(root.find("d")->items()[1].mark()), "d.yaml:2:8");
  EXPECT_EQ(to_string(root.entries()[1].mark), "d.yaml:2:1");
  EXPECT_TRUE(root.find("e")->is_null());
  EXPECT_EQ(root.find("nothing"), nullptr);
  EXPECT_TRUE(parse_yaml("# only a comment\n", "d.yaml").is_null());
}

// Verifies: columns count characters, not bytes, and a byte order mark does not count.
TEST(Node, ColumnsCountCharacters) {
  auto const root = parse_yaml("\xEF\xBB\xBF{\u00B5: \u00E9, b: \u00FC}\n", "d.yaml");
  EXPECT_EQ(to_string(root.find("b")->mark()), "d.yaml:1:11");
}

// Verifies: keys that are given twice stay in the tree, for the reader to report.
TEST(Node, RepeatedKeysAreKept) {
  auto const root = parse_yaml("a: 1\nb: 2\na: 3\n", "d.yaml");
  ASSERT_EQ(root.entries().size(), 3u);
  EXPECT_EQ(root.entries()[2].key, "a");
  EXPECT_EQ(root.entries()[2].mark.line, 3);
}

// Verifies: an alias is a copy of what its anchor names, with the anchor's places.
TEST(Node, Aliases) {
  auto const root = parse_yaml("a: &x {n: 1}\nb: *x\n", "d.yaml");
  EXPECT_EQ(root.find("b")->find("n")->text(), "1");
  EXPECT_EQ(root.find("b")->find("n")->mark().line, 1);
  EXPECT_EQ(complaint("a: &x [*x]\n"), "d.yaml:1:8: this alias stands inside what it names");
  EXPECT_EQ(complaint("a: *nope\n"), "d.yaml:1:4: not valid YAML: the referenced anchor is not defined");
  EXPECT_EQ(complaint("a: &x b\n*x : c\n"), "d.yaml:2:1: an alias cannot be a key");
}

// Verifies: aliases of aliases cannot exhaust the memory, neither by their number nor by the length of a text.
TEST(Node, AliasesHaveABudget) {
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    auto const inner = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + inner;
    for (int k = 0; k < 9; ++k) laughs += ", " + inner;
    laughs += "]\n";
  }
  EXPECT_NE(complaint(laughs).find("too large: more than 1000000 values once its aliases are written out"),
            std::string::npos);
  std::string long_text = "a: &a " + std::string(1'000'000, 'x') + "\nb: [*a";
  for (int i = 0; i < 1000; ++i) long_text += ", *a";
  EXPECT_NE(complaint(long_text + "]\n").find("too large"), std::string::npos);
}

// Verifies: every kind of text that is no deck gets one message with its place.
TEST(Node, WhatIsNoYaml) {
  EXPECT_EQ(complaint("a: [1, 2\nb: 3\n"), "d.yaml:2:2: not valid YAML: end of sequence flow not found");
  EXPECT_EQ(complaint("a: b: c\n"), "d.yaml:1:5: not valid YAML: illegal map value");
  EXPECT_EQ(complaint("a:\n\tb: 1\n"), "d.yaml:2:3: not valid YAML: a tab in the indentation; use spaces");
  EXPECT_EQ(complaint("a: 1\n---\nb: 2\n"), "d.yaml:2:1: a second document begins here; a deck is one document");
  EXPECT_EQ(complaint("? [a]\n: b\n"), "d.yaml:1:3: a list or a block cannot be a key; is a bracket missing?");
  EXPECT_EQ(complaint("~: b\n"), "d.yaml:1:1: a key is missing here, or is 'null'; put it in quotes if it is meant");
  EXPECT_EQ(complaint("a: !!str 5\n"), "d.yaml:1:4: tags such as !!str are not read; leave it out");
  EXPECT_EQ(complaint("a: \"open\nb: 1\n"), "d.yaml:1:4: the quotation that begins here never ends");
  EXPECT_EQ(complaint("a: 'it''s\n"), "d.yaml:1:4: the quotation that begins here never ends");
  EXPECT_EQ(complaint("a: 'it''s'\nb: \"\\\"\"\n"), "");
  EXPECT_EQ(complaint(std::string{"a: 1\nb\0c", 8}), "d.yaml:2:2: not a text: byte 0x00; a deck is YAML in UTF-8");
  EXPECT_EQ(complaint("\x89PNG\r\n"), "d.yaml:1:1: not a text: byte 0x89; a deck is YAML in UTF-8");
  EXPECT_EQ(complaint("a: \xC3"), "d.yaml:1:4: not a text: byte 0xC3; a deck is YAML in UTF-8");
}

// Verifies: depth has a limit, reached in no time however deep the text goes.
TEST(Node, DepthHasALimit) {
  EXPECT_EQ(complaint(std::string(64, '[') + std::string(64, ']')), "");
  EXPECT_EQ(complaint(std::string(65, '[') + std::string(65, ']')), "d.yaml:1:65: nested more than 64 levels deep");
  EXPECT_EQ(complaint(std::string(1'000'000, '[')),
            "d.yaml:1:1: a list or a block cannot be a key; is a bracket missing?");
  EXPECT_EQ(complaint("- " + std::string(1'000'000, '[') + std::string(1'000'000, ']')),
            "d.yaml:1:66: nested more than 64 levels deep");
}

// Verifies: what the writer writes reads back to the same tree, whatever the texts hold.
TEST(Node, WriterAndReaderAgree) {
  auto const text =
      "a: 1\nblock:\n  list: [1, two, \"3 # no comment\"]\n  empty: []\n  none: {}\n  nothing: null\n"
      "texts: [\"null\", \"~\", \"\", \" x \", \"a: b\", \"-\", \"say \\\"hi\\\"\\n\\tnext\\\\\", \"true\", \u00B5]\n"
      "\"odd key:\": x\nlists:\n  - [1, [2, 3]]\n  - {k: v}\n";
  auto const root = parse_yaml(text, "d.yaml");
  auto const written = to_yaml(root);
  EXPECT_EQ(to_yaml(parse_yaml(written, "again")), written);
  EXPECT_EQ(to_flow_yaml(parse_yaml(to_flow_yaml(root), "flow")), to_flow_yaml(root));
  auto const again = parse_yaml(written, "again");
  EXPECT_EQ(again.find("texts")->items()[6].text(), "say \"hi\"\n\tnext\\");
  EXPECT_TRUE(again.find("texts")->items()[0].is_scalar());
  EXPECT_EQ(again.entries()[3].key, "odd key:");
  EXPECT_TRUE(again.find("block")->find("nothing")->is_null());
  EXPECT_TRUE(again.find("block")->find("empty")->is_sequence());
  EXPECT_TRUE(again.find("block")->find("none")->is_map());
}

}  // namespace
