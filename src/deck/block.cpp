#include "deck/block.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::deck {
namespace {

/// The child `key` of a block, or the item of a list; nullptr if there is none.
Node const* child(Node const& node, std::string const& key) {
  if (!node.is_sequence()) return node.find(key);
  std::size_t index = node.items().size();
  std::from_chars(key.data(), key.data() + key.size(), index);
  return index < node.items().size() ? &node.items()[index] : nullptr;
}

/// The deepest node on the way to `path` that is there, and whether that is the end of the way.
std::pair<Node const*, bool> follow(Node const& from, std::string const& path) {
  auto const* node = &from;
  for (std::size_t begin = 0; begin < path.size();) {
    auto const end = std::min(path.find('.', begin), path.size());
    auto const* const next = child(*node, path.substr(begin, end - begin));
    if (next == nullptr) return {node, false};
    node = next;
    begin = end + 1;
  }
  return {node, true};
}

/// The key that a node means which stands where a block is expected: a scalar or a list that with the name of the
/// shorthand; points or a file of them the key `table`, where the block has one; "" for a block.
std::string stands_for(Node const& node, std::string const& shorthand, Block const& block) {
  if (shorthand.empty() || !node.is_map()) return shorthand;
  auto const foreign = [&](char const* key) { return node.find(key) != nullptr && block.find(key) == nullptr; };
  return block.find("table") != nullptr && (foreign("file") || foreign("points")) ? "table" : "";
}

/// An empty block that stands where `node` does.
Node empty_block(Node const& node) {
  auto block = Node::map();
  auto const mark = node.mark();
  block.set_mark(std::make_shared<std::string const>(mark.source), mark.line, mark.column);
  return block;
}

std::string missing(Block::Key const& key) {
  auto text = "missing; expected " + key.value->expected(key.rules);
  if (!key.rules.example.empty()) text += ", e.g. " + key.rules.example;
  return key.rules.doc.empty() ? text : fmt::format("{} ({})", text, key.rules.doc);
}

}  // namespace

Mark Where::mark(std::string const& key) const { return follow(block_, key).first->mark(); }
bool Where::given(std::string const& key) const { return follow(block_, key).second; }
void Where::mistake(std::string const& key, std::string text) const {
  mistakes_.add(mark(key), key.empty() ? path_ : join_path(path_, key), std::move(text));
}

Block::Key& Block::add(std::string name, ValuePtr value, std::function<void*(void*)> member, std::string doc) {
  require(find(name) == nullptr, "a deck key is declared once");
  auto& key = *keys_.emplace_back(std::make_unique<Key>());
  key.name = std::move(name);
  key.value = std::move(value);
  key.member = std::move(member);
  key.rules.doc = std::move(doc);
  return key;
}

Block::Key const* Block::find(std::string const& name) const {
  auto const found = std::find_if(keys_.begin(), keys_.end(), [&](auto const& key) { return key->name == name; });
  return found == keys_.end() ? nullptr : found->get();
}

Block::Key const* Block::find_former(std::string const& name) const {
  auto const found = std::find_if(keys_.begin(), keys_.end(), [&](auto const& key) { return key->rules.was == name; });
  return found == keys_.end() ? nullptr : found->get();
}

void Block::read(Node const& node, void* options, std::string const& path, Reader& reader) const {
  if (node.is_null()) return read(empty_block(node), options, path, reader);
  if (auto const key = stands_for(node, shorthand_, *this); !key.empty()) {
    auto block = empty_block(node);
    block.add(key, node);
    return read(block, options, path, reader);
  }
  if (!node.is_map()) return add_wrong_type(node, expected(), path, reader);
  auto const mistakes_before = reader.mistakes.size();
  add_repeated(node, path, reader);
  check_unknown(node, path, reader);
  for (auto const& key : keys_) read_key(*key, node, options, path, reader);
  if (reader.mistakes.size() > mistakes_before) return;  // rules may count on keys that are right one by one
  for (auto const& rule : rules_) rule(options, Where{node, path, reader.mistakes});
}

void Block::read_key(Key const& key, Node const& block, void* options, std::string const& path, Reader& reader) const {
  auto const key_path = join_path(path, key.name);
  if (auto const* const given = block.find(key.name)) {
    key.value->read(*given, key.member(options), key.rules, key_path, reader);
  } else if (key.rules.required) {
    reader.mistakes.add(block.mark(), key_path, missing(key));
  } else if (auto const* const inner = key.value->block()) {
    inner->read(empty_block(block), key.member(options), key_path, reader);  // says what is required inside
  }
}

void Block::check_unknown(Node const& block, std::string const& path, Reader& reader) const {
  std::set<std::string> said;
  for (auto const& entry : block.entries()) {
    if (find(entry.key) != nullptr || !said.insert(entry.key).second) continue;
    reader.mistakes.add(entry.mark, join_path(path, entry.key), unknown_key(entry.key, *this, reader.root));
  }
}

Node Block::write(void const* options) const {
  auto node = Node::map();
  // member() only computes an address; write() does not change what is there.
  for (auto const& key : keys_)
    node.add(key->name, key->value->write(key->member(const_cast<void*>(options)), key->rules));
  return node;
}

void Block::describe(Description& description) const {
  description.type = Description::Type::block;
  description.shorthand = shorthand_;
  if (description.rules.doc.empty()) description.rules.doc = doc_;
  // Where a block stands by itself its defaults are those of the struct around it; in lists they are its own.
  auto const defaults = description.default_value.is_map() ? description.default_value : defaults_(*this);
  for (auto const& key : keys_) {
    auto& child_description = description.keys.emplace_back();
    child_description.name = key->name;
    child_description.rules = key->rules;
    child_description.optional = key->value->is_optional();
    if (!key->rules.required) child_description.default_value = *defaults.find(key->name);
    key->value->describe(child_description);
  }
}

std::string Block::expected() const {
  std::vector<std::string> names;
  for (auto const& key : keys_) names.push_back(key->name);
  return fmt::format("a block with keys {}", fmt::join(names, ", "));
}

}  // namespace kroma::deck
