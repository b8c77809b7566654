#include "deck/study.hpp"

#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

using kroma::deck::Deck;
using kroma::deck::Mistakes;
using kroma::deck::Study;
using Texts = std::vector<std::string>;

Study read(std::string const& text) {
  Mistakes mistakes;
  auto study = Study::from_deck(Deck::from_text(text, "s.yaml"), mistakes);
  EXPECT_EQ(mistakes.lines(), Texts{});
  return study;
}

Texts complaints(std::string const& text) {
  Mistakes mistakes;
  Study::from_deck(Deck::from_text(text, "s.yaml"), mistakes);
  return mistakes.lines();
}

// Verifies: every value with every other, the last key fastest; numbers from 1.
TEST(Study, Product) {
  auto const study = read("deck: ../d.yaml\nvary: {a.v: [0.2 mm/s, 1 mm/s], b: [[1, 2], {k: v}, x]}\n");
  auto const cases = study.cases();
  ASSERT_EQ(cases.size(), 6u);
  EXPECT_EQ(cases[0].number, 1);
  EXPECT_EQ(cases[0].name, "case_0001");
  EXPECT_EQ(cases[0].sets, (Texts{"a.v=\"0.2 mm/s\"", "b=[1, 2]"}));
  EXPECT_EQ(cases[1].sets, (Texts{"a.v=\"0.2 mm/s\"", "b={k: v}"}));
  EXPECT_EQ(cases[5].sets, (Texts{"a.v=\"1 mm/s\"", "b=x"}));
  EXPECT_EQ(study.deck_path(), "../d.yaml");
  auto deck = Deck::from_text("a: {v: 1}");
  for (auto const& set : cases[1].sets) deck.set(set);
  EXPECT_EQ(to_flow_yaml(deck.root()), "{a: {v: \"0.2 mm/s\"}, b: {k: v}}");
}

// Verifies: values side by side.
TEST(Study, Together) {
  auto const cases = read("deck: d.yaml\nvary: {b: [1, 2], a: [3, 4]}\ncombine: together\n").cases();
  ASSERT_EQ(cases.size(), 2u);
  EXPECT_EQ(cases[1].sets, (Texts{"b=2", "a=4"}));
}

// Verifies: each stratum of each key holds one sample; another seed gives other samples, the same seed the same, and
// a key's samples do not depend on the other keys.
TEST(Study, LatinHypercube) {
  std::string const text =
      "deck: d.yaml\nvary: {a: [0 mm, 10 mm], b: [-1, 1]}\ncombine: latin_hypercube\nsamples: 50\n";
  auto const cases = read(text).cases();
  ASSERT_EQ(cases.size(), 50u);
  std::set<int> strata_a, strata_b;
  for (auto const& one : cases) {
    double const a = std::atof(one.sets[0].substr(2).c_str()), b = std::atof(one.sets[1].substr(2).c_str());
    strata_a.insert(static_cast<int>(a / 0.01 * 50));
    strata_b.insert(static_cast<int>((b + 1) / 2 * 50));
  }
  EXPECT_EQ(strata_a.size(), 50u);
  EXPECT_EQ(strata_b.size(), 50u);
  EXPECT_EQ(*strata_a.begin(), 0);
  EXPECT_EQ(*strata_a.rbegin(), 49);
  EXPECT_EQ(read(text + "seed: 1\n").cases()[7].sets, cases[7].sets);
  EXPECT_NE(read(text + "seed: 2\n").cases()[7].sets, cases[7].sets);
  auto const alone = read("deck: d.yaml\nvary: {b: [-1, 1]}\ncombine: latin_hypercube\nsamples: 50\n").cases();
  EXPECT_EQ(alone[7].sets[0], cases[7].sets[1]);
}

// Verifies: whole numbers are drawn from both ends and what lies between, equally often; logarithmic ones fill decades.
TEST(Study, Scales) {
  std::string const text = "deck: d.yaml\nvary: {n: [3, 6, integer], a: [1e-3, 1e3, log]}\nsamples: 600\ncombine: ";
  for (std::string const combine : {"latin_hypercube\n", "sobol\n"}) {
    std::map<std::string, int> counts;
    int low_decades = 0;
    for (auto const& one : read(text + combine).cases()) {
      ++counts[one.sets[0]];
      if (std::atof(one.sets[1].substr(2).c_str()) < 1) ++low_decades;
    }
    EXPECT_EQ(counts.size(), 4u);
    for (auto const& [value, count] : counts) EXPECT_NEAR(count, 150, 2) << value;
    EXPECT_NEAR(low_decades, 300, 2);
  }
}

// Verifies: each mistake has its message and its place.
TEST(Study, Mistakes) {
  EXPECT_EQ(
      complaints("deck: d.yaml\n"),
      (Texts{"s.yaml:1:1: vary: missing; expected a block of named values, each a list of items, each a value, e.g. "
             "{solver.rtol: [1e-6, 1e-8]} (Keys of the deck, each with the values it takes)"}));
  EXPECT_EQ(complaints("deck: d.yaml\nvary: {}\n"), (Texts{"s.yaml:2:7: vary: must name a key or more"}));
  EXPECT_EQ(complaints("deck: d.yaml\nvary: {a: 1}\n"),
            (Texts{"s.yaml:2:11: vary.a: expected a list of items, each a value, got text '1'"}));
  EXPECT_EQ(complaints("deck: d.yaml\nvary: {a.b: []}\n"), (Texts{"s.yaml:2:8: vary.a.b: needs one value or more"}));
  EXPECT_EQ(complaints("deck: d.yaml\nvary: {a: [1], a: [2]}\n"), (Texts{"s.yaml:2:16: vary.a: given twice"}));
  EXPECT_EQ(
      complaints("deck: d.yaml\nvary: {a: [1, 2], b.c: [1]}\ncombine: together\n"),
      (Texts{
          "s.yaml:2:19: vary.b.c: has 1 values, but the first key has 2; combine: together needs as many for each"}));
  EXPECT_EQ(
      complaints("deck: d.yaml\nvary: {a: [1]}\ncombine: produkt\n"),
      (Texts{
          "s.yaml:3:10: combine: must be one of product, together, latin_hypercube, sobol, got text 'produkt'; did you "
          "mean 'product'?"}));
  EXPECT_EQ(complaints("deck: d.yaml\nvary: {a: [1]}\nsamples: 3\nseed: 3\n"),
            (Texts{"s.yaml:3:10: samples: is for combine: latin_hypercube or sobol only",
                   "s.yaml:4:7: seed: is for combine: latin_hypercube or sobol only"}));
  std::string const random = "deck: d.yaml\ncombine: latin_hypercube\n";
  EXPECT_EQ(complaints(random + "vary: {a: [1, 2]}\n"),
            (Texts{"s.yaml:1:1: random samples need `samples`, the number of cases"}));
  EXPECT_EQ(complaints(random + "samples: 2\nvary: {a: [1, 2, 3]}\n"),
            (Texts{"s.yaml:4:8: vary.a: after [low, high] comes log or integer, not '3'"}));
  EXPECT_EQ(complaints(random + "samples: 2\nvary: {a: [1 s, 2 m]}\n"),
            (Texts{"s.yaml:4:8: vary.a: [low, high] are of different dimensions: '1 s' and '2 m'"}));
  EXPECT_EQ(complaints(random + "samples: 2\nvary: {a: [2, 1]}\n"),
            (Texts{"s.yaml:4:8: vary.a: must be [low, high] with low < high"}));
  EXPECT_EQ(complaints(random + "samples: 2\nvary: {a: [1]}\n"),
            (Texts{"s.yaml:4:8: vary.a: random samples take [low, high]"}));
  EXPECT_EQ(complaints(random + "samples: 2\nvary: {a: [0, 1, log]}\n"),
            (Texts{"s.yaml:4:8: vary.a: log needs low > 0"}));
  EXPECT_EQ(complaints(random + "samples: 2\nvary: {a: [0.5, 3, integer]}\n"),
            (Texts{"s.yaml:4:8: vary.a: integer needs whole numbers for low and high"}));
  EXPECT_EQ(complaints(random + "samples: 2\nvary: {a: [x, 1]}\n"),
            (Texts{"s.yaml:4:8: vary.a: cannot read 'x': unknown name 'x'; a constant is expected"}));
  std::string many = "[1";
  for (int i = 0; i < 1000; ++i) many += ", 1";
  EXPECT_EQ(complaints("deck: d.yaml\nvary: {a: " + many + "], b: " + many + "]}\n"),
            (Texts{"s.yaml:2:7: vary: makes 1002001 cases; at most 1000000 make sense"}));
}

}  // namespace
