// Reading and writing of lists, maps, optionals and blocks.
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "deck/block.hpp"
#include "deck/value.hpp"

namespace kroma::deck {

void add_repeated(Node const& map, std::string const& path, Reader& reader) {
  std::set<std::string> seen;
  for (auto const& entry : map.entries()) {
    if (!seen.insert(entry.key).second) reader.mistakes.add(entry.mark, join_path(path, entry.key), "given twice");
  }
}

namespace {

class ContainerValue : public Value {
 public:
  ContainerValue(ContainerAccess access, ValuePtr item) : access_{access}, item_{std::move(item)} {}
  Block const* innermost_block() const override { return item_->innermost_block(); }

 protected:
  void describe_item(Description& d) const {
    auto& inner = d.items.emplace_back();
    inner.rules = item_rules(d.rules);
    inner.rules.doc.clear();
    item_->describe(inner);
  }
  static Rules item_rules(Rules rules) {
    rules.size.reset();
    rules.required = false;
    return rules;
  }
  ContainerAccess access_;
  ValuePtr item_;
};

class ListValue final : public ContainerValue {
 public:
  using ContainerValue::ContainerValue;
  void read(Node const& node, void* target, Rules const& rules, std::string const& path,
            Reader& reader) const override {
    if (!node.is_sequence() && rules.single) return read_single(node, target, rules, path, reader);
    if (!node.is_sequence()) return add_wrong_type(node, expected(rules), path, reader);
    auto const& items = node.items();
    if (rules.size && items.size() != *rules.size) {
      reader.mistakes.add(node.mark(), path, fmt::format("must have {}, got {}", count(*rules.size), items.size()));
    }
    access_.clear(target);
    auto const inner = item_rules(rules);
    for (std::size_t i = 0; i < items.size(); ++i) {
      item_->read(items[i], access_.add(target, {}), inner, join_path(path, std::to_string(i)), reader);
    }
  }
  Node write(void const* source, Rules const& rules) const override {
    auto node = Node::sequence();
    access_.visit(source, [&](std::string const&, void const* item) { node.push_back(item_->write(item, rules)); });
    return node;
  }
  void describe(Description& d) const override {
    d.type = Description::Type::list;
    describe_item(d);
  }
  std::string expected(Rules const& rules) const override {
    return fmt::format("a list of {}, each {}", rules.size ? count(*rules.size) : "items", item_->expected(rules));
  }

 private:
  static std::string count(std::size_t n) { return fmt::format("{} item{}", n, n == 1 ? "" : "s"); }

  void read_single(Node const& node, void* target, Rules const& rules, std::string const& path, Reader& reader) const {
    if (rules.size && *rules.size != 1) return add_wrong_type(node, expected(rules), path, reader);
    access_.clear(target);
    item_->read(node, access_.add(target, {}), item_rules(rules), path, reader);
  }
};

class MapValue final : public ContainerValue {
 public:
  using ContainerValue::ContainerValue;
  void read(Node const& node, void* target, Rules const& rules, std::string const& path,
            Reader& reader) const override {
    if (!node.is_map()) return add_wrong_type(node, expected(rules), path, reader);
    add_repeated(node, path, reader);
    access_.clear(target);
    auto inner = item_rules(rules);
    inner.keys.clear();
    for (auto const& entry : node.entries()) {
      auto const key_path = join_path(path, entry.key);
      if (!rules.keys.empty() && std::find(rules.keys.begin(), rules.keys.end(), entry.key) == rules.keys.end()) {
        reader.mistakes.add(entry.mark, key_path, unknown(entry.key, rules.keys));
      } else {
        item_->read(entry.value, access_.add(target, entry.key), inner, key_path, reader);
      }
    }
  }
  Node write(void const* source, Rules const& rules) const override {
    auto node = Node::map();
    access_.visit(source, [&](std::string const& key, void const* item) { node.add(key, item_->write(item, rules)); });
    return node;
  }
  void describe(Description& d) const override {
    d.type = Description::Type::map;
    describe_item(d);
  }
  std::string expected(Rules const& rules) const override {
    if (rules.keys.empty()) return fmt::format("a block of named values, each {}", item_->expected(rules));
    return fmt::format("a block with keys out of {}, each {}", fmt::join(rules.keys, ", "), item_->expected(rules));
  }

 private:
  static std::string unknown(std::string const& key, std::vector<std::string> const& known) {
    auto const near = nearest(key, known);
    if (!near.empty()) return fmt::format("unknown key; did you mean '{}'?", near);
    return fmt::format("unknown key; known here: {}", fmt::join(known, ", "));
  }
};

class OptionalValue final : public ContainerValue {
 public:
  using ContainerValue::ContainerValue;
  void read(Node const& node, void* target, Rules const& rules, std::string const& path,
            Reader& reader) const override {
    access_.clear(target);
    if (!node.is_null()) item_->read(node, access_.add(target, {}), rules, path, reader);
  }
  Node write(void const* source, Rules const& rules) const override {
    Node node;
    access_.visit(source, [&](std::string const&, void const* item) { node = item_->write(item, rules); });
    return node;
  }
  void describe(Description& d) const override { item_->describe(d); }
  std::string expected(Rules const& rules) const override { return item_->expected(rules); }
  bool is_optional() const override { return true; }
};

class BlockValue final : public Value {
 public:
  explicit BlockValue(std::shared_ptr<Block const> block) : block_{std::move(block)} {}
  void read(Node const& node, void* target, Rules const&, std::string const& path, Reader& reader) const override {
    block_->read(node, target, path, reader);
  }
  Node write(void const* source, Rules const&) const override { return block_->write(source); }
  void describe(Description& d) const override { block_->describe(d); }
  std::string expected(Rules const&) const override { return block_->expected(); }
  Block const* block() const override { return block_.get(); }

 private:
  std::shared_ptr<Block const> block_;
};

}  // namespace

ValuePtr list_value(ContainerAccess access, ValuePtr item) {
  return std::make_shared<ListValue const>(access, std::move(item));
}
ValuePtr map_value(ContainerAccess access, ValuePtr item) {
  return std::make_shared<MapValue const>(access, std::move(item));
}
ValuePtr optional_value(ContainerAccess access, ValuePtr item) {
  return std::make_shared<OptionalValue const>(access, std::move(item));
}
ValuePtr block_value(std::shared_ptr<Block const> block) {
  return std::make_shared<BlockValue const>(std::move(block));
}

}  // namespace kroma::deck
