#include "deck/schema.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "column.hpp"
#include "deck/deck.hpp"

namespace {

using kroma::deck::Deck;
using kroma::deck::Mistakes;
using Texts = std::vector<std::string>;

column::DeckOptions read(std::string const& text, std::string const& folder = ".") {
  Mistakes mistakes;
  auto options = column::schema().read(Deck::from_text(text, "d").root(), "", mistakes, {folder});
  EXPECT_EQ(mistakes.lines(), Texts{}) << text;
  return options;
}

Texts complaints(std::string const& text, Texts const& sets = {}) {
  auto deck = Deck::from_text(text, "d");
  for (auto const& set : sets) deck.set(set);
  Mistakes mistakes;
  column::schema().read(deck.root(), "", mistakes);
  return mistakes.lines();
}

/// Complaints about the block `column`, which begins in line 2 at column 10, with a bed that is right.
Texts column_complaints(std::string const& keys) {
  return complaints("problem: column\ncolumn: {" + keys + ", bed: {length: 1}}\n");
}

// Verifies: values of every type, with units, expressions, shorthands, and defaults for what is not given.
TEST(Schema, ReadsEveryType) {
  auto const o = read(
      "problem: column\n"
      "title: 42\n"
      "column:\n"
      "  components: [benzene]\n"
      "  bed: {length: 25 cm, cells: 2*50, scheme: upwind}\n"
      "  binding: langmuir\n"
      "  inlet:\n"
      "    - {until: 1 min, concentration: [1 mM, 1/2]}\n"
      "    - {until: 10 min, concentration: []}\n"
      "  domain: {x: [0, 2*pi], y: [-1 mm, 1 mm]}\n"
      "  boundary: {x_low: \"sin(x)*t\", x_high: 0}\n"
      "  layers: {top: [linear, {model: langmuir, capacity: 2 M}]}\n"
      "  diffusivity: 2e-5 cm^2/s\n"
      "  fit: {data: a.csv}\n"
      "  temperature: 25 degC\n"
      "  seed: 9007199254740993\n"
      "  verbose: true\n"
      "solver:\n");
  EXPECT_EQ(o.title, "42");
  auto const& c = o.column;
  EXPECT_EQ(c.components, Texts{"benzene"});
  EXPECT_EQ(c.bed.length, 0.25);
  EXPECT_EQ(c.bed.cells, 100);
  EXPECT_EQ(c.bed.porosity, 0.37);
  EXPECT_EQ(c.bed.scheme, column::Scheme::upwind);
  EXPECT_EQ(c.binding.model, "langmuir");
  ASSERT_EQ(c.inlet.size(), 2u);
  EXPECT_EQ(c.inlet[0].until, 60);
  EXPECT_EQ(c.inlet[0].concentration, (std::vector<double>{1, 0.5}));
  EXPECT_EQ(c.domain.at("y").low, -1e-3);
  EXPECT_EQ(c.boundary.at("x_low")({0.5, 2}), 2 * std::sin(0.5));
  EXPECT_TRUE(c.boundary.at("x_high").is_constant());
  EXPECT_EQ(c.layers.at("top").at(0).model, "linear");
  EXPECT_EQ(c.layers.at("top").at(1).capacity, 2000);
  EXPECT_DOUBLE_EQ(c.diffusivity({0.1}), 2e-9);
  EXPECT_EQ(c.fit->rounds, 10);
  EXPECT_DOUBLE_EQ(*c.temperature, 298.15);
  EXPECT_EQ(c.seed, 9007199254740993);
  EXPECT_TRUE(c.verbose);
  EXPECT_EQ(o.solver.rtol, 1e-6);
}

// Verifies: tables come from files relative to the deck, or stand in it; the written deck holds their points.
TEST(Schema, Tables) {
  auto const folder = std::filesystem::path{testing::TempDir()} / "kroma_tables";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "d.csv"} << "c,x,D\n0,9,1\n1,9,3\n";
  std::string const head = "problem: column\ncolumn: {bed: {length: 1}, diffusivity: ";
  auto const o = read(head + "{file: d.csv, columns: [c, D], interpolation: pchip}}", folder.string());
  EXPECT_EQ(o.column.diffusivity({0.5}), 2);
  auto const written = to_yaml(column::schema().write(o));
  EXPECT_NE(written.find("points: [[0, 1], [1, 3]]\n    interpolation: pchip\n"), std::string::npos) << written;
  EXPECT_EQ(read(written).column.diffusivity({0.25}), o.column.diffusivity({0.25}));

  auto const complaint = [&](std::string const& table) { return complaints(head + table + "}"); };
  EXPECT_EQ(complaint("{file: none.csv}"), Texts{"d:2:41: column.diffusivity: ./none.csv: cannot be read as a file"});
  EXPECT_EQ(complaint("{file: a, points: [[0, 1]]}"),
            Texts{"d:2:41: column.diffusivity: give either `file` or `points`"});
  EXPECT_EQ(complaint("{file: a, columns: [c]}"), Texts{"d:2:60: column.diffusivity.columns: must name two columns"});
  EXPECT_EQ(complaint("{points: [[0, 1], [1, 2]], columns: [c, D]}"),
            Texts{"d:2:77: column.diffusivity.columns: belongs to `file`"});
  EXPECT_EQ(complaint("{points: [[0, 1], [1]]}"), Texts{"d:2:59: column.diffusivity.points.1: a point is [x, y]"});
  EXPECT_EQ(complaint("{points: [[0, 1], [0, 2]]}"),
            Texts{"d:2:41: column.diffusivity: the table is not in order: 0 comes next to 0"});
  EXPECT_EQ(complaint("{fiel: a}"), Texts{"d:2:42: column.diffusivity.fiel: unknown key; did you mean 'file'?"});
}

// Verifies: words in place of expressions, and single values in place of lists, where the key allows them.
TEST(Schema, WordsAndSingleValues) {
  std::string const head = "problem: column\ncolumn: {bed: {length: 1}, ";
  auto const o = read(head + "source: from_exact, mobility: 2*c}").column;
  EXPECT_TRUE(o.source.is_word());
  EXPECT_EQ(o.source.text(), "from_exact");
  EXPECT_THROW(o.source({1.0}), kroma::Error);
  ASSERT_EQ(o.mobility.size(), 1u);
  EXPECT_EQ(o.mobility.at(0).at(0)({3.0}), 6);
  auto const matrix = read(head + "mobility: [[1, c], [c^2, 4]]}").column.mobility;
  EXPECT_EQ(matrix.at(1).at(0)({3.0}), 9);
  EXPECT_FALSE(read(head + "source: x}").column.source.is_word());
  EXPECT_EQ(column_complaints("diffusivity: from_exact"),
            Texts{"d:2:23: column.diffusivity: unknown name 'from_exact'; known here: c"});
  EXPECT_EQ(
      column_complaints("source: []"),
      Texts{"d:2:18: column.source: expected a number or an expression of x in quotes, or a table {file, columns, "
            "interpolation}, or one of from_exact, got a list"});
}

// Verifies: the resolved deck reads back to itself, from all defaults and from a deck that uses every type.
TEST(Schema, WrittenDeckReadsBack) {
  for (std::string const text :
       {"problem: column\ncolumn: {bed: {length: 1 mm}}\n",
        "problem: column\ntitle: \"a: b # \\\"c\\\"\\n\"\nnotes: \"true\"\n"
        "column:\n  components: [\"no\"]\n  bed: {length: 1/3, porosity: 0.1}\n  inlet: [{until: 7, concentration: "
        "[1e-30]}]\n"
        "  domain: {x: [0, 1/3]}\n  boundary: {x_low: \"-x^2 + t\"}\n  layers: {a: [linear], b: []}\n"
        "  fit: {data: \"x y.csv\"}\n  temperature: 1 degC\n  diffusivity: \"exp(3*c)\"\n  source: from_exact\n  "
        "mobility: c\n"
        "solver: {petsc: {ksp_type: cg, ksp_rtol: 1e-8}}\n"}) {
    auto const first = to_yaml(column::schema().write(read(text)));
    auto const second = to_yaml(column::schema().write(read(first)));
    EXPECT_EQ(first, second);
  }
  auto const o = read(to_yaml(column::schema().write(read("problem: column\ncolumn: {bed: {length: 1/3}}\n"))));
  EXPECT_EQ(o.column.bed.length, 1.0 / 3);
  EXPECT_FALSE(o.column.fit.has_value());
}

// Verifies: the written deck is SI with every default, as people will read it.
TEST(Schema, WrittenDeck) {
  auto const text = to_yaml(column::schema().write(read("problem: column\ncolumn: {bed: {length: 25 cm}}\n")));
  EXPECT_EQ(
      text,
      "problem: column\ntitle: \"\"\nnotes: \"\"\n"
      "column:\n  components: [A]\n  bed:\n    length: 0.25\n    porosity: 0.37\n    cells: 100\n    scheme: weno\n"
      "  binding:\n    model: linear\n    capacity: 1\n  inlet: []\n  domain: {}\n  boundary: {}\n  layers: {}\n"
      "  mobility: []\n  source: 0\n  diffusivity: 1e-09\n  fit: null\n  temperature: null\n  seed: 1\n  verbose: "
      "false\n"
      "solver:\n  rtol: 1e-06\n  steps: 1000\n  petsc: {}\n");
}

// Verifies: wrong types, each with what was expected and what was there.
TEST(Schema, WrongTypes) {
  EXPECT_EQ(column_complaints("temperature: abc"),
            Texts{"d:2:23: column.temperature: expected a number in K, got text 'abc'"});
  EXPECT_EQ(column_complaints("temperature: [1]"),
            Texts{"d:2:23: column.temperature: expected a number in K, got a list"});
  EXPECT_EQ(column_complaints("temperature: {a: 1}"),
            Texts{"d:2:23: column.temperature: expected a number in K, got a block"});
  EXPECT_EQ(column_complaints("seed:"), Texts{"d:2:15: column.seed: expected an integer, got nothing"});
  EXPECT_EQ(column_complaints("seed: 1.5"), Texts{"d:2:16: column.seed: expected an integer, got 1.5"});
  EXPECT_EQ(column_complaints("seed: 1e30"),
            Texts{"d:2:16: column.seed: expected an integer of at most 9007199254740992, got 1e30"});
  EXPECT_EQ(column_complaints("seed: 3 m"),
            Texts{"d:2:16: column.seed: '3 m' is a length [m], expected a dimensionless number"});
  EXPECT_EQ(column_complaints("verbose: yes"), Texts{"d:2:19: column.verbose: expected true or false, got text 'yes'"});
  EXPECT_EQ(column_complaints("components: A"),
            Texts{"d:2:22: column.components: expected a list of 1 item, each a text, got text 'A'"});
  EXPECT_EQ(column_complaints("components: [[A]]"), Texts{"d:2:23: column.components.0: expected a text, got a list"});
  EXPECT_EQ(column_complaints("binding: {model: [a]}"),
            Texts{"d:2:27: column.binding.model: expected one of linear, langmuir, got a list"});
  EXPECT_EQ(
      column_complaints("inlet: 3"),
      Texts{
          "d:2:17: column.inlet: expected a list of items, each a block with keys until, concentration, got text '3'"});
  EXPECT_EQ(column_complaints("inlet: [3]"),
            Texts{"d:2:18: column.inlet.0: expected a block with keys until, concentration, got text '3'"});
  EXPECT_EQ(column_complaints("domain: 3"), Texts{"d:2:18: column.domain: expected a block with keys out of x, y, each "
                                                  "an interval [low, high] in m, got text '3'"});
  EXPECT_EQ(column_complaints("domain: {x: [1]}"),
            Texts{"d:2:22: column.domain.x: expected an interval [low, high] in m, got a list"});
  EXPECT_EQ(
      column_complaints("diffusivity: [1]"),
      Texts{"d:2:23: column.diffusivity: expected a number or an expression of c in quotes, or a table {file, columns, "
            "interpolation}, got a list"});
  EXPECT_EQ(column_complaints("boundary: {x_low: {file: a}}"),
            Texts{"d:2:28: column.boundary.x_low: expected a number or an expression of x, t in quotes, got a block"});
  auto const long_text = std::string(100, 'q');
  EXPECT_EQ(column_complaints("temperature: " + long_text),
            Texts{"d:2:23: column.temperature: expected a number in K, got text '" + long_text.substr(0, 60) + "...'"});
}

// Verifies: bounds, sizes, words, units and expressions inside values.
TEST(Schema, WrongValues) {
  EXPECT_EQ(complaints("problem: column\ncolumn: {bed: {length: -25 cm}}"),
            Texts{"d:2:24: column.bed.length: must be > 0 [m], got -0.25"});
  EXPECT_EQ(complaints("problem: column\ncolumn: {bed: {length: 1, porosity: 1.5, cells: 2}}"),
            (Texts{"d:2:37: column.bed.porosity: must be between 0 and 1, got 1.5",
                   "d:2:49: column.bed.cells: must be >= 3, got 2"}));
  EXPECT_EQ(complaints("problem: column\ncolumn: {bed: {length: 1}}\nsolver: {rtol: 1}"),
            Texts{"d:3:16: solver.rtol: must be > 0 and < 1, got 1"});
  EXPECT_EQ(column_complaints("components: [A, B]"), Texts{"d:2:22: column.components: must have 1 item, got 2"});
  EXPECT_EQ(column_complaints("inlet: [{until: 1, concentration: [1, -1]}]"),
            Texts{"d:2:48: column.inlet.0.concentration.1: must be >= 0 [mol/m^3], got -1"});
  EXPECT_EQ(column_complaints("binding: langmiur"), Texts{"d:2:19: column.binding.model: must be one of linear, "
                                                          "langmuir, got text 'langmiur'; did you mean 'langmuir'?"});
  EXPECT_EQ(column_complaints("temperature: 3 m"),
            Texts{"d:2:23: column.temperature: '3 m' is a length [m], expected a temperature [K]"});
  EXPECT_EQ(column_complaints("temperature: 3 Kelvin"),
            Texts{"d:2:23: column.temperature: cannot read '3 Kelvin': unknown unit 'Kelvin'"});
  EXPECT_EQ(column_complaints("domain: {x: [1, 0]}"),
            Texts{"d:2:22: column.domain.x: must be [low, high] with low < high, got [1, 0]"});
  EXPECT_EQ(column_complaints("domain: {x: [0, a]}"),
            Texts{"d:2:26: column.domain.x.1: expected a number in m, got text 'a'"});
  EXPECT_EQ(column_complaints("diffusivity: 2*q"),
            Texts{"d:2:25: column.diffusivity: unknown name 'q'; known here: c"});
  EXPECT_EQ(column_complaints("diffusivity: \"2*q\""),
            Texts{"d:2:26: column.diffusivity: unknown name 'q'; known here: c"});
  EXPECT_EQ(column_complaints("diffusivity: 3 m"),
            Texts{"d:2:23: column.diffusivity: '3 m' is a length [m], expected a diffusivity [m^2*s^-1]"});
  EXPECT_EQ(complaints("problem: column\ncolumn: {bed: {length: 1, cells: 99999999999}}"),
            Texts{"d:2:34: column.bed.cells: expected an integer of at most 2147483647, got 99999999999"});
}

// Verifies: unknown, misplaced, renamed, repeated and missing keys.
TEST(Schema, Keys) {
  EXPECT_EQ(column_complaints("verbos: true"), Texts{"d:2:10: column.verbos: unknown key; did you mean 'verbose'?"});
  EXPECT_EQ(column_complaints("rtol: 1"), Texts{"d:2:10: column.rtol: unknown key here; it belongs in solver"});
  EXPECT_EQ(column_complaints("title: x"),
            Texts{"d:2:10: column.title: unknown key here; it belongs at the top level"});
  EXPECT_EQ(column_complaints("concentration: 1"),
            Texts{"d:2:10: column.concentration: unknown key here; it belongs in column.inlet"});
  EXPECT_EQ(column_complaints("porosty: 1"),
            Texts{"d:2:10: column.porosty: unknown key; did you mean 'column.bed.porosity'?"});
  EXPECT_EQ(complaints("problem: column\ncolumn: {bed: {length: 1, zzzzzz: 1}}"),
            Texts{"d:2:27: column.bed.zzzzzz: unknown key; known here: length, porosity, cells, scheme"});
  EXPECT_EQ(complaints("problem: column\ncolumn: {bed: {length: 1, ncells: 1}}"),
            Texts{"d:2:27: column.bed.ncells: is now called 'cells'; rename it"});
  EXPECT_EQ(column_complaints("<<: {seed: 1}"),
            Texts{"d:2:10: column.<<: YAML merge keys are not read; write the keys out"});
  EXPECT_EQ(column_complaints("seed: 1, seed: 2"), Texts{"d:2:19: column.seed: given twice"});
  EXPECT_EQ(column_complaints("domain: {x: [0, 1], x: [0, 2]}"), Texts{"d:2:30: column.domain.x: given twice"});
  EXPECT_EQ(column_complaints("domain: {z: [0, 1]}"), Texts{"d:2:19: column.domain.z: unknown key; known here: x, y"});
  EXPECT_EQ(column_complaints("boundary: {x_lo: 0}"),
            Texts{"d:2:21: column.boundary.x_lo: unknown key; did you mean 'x_low'?"});
  EXPECT_EQ(complaints("problem: column\n"),
            Texts{"d:1:1: column.bed.length: missing; expected a number in m, e.g. 25 cm (Bed length)"});
  EXPECT_EQ(complaints("problem: column\ncolumn:\n  bed:\n    cells: 9\n"),
            Texts{"d:4:5: column.bed.length: missing; expected a number in m, e.g. 25 cm (Bed length)"});
  EXPECT_EQ(column_complaints("inlet: [{concentration: []}]"),
            Texts{"d:2:18: column.inlet.0.until: missing; expected a number in s (End of the piece)"});
  EXPECT_EQ(column_complaints("fit: {}"), Texts{"d:2:15: column.fit.data: missing; expected a text (Chromatogram)"});
  EXPECT_EQ(column_complaints("fit:"), Texts{});
}

// Verifies: rules between keys report at the key's place, and only when the block is right otherwise.
TEST(Schema, RulesBetweenKeys) {
  EXPECT_EQ(complaints("problem: column\ncolumn: {bed: {length: 1 mm, cells: 5000}}"),
            Texts{"d:2:37: column.bed.cells: cells would be thinner than 1 um"});
  EXPECT_EQ(complaints("problem: column\ncolumn: {bed: {length: 1 um}}"),
            Texts{"d:2:15: column.bed.cells: cells would be thinner than 1 um"});
  EXPECT_EQ(complaints("problem: column\ncolumn: {bed: {length: 1 mm, cells: 5000, porosity: 2}}").size(), 1u);
  Mistakes mistakes;
  auto const node = kroma::deck::parse_yaml("a: {b: [1, 2]}", "d");
  kroma::deck::Where const where{node, "top", mistakes};
  EXPECT_TRUE(where.given("a.b.1"));
  EXPECT_FALSE(where.given("a.b.2"));
  EXPECT_FALSE(where.given("a.c"));
  EXPECT_EQ(to_string(where.mark("a.b.1")), "d:1:12");
  where.mistake("a.b.2", "is missing");
  EXPECT_EQ(mistakes.lines(), Texts{"d:1:8: top.a.b.2: is missing"});
}

// Verifies: what comes from the command line is reported under its name, whatever is wrong with it.
TEST(Schema, OverriddenValues) {
  std::string const good = "problem: column\ncolumn: {bed: {length: 1}}\n";
  EXPECT_EQ(complaints(good, {"column.bed.length=-1"}),
            Texts{"--set column.bed.length: column.bed.length: must be > 0 [m], got -1"});
  EXPECT_EQ(complaints(good, {"column.bed.lenght=1"}),
            Texts{"--set column.bed.lenght: column.bed.lenght: unknown key; did you mean 'length'?"});
  EXPECT_EQ(complaints(good, {"column.diffusivity=2*q"}),
            Texts{"--set column.diffusivity: column.diffusivity: unknown name 'q'; known here: c"});
  EXPECT_EQ(
      complaints(good, {"column.bed=[1]"}),
      Texts{"--set column.bed: column.bed: expected a block with keys length, porosity, cells, scheme, got a list"});
}

// Verifies: a key is declared once.
TEST(Schema, DeclaredOnce) {
  kroma::deck::Schema<column::Bed> s{"x"};
  s.add("length", &column::Bed::length, "x");
  EXPECT_THROW(s.add("length", &column::Bed::porosity, "x"), kroma::Error);
}

}  // namespace
