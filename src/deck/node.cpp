#include "deck/node.hpp"

#include <utility>

#include <fmt/format.h>

namespace kroma::deck {

Node::Node() = default;

Node Node::scalar(std::string text, bool quoted) {
  Node node;
  node.kind_ = Kind::scalar;
  node.text_ = std::move(text);
  node.quoted_ = quoted;
  return node;
}

Node Node::sequence() {
  Node node;
  node.kind_ = Kind::sequence;
  return node;
}

Node Node::map() {
  Node node;
  node.kind_ = Kind::map;
  return node;
}

Mark Node::mark() const { return source_ ? Mark{*source_, line_, column_} : Mark{}; }

Mark Node::text_mark() const { return mark().shifted(quoted_ ? 1 : 0); }

Node const* Node::find(std::string_view key) const {
  for (auto const& entry : entries_) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Node* Node::find(std::string_view key) { return const_cast<Node*>(std::as_const(*this).find(key)); }

void Node::set_mark(std::shared_ptr<std::string const> source, int line, int column) {
  source_ = std::move(source);
  line_ = line;
  column_ = column;
}

void Node::push_back(Node item) { items_.push_back(std::move(item)); }

void Node::add(std::string key, Node value) {
  auto mark = value.mark();
  entries_.push_back({std::move(key), std::move(mark), std::move(value)});
}

void Node::add(Entry entry) { entries_.push_back(std::move(entry)); }

std::string in_words(Node const& node) {
  constexpr std::size_t kMost = 60;
  switch (node.kind()) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::map:
      return "a block";
    case Node::Kind::scalar:
      break;
  }
  auto const& text = node.text();
  return text.size() <= kMost ? fmt::format("text '{}'", text) : fmt::format("text '{}...'", text.substr(0, kMost));
}

std::string join_path(std::string const& path, std::string const& key) { return path.empty() ? key : path + "." + key; }

}  // namespace kroma::deck
