#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "deck/node.hpp"

namespace kroma::deck {
namespace {

/// Whether a scalar may stand without quotes, in a flow list, too.
bool is_plain(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNull{"null", "Null", "NULL", "~", "-"};
  if (text.empty() || std::find(kNull.begin(), kNull.end(), text) != kNull.end() || text.starts_with("---"))
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"_./+-"}.find(c) != std::string_view::npos;
  });
}

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (char const c : text) {
    switch (c) {
      case '"':
        result += "\\\"";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      default:
        result += c;
    }
  }
  return result + "\"";
}

std::string scalar_text(std::string const& text, bool quoted) {
  return quoted || !is_plain(text) ? in_quotes(text) : text;
}

bool on_one_line(Node const& node) {
  if (node.is_map()) return node.entries().empty();
  return std::all_of(node.items().begin(), node.items().end(), [](Node const& item) { return on_one_line(item); });
}

void write_block(Node const& node, std::size_t indent, std::string& out);

/// ` value` behind a key, or the value's lines below it.
void write_value(Node const& node, std::size_t indent, std::string& out) {
  if (on_one_line(node)) {
    out += " " + to_flow_yaml(node) + "\n";
  } else {
    out += "\n";
    write_block(node, indent, out);
  }
}

void write_block(Node const& node, std::size_t indent, std::string& out) {
  std::string const margin(indent, ' ');
  for (auto const& entry : node.entries()) {
    out += margin + scalar_text(entry.key, false) + ":";
    write_value(entry.value, indent + 2, out);
  }
  for (auto const& item : node.items()) {
    out += margin + "-";
    write_value(item, indent + 2, out);
  }
}

}  // namespace

std::string to_flow_yaml(Node const& node) {
  std::string out;
  switch (node.kind()) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::scalar:
      return scalar_text(node.text(), node.quoted());
    case Node::Kind::sequence:
      for (auto const& item : node.items()) out += (out.empty() ? "" : ", ") + to_flow_yaml(item);
      return "[" + out + "]";
    case Node::Kind::map:
      for (auto const& entry : node.entries()) {
        out += (out.empty() ? "" : ", ") + scalar_text(entry.key, false) + ": " + to_flow_yaml(entry.value);
      }
      return "{" + out + "}";
  }
  return out;
}

std::string to_yaml(Node const& node) {
  if (on_one_line(node)) return to_flow_yaml(node) + "\n";
  std::string out;
  write_block(node, 0, out);
  return out;
}

}  // namespace kroma::deck
