// JSON Schema (draft 2020-12), so that editors know the keys of a deck.
#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "deck/description.hpp"

namespace kroma::deck {
namespace {

using Type = Description::Type;

std::string quote(std::string const& text) {
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string array(std::vector<std::string> const& items) { return fmt::format("[{}]", fmt::join(items, ", ")); }

std::string strings(std::vector<std::string> items) {
  for (auto& item : items) item = quote(item);
  return array(items);
}

/// The members of a JSON object, in order; values are JSON already.
using Members = std::vector<std::pair<std::string, std::string>>;

std::string object(Members const& members, std::size_t indent = 0) {
  if (members.empty()) return "{}";
  std::string const margin(indent + 2, ' ');
  std::vector<std::string> lines;
  for (auto const& [name, value] : members) lines.push_back(margin + quote(name) + ": " + value);
  return fmt::format("{{\n{}\n{}}}", fmt::join(lines, ",\n"), std::string(indent, ' '));
}

bool is_json_number(std::string const& text) {
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool const begins = !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
  return begins && error == std::errc{} && end == text.data() + text.size();
}

std::string to_json(Node const& node) {
  std::vector<std::string> items;
  switch (node.kind()) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::scalar: {
      bool const literal = node.text() == "true" || node.text() == "false" || is_json_number(node.text());
      return literal && !node.quoted() ? node.text() : quote(node.text());
    }
    case Node::Kind::sequence:
      for (auto const& item : node.items()) items.push_back(to_json(item));
      return array(items);
    case Node::Kind::map:
      for (auto const& entry : node.entries()) items.push_back(quote(entry.key) + ": " + to_json(entry.value));
      return fmt::format("{{{}}}", fmt::join(items, ", "));
  }
  return "null";
}

Members schema_of(Description const& key, std::size_t indent);

/// A number, or a text that stands for one: a quantity or a constant expression.
Members number_schema(Description const& key, std::string const& type) {
  std::vector<std::string> number{fmt::format("\"type\": \"{}\"", type)};
  if (auto const low = key.rules.lowest) {
    number.push_back(fmt::format("\"{}\": {}", low->allowed ? "minimum" : "exclusiveMinimum", low->value));
  }
  if (auto const high = key.rules.highest) {
    number.push_back(fmt::format("\"{}\": {}", high->allowed ? "maximum" : "exclusiveMaximum", high->value));
  }
  return {{"anyOf", fmt::format("[{{{}}}, {{\"type\": \"string\"}}]", fmt::join(number, ", "))}};
}

Members list_schema(Description const& key, std::size_t indent) {
  auto const item = object(schema_of(key.items.front(), indent + 2), indent + 2);
  Members members{{"type", quote("array")}, {"items", item}};
  if (key.rules.size) {
    members.emplace_back("minItems", std::to_string(*key.rules.size));
    members.emplace_back("maxItems", std::to_string(*key.rules.size));
  }
  if (key.rules.single) return {{"anyOf", array({object(members, indent), item})}};
  return members;
}

Members map_schema(Description const& key, std::size_t indent) {
  Members members{{"type", quote("object")},
                  {"additionalProperties", object(schema_of(key.items.front(), indent + 2), indent + 2)}};
  if (!key.rules.keys.empty())
    members.emplace_back("propertyNames", fmt::format("{{\"enum\": {}}}", strings(key.rules.keys)));
  return members;
}

/// Whether a table may stand in place of this block, as Block::read() has it.
bool takes_table(Description const& block) {
  auto const is_table = [](Description const& child) { return child.name == "table"; };
  return !block.shorthand.empty() && std::any_of(block.keys.begin(), block.keys.end(), is_table);
}

Members block_schema(Description const& key, std::size_t indent) {
  Members properties;
  std::vector<std::string> required;
  for (auto const& child : key.keys) {
    properties.emplace_back(child.name, object(schema_of(child, indent + 4), indent + 4));
    if (child.rules.required) required.push_back(child.name);
  }
  Members members{
      {"type", key.shorthand.empty() ? quote("object") : strings({"object", "array", "string", "number", "boolean"})},
      {"properties", object(properties, indent + 2)},
      {"additionalProperties", "false"}};
  if (!required.empty()) members.emplace_back("required", strings(required));
  if (!takes_table(key)) return members;
  auto const table = R"({"type": "object", "anyOf": [{"required": ["file"]}, {"required": ["points"]}]})";
  return {{"anyOf", fmt::format("[{}, {}]", object(members, indent + 2), table)}};
}

Members type_schema(Description const& key, std::size_t indent) {
  switch (key.type) {
    case Type::truth:
      return {{"type", quote("boolean")}};
    case Type::integer:
      return number_schema(key, "integer");
    case Type::number:
      return number_schema(key, "number");
    case Type::text:
      return {{"type", strings({"string", "number", "boolean"})}};  // 7 is a text, too
    case Type::function:
      return {{"type", strings({"number", "string", "object"})}};
    case Type::interval: {
      auto end = number_schema(key, "number");
      return {{"type", quote("array")}, {"items", object(end, indent + 2)}, {"minItems", "2"}, {"maxItems", "2"}};
    }
    case Type::choice: {
      std::vector<std::string> words;
      for (auto const& choice : key.rules.choices) words.push_back(choice.first);
      return {{"enum", strings(std::move(words))}};
    }
    case Type::list:
      return list_schema(key, indent);
    case Type::map:
      return map_schema(key, indent);
    case Type::block:
      return block_schema(key, indent);
    case Type::any:
      return {};
  }
  return {};
}

Members schema_of(Description const& key, std::size_t indent) {
  auto members = type_schema(key, indent);
  if (key.optional) members = {{"anyOf", fmt::format("[{}, {{\"type\": \"null\"}}]", object(members, indent + 2))}};
  auto const unit = key.rules.unit.empty() ? "" : fmt::format(" [{}]", key.rules.unit);
  if (auto const text = key.rules.doc + unit; !text.empty()) members.emplace_back("description", quote(text));
  if (key.type != Type::block && !key.default_value.is_null())
    members.emplace_back("default", to_json(key.default_value));
  if (!key.rules.example.empty()) members.emplace_back("examples", strings({key.rules.example}));
  return members;
}

}  // namespace

std::string to_json_schema(Description const& root) {
  Members members{{"$schema", quote("https://json-schema.org/draft/2020-12/schema")}};
  for (auto& member : schema_of(root, 0)) members.push_back(std::move(member));
  return object(members) + "\n";
}

}  // namespace kroma::deck
