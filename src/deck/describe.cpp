// Help and documentation made from a Description.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "deck/description.hpp"

namespace kroma::deck {
namespace {

using Type = Description::Type;

std::string function_noun(Description const& key) {
  auto const& names = key.rules.arguments;
  auto const text = names.empty() ? "constant" : fmt::format("function of {}", fmt::join(names, ", "));
  return key.rules.choices.empty() ? text : fmt::format("{}, or {}", text, choices_in_words(key.rules));
}

std::string noun(Description const& key) {
  switch (key.type) {
    case Type::truth:
      return "true or false";
    case Type::integer:
      return "integer";
    case Type::number:
      return "number";
    case Type::text:
      return "text";
    case Type::function:
      return function_noun(key);
    case Type::interval:
      return "interval [low, high]";
    case Type::choice:
      return "one of " + choices_in_words(key.rules);
    case Type::list: {
      auto const list = key.rules.size ? fmt::format("list of {}: ", *key.rules.size) : "list: ";
      return key.rules.single ? "one or a " + list : list;
    }
    case Type::map:
      return key.rules.keys.empty() ? "block of any names: "
                                    : fmt::format("block of {}: ", fmt::join(key.rules.keys, ", "));
    case Type::block:
      return key.shorthand.empty() ? "block" : fmt::format("block, or its {} alone", key.shorthand);
    case Type::any:
      return "any value";
  }
  return {};
}

bool has_item(Description const& key) { return key.type == Type::list || key.type == Type::map; }

/// The block whose keys are written below the line of `key`; nullptr if it has none.
Description const* block_below(Description const& key) {
  auto const* inner = &key;
  while (has_item(*inner)) inner = &inner->items.front();
  return inner->type == Type::block ? inner : nullptr;
}

/// "required", "default 200", "optional" or nothing.
std::string presence(Description const& key) {
  if (key.rules.required) return "required";
  if (key.optional && key.default_value.is_null()) return "optional";
  if (key.type == Type::block || key.default_value.is_null()) return {};
  auto const text = to_flow_yaml(key.default_value);
  return text == "\"\"" || text == "[]" || text == "{}" ? "optional" : "default " + text;
}

void write_text(Description const& block, std::size_t indent, std::string& out) {
  for (auto const& key : block.keys) {
    auto const left = fmt::format("{}{}: {}", std::string(indent, ' '), key.name, type_in_words(key));
    auto const when = presence(key);
    out += left + (when.empty() ? "" : "; " + when) + "\n";
    if (!key.rules.doc.empty()) out += fmt::format("{}{}\n", std::string(indent + 4, ' '), key.rules.doc);
    if (!key.rules.example.empty())
      out += fmt::format("{}e.g. {}: {}\n", std::string(indent + 4, ' '), key.name, key.rules.example);
    if (auto const* const below = block_below(key)) write_text(*below, indent + 2, out);
  }
}

std::string in_cell(std::string text) {
  for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.replace(at, 1, "\\|");
  return text;
}

void write_markdown(Description const& block, std::string const& path, std::string& out) {
  out += fmt::format("{} {}\n\n{}\n\n", path.empty() ? "##" : "###", path.empty() ? "Top level" : "`" + path + "`",
                     block.rules.doc);
  out += "| key | value | default | meaning |\n|---|---|---|---|\n";
  std::vector<std::pair<Description const*, std::string>> below;
  for (auto const& key : block.keys) {
    auto meaning = key.rules.doc + (key.rules.example.empty() ? "" : fmt::format(", e.g. `{}`", key.rules.example));
    auto when = presence(key);
    if (when.starts_with("default ")) when = "`" + when.substr(8) + "`";
    out += fmt::format("| `{}` | {} | {} | {} |\n", key.name, in_cell(type_in_words(key)), in_cell(when),
                       in_cell(meaning));
    if (auto const* const inner = block_below(key)) below.emplace_back(inner, join_path(path, key.name));
  }
  out += "\n";
  for (auto const& [inner, inner_path] : below) write_markdown(*inner, inner_path, out);
}

}  // namespace

std::string type_in_words(Description const& key) {
  if (has_item(key)) return noun(key) + type_in_words(key.items.front());
  auto text = noun(key);
  bool const numeric =
      key.type == Type::number || key.type == Type::integer || key.type == Type::interval || key.type == Type::function;
  auto const bounds = bounds_in_words(key.rules);
  if (numeric && bounds.empty() && !key.rules.unit.empty()) text += fmt::format(" [{}]", key.rules.unit);
  return bounds.empty() ? text : text + " " + bounds;
}

std::string to_text(Description const& root) {
  auto out = root.rules.doc + "\n\n";
  write_text(root, 0, out);
  return out;
}

std::string to_markdown(Description const& root) {
  std::string out;
  write_markdown(root, "", out);
  return out;
}

}  // namespace kroma::deck
