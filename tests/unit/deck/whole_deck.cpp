#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "column.hpp"
#include "deck/deck.hpp"

namespace {

// Verifies: a deck with ten different mistakes (and two on the command line) reports all of them at once, each at
// its line and column, in the order of the text.
TEST(WholeDeck, TenMistakesAtOnce) {
  auto deck = kroma::deck::Deck::from_text(
      "# Breakthrough of one protein\n"
      "problem: column\n"
      "\n"
      "column:\n"
      "  bed: {length: -25 cm, porosity: high, cels: 200}\n"
      "  binding: {model: langmiur, capacity: 4.88 mol/m^2}\n"
      "  inlet:\n"
      "    - {until: 60 s,   concentration: [1 mol/m^3, -2]}\n"
      "    - {concentration: [0]}\n"
      "  diffusivity: \"1e-13*exp(3*x)\"\n"
      "  rtol: 1e-8\n"
      "\n"
      "solver: {steps: 1.5}\n"
      "solver: {}\n",
      "breakthrough.yaml");
  deck.set("column.verbose=maybe");
  deck.set("solver.maxit=3");
  kroma::deck::Mistakes mistakes;
  column::schema().read(deck.root(), "", mistakes);
  EXPECT_EQ(
      mistakes.lines(),
      (std::vector<std::string>{
          "breakthrough.yaml:5:17: column.bed.length: must be > 0 [m], got -0.25",
          "breakthrough.yaml:5:35: column.bed.porosity: expected a number, got text 'high'",
          "breakthrough.yaml:5:41: column.bed.cels: unknown key; did you mean 'cells'?",
          "breakthrough.yaml:6:20: column.binding.model: must be one of linear, langmuir, got text 'langmiur'; did you "
          "mean 'langmuir'?",
          "breakthrough.yaml:6:40: column.binding.capacity: '4.88 mol/m^2' is a quantity [m^-2*mol], expected a "
          "concentration [m^-3*mol]",
          "breakthrough.yaml:8:50: column.inlet.0.concentration.1: must be >= 0 [mol/m^3], got -2",
          "breakthrough.yaml:9:7: column.inlet.1.until: missing; expected a number in s (End of the piece)",
          "breakthrough.yaml:10:29: column.diffusivity: unknown name 'x'; known here: c",
          "breakthrough.yaml:11:3: column.rtol: unknown key here; it belongs in solver",
          "breakthrough.yaml:13:17: solver.steps: expected an integer, got 1.5",
          "breakthrough.yaml:14:1: solver: given twice",
          "--set column.verbose: column.verbose: expected true or false, got text 'maybe'",
          "--set solver.maxit: solver.maxit: unknown key; known here: rtol, steps, petsc",
      }));
  std::string const text = mistakes.error("Every key of this problem: kroma problems column").what();
  EXPECT_NE(text.find("\n13 mistakes; nothing was run. Every key of this problem: kroma problems column"),
            std::string::npos);
}

}  // namespace
