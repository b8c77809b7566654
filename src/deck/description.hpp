#pragma once

#include <string>
#include <vector>

#include "deck/node.hpp"
#include "deck/rules.hpp"

namespace kroma::deck {

/// One key and all below it, as help, documentation and JSON Schema show it.
struct Description {
  enum class Type { truth, integer, number, text, function, interval, choice, list, map, block, any };

  std::string name;
  Type type = Type::block;
  bool optional = false;  // may be absent, without a default
  Rules rules;
  Node default_value;              // null: none
  std::string shorthand;           // of a block: a scalar or list stands for {shorthand: scalar}
  std::vector<Description> keys;   // of a block
  std::vector<Description> items;  // of a list or a map: one, what it holds
};

/// Every key on its line, blocks indented.
std::string to_text(Description const& root);
/// One table per block.
std::string to_markdown(Description const& root);
/// JSON Schema, draft 2020-12, for editors.
std::string to_json_schema(Description const& root);

/// "number [m], > 0", "list of 2 integers": type and rules of a key in a few words.
std::string type_in_words(Description const& key);

}  // namespace kroma::deck
