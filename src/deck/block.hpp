#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "deck/value.hpp"

namespace kroma::deck {

/// Where a rule between keys may look up places and report: the block it was declared for.
class Where {
 public:
  Where(Node const& block, std::string path, Mistakes& mistakes)
      : block_{block}, path_{std::move(path)}, mistakes_{mistakes} {}

  /// Where the key "a.b.0" of this block stands; if it is not given, the nearest block around it.
  Mark mark(std::string const& key = {}) const;
  /// Whether the deck gives the key itself.
  bool given(std::string const& key) const;
  /// Adds a mistake of the key ("": of the block).
  void mistake(std::string const& key, std::string text) const;
  /// Mistakes of the whole deck so far: a rule that needs others to hold looks whether they added any.
  std::size_t mistakes() const { return mistakes_.size(); }

 private:
  Node const& block_;
  std::string path_;
  Mistakes& mistakes_;
};

/// The keys of one struct of options, in order of declaration, with the types erased.
class Block {
 public:
  using Rule = std::function<void(void const* options, Where const&)>;
  struct Key {
    std::string name;
    ValuePtr value;
    std::function<void*(void*)> member;  // address of the key's value in the options
    Rules rules;
  };

  Block(std::string doc, std::function<Node(Block const&)> defaults)
      : doc_{std::move(doc)}, defaults_{std::move(defaults)} {}

  /// Throws Error (internal) if the name is taken.
  Key& add(std::string name, ValuePtr value, std::function<void*(void*)> member, std::string doc);
  void set_shorthand(std::string key) { shorthand_ = std::move(key); }
  void add_rule(Rule rule) { rules_.push_back(std::move(rule)); }

  std::string const& doc() const { return doc_; }
  std::vector<std::unique_ptr<Key>> const& keys() const { return keys_; }
  Key const* find(std::string const& name) const;
  Key const* find_former(std::string const& name) const;  // the key that had this name once

  void read(Node const& node, void* options, std::string const& path, Reader& reader) const;
  Node write(void const* options) const;
  void describe(Description& description) const;
  std::string expected() const;

 private:
  void read_key(Key const& key, Node const& block, void* options, std::string const& path, Reader& reader) const;
  void check_unknown(Node const& block, std::string const& path, Reader& reader) const;

  std::string doc_, shorthand_;
  std::function<Node(Block const&)> defaults_;  // all keys of options as their struct initialises them
  std::vector<std::unique_ptr<Key>> keys_;      // pointers: declarations hold on to a key while others are added
  std::vector<Rule> rules_;
};

/// What to say about a key that `block` does not have: "unknown key; did you mean 'cells'?"
std::string unknown_key(std::string const& key, Block const& block, Block const& root);
/// The candidate nearest to `word` by edit distance; "" if none is near.
std::string nearest(std::string const& word, std::vector<std::string> const& candidates);

}  // namespace kroma::deck
