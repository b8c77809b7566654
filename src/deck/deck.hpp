#pragma once

#include <string>

#include "deck/mistakes.hpp"
#include "deck/node.hpp"

namespace kroma::deck {

/// A deck as the user wrote it: YAML text, changes from the command line, and where each key stands.
class Deck {
 public:
  /// `path` "-" is standard input. Throws Error (bad_input) if the file cannot be read, or is no YAML map.
  static Deck from_file(std::string const& path);
  /// A deck at hand: `name` stands in messages, input files are relative to `folder`.
  static Deck from_text(std::string text, std::string name = "deck", std::string folder = ".");

  /// Applies "a.b.c=VALUE": VALUE is a YAML scalar or flow value, a number indexes a list ("inlet.0.until=5 s").
  /// Blocks that are not there are made. Mistakes in the value will be reported as "--set a.b.c". Throws Error
  /// (bad_input) if this is no assignment, or the way to the key leads through something else than blocks.
  void set(std::string const& assignment);

  Node const& root() const { return root_; }
  /// The text byte for byte, without the changes made by `set`.
  std::string const& source() const { return source_; }
  std::string const& name() const { return name_; }
  /// The folder that input files named in the deck are relative to.
  std::string folder() const;
  /// The value of `problem`; "" if it is missing or (a mistake is added) not a word.
  std::string problem(Mistakes& mistakes) const;
  /// Whether this is a list of changes to another deck.
  bool is_study() const { return root_.find("deck") != nullptr; }

 private:
  Deck(std::string text, std::string name, std::string folder);
  std::string source_, name_, folder_;
  Node root_;
};

}  // namespace kroma::deck
