#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "column.hpp"
#include "deck/description.hpp"

namespace {

auto const& description() {
  static auto const result = column::schema().describe();
  return result;
}

// Verifies: help has a line for every key, with its type, rule, default and meaning; blocks show the defaults of the
// struct around them, lists those of their own.
TEST(Describe, Text) {
  auto const text = to_text(description());
  EXPECT_EQ(text.rfind("A deck of the column\n\nproblem: text; required\n    Family\n", 0), 0u) << text;
  for (std::string const line :
       {"  bed: block\n      Packed bed\n    length: number > 0 [m]; required\n        Bed length\n        e.g. "
        "length: 25 cm\n",
        "    porosity: number between 0 and 1; default 0.37\n", "    cells: integer >= 3; default 100\n",
        "    scheme: one of upwind, weno; default weno\n", "  components: list of 1: text; default [A]\n",
        "  inlet: list: block; optional\n", "    until: number [s]; required\n",
        "    concentration: list: number >= 0 [mol/m^3]; required\n",
        "  domain: block of x, y: interval [low, high] [m]; optional\n",
        "  boundary: block of x_low, x_high: function of x, t; optional\n",
        "  layers: block of any names: list: block, or its model alone; optional\n",
        "  diffusivity: function of c [m^2/s]; default 1e-09\n", "  fit: block; optional\n",
        "  mobility: one or a list: one or a list: function of c; optional\n",
        "  source: function of x, or from_exact; default 0\n", "    rounds: integer; default 10\n",
        "  temperature: number > 0 [K]; optional\n", "  verbose: true or false; default false\n",
        "title: text; optional\n"}) {
    EXPECT_NE(text.find("\n" + line), std::string::npos) << line << "is not in:\n" << text;
  }
}

// Verifies: Markdown has one table per block, with paths as titles.
TEST(Describe, Markdown) {
  auto const text = to_markdown(description());
  for (std::string const line :
       {"## Top level\n\nA deck of the column\n\n| key | value | default | meaning |\n|---|---|---|---|\n",
        "### `column.bed`\n", "| `length` | number > 0 [m] | required | Bed length, e.g. `25 cm` |\n",
        "### `column.inlet`\n", "| `porosity` | number between 0 and 1 | `0.37` | Void fraction |\n",
        "| `binding` | block, or its model alone |  | Adsorption |\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "is not in:\n" << text;
  }
}

// Verifies: the schema is valid JSON, and holds what editors use. Python reads it, as the postprocessing does decks.
TEST(Describe, JsonSchema) {
  auto const folder = std::filesystem::path{testing::TempDir()};
  auto const json = (folder / "kroma_schema.json").string(), script = (folder / "kroma_schema.py").string();
  std::ofstream{json} << to_json_schema(description());
  std::ofstream{script} << R"(
import json, sys
s = json.load(open(sys.argv[1]))
assert s["$schema"] == "https://json-schema.org/draft/2020-12/schema"
assert s["required"] == ["problem"] and s["additionalProperties"] is False
column = s["properties"]["column"]["properties"]
bed = column["bed"]
assert bed["required"] == ["length"] and bed["description"] == "Packed bed"
assert bed["properties"]["length"]["anyOf"] == [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]
assert bed["properties"]["length"]["description"] == "Bed length [m]" and bed["properties"]["length"]["examples"] == ["25 cm"]
assert bed["properties"]["porosity"]["default"] == 0.37 and bed["properties"]["cells"]["default"] == 100
assert bed["properties"]["scheme"]["enum"] == ["upwind", "weno"]
assert column["inlet"]["items"]["properties"]["until"]["anyOf"][0] == {"type": "number"}
assert column["components"]["minItems"] == column["components"]["maxItems"] == 1 and column["components"]["default"] == ["A"]
assert column["domain"]["propertyNames"]["enum"] == ["x", "y"]
assert column["domain"]["additionalProperties"]["items"]["anyOf"][0] == {"type": "number"}
assert column["mobility"]["anyOf"][0]["type"] == "array" and "anyOf" in column["mobility"]["anyOf"][1]
assert column["verbose"] == {"type": "boolean", "description": "Say more", "default": False}
assert "array" in column["binding"]["type"] and "string" in column["binding"]["type"]
assert column["fit"]["anyOf"][1] == {"type": "null"} and column["fit"]["anyOf"][0]["required"] == ["data"]
assert column["layers"]["additionalProperties"]["items"]["properties"]["model"]["default"] == "linear"
)";
  EXPECT_EQ(std::system(("python3 " + script + " " + json).c_str()), 0) << to_json_schema(description());
}

}  // namespace
