#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "deck/mark.hpp"

namespace kroma::deck {

/// One value of a YAML text, with the place where it stands. Maps keep the order of their keys, and keep keys that
/// are given twice, so that a reader can say so.
class Node {
 public:
  enum class Kind { null, scalar, sequence, map };
  struct Entry;

  Node();
  /// `quoted`: written in quotes (or as a block text), hence never a number, null or a truth value by itself.
  static Node scalar(std::string text, bool quoted = false);
  static Node sequence();
  static Node map();

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_scalar() const { return kind_ == Kind::scalar; }
  bool is_sequence() const { return kind_ == Kind::sequence; }
  bool is_map() const { return kind_ == Kind::map; }

  std::string const& text() const { return text_; }  // of a scalar
  bool quoted() const { return quoted_; }
  Mark mark() const;
  /// Of the first character of a scalar's text: behind the quotation mark, if there is one.
  Mark text_mark() const;

  std::vector<Node> const& items() const { return items_; }       // of a sequence
  std::vector<Entry> const& entries() const { return entries_; }  // of a map
  /// Value of the first entry `key`; nullptr if there is none or this is no map.
  Node const* find(std::string_view key) const;
  Node* find(std::string_view key);

  void set_mark(std::shared_ptr<std::string const> source, int line, int column);
  void push_back(Node item);
  void add(std::string key, Node value);  // marks of the key: those of the value
  void add(Entry entry);
  std::vector<Node>& items() { return items_; }

 private:
  Kind kind_ = Kind::null;
  bool quoted_ = false;
  int line_ = 0, column_ = 0;
  std::shared_ptr<std::string const> source_;  // one name shared by all nodes of a text
  std::string text_;
  std::vector<Node> items_;
  std::vector<Entry> entries_;
};

struct Node::Entry {
  std::string key;
  Mark mark;
  Node value;
};

/// What a node is, in the words of a message: "text 'abc'", "a list", "a block", "nothing".
std::string in_words(Node const& node);

/// "a.b", or "b" when `path` is empty.
std::string join_path(std::string const& path, std::string const& key);

/// YAML that reads back to the same tree: blocks indented by two, lists of scalars on one line.
std::string to_yaml(Node const& node);
/// The same on one line, as `--set` takes it.
std::string to_flow_yaml(Node const& node);

inline constexpr std::size_t kMostDeckBytes = std::size_t{64} << 20;

/// Reads one YAML document. Throws Error (bad_input, "NAME:LINE:COLUMN: ...") for what is no YAML, no UTF-8 text, not
/// one document, or beyond the limits: 64 levels, a million nodes once aliases are written out, 64 MiB. `positions`
/// false leaves out lines and columns, for texts from the command line. An empty text is a null node.
Node parse_yaml(std::string const& text, std::string const& name, bool positions = true);

}  // namespace kroma::deck
