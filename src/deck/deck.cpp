#include "deck/deck.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::deck {
namespace {

/// All of a stream, or of an endless one a little more than a deck may have.
std::string read_all(std::istream& in) {
  std::string text;
  std::vector<char> part(std::size_t{1} << 16);
  while (text.size() <= kMostDeckBytes &&
         (in.read(part.data(), static_cast<std::streamsize>(part.size())), in.gcount() > 0)) {
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
  }
  return text;
}

std::string read_file(std::string const& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw bad_input(path + ": is a folder; a deck is a file");
  errno = 0;
  std::ifstream in{path, std::ios::binary};
  if (!in) throw bad_input(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
  return read_all(in);
}

std::vector<std::string> split_path(std::string const& path) {
  std::vector<std::string> keys{""};
  for (char const c : path) {
    if (c == '.') {
      keys.emplace_back();
    } else {
      keys.back() += c;
    }
  }
  return keys;
}

/// Gives `node` the name of the assignment, so that keys and blocks it makes are reported under that name.
Node named(Node node, std::shared_ptr<std::string const> const& name) {
  node.set_mark(name, 0, 0);
  return node;
}

/// The child `key` of `node`, made if a block lacks it; nullptr if there can be none.
Node* descend(Node& node, std::string const& key, std::shared_ptr<std::string const> const& name) {
  if (node.is_null()) node = named(Node::map(), name);
  if (node.is_map()) {
    if (node.find(key) == nullptr) node.add(key, named(Node{}, name));
    return node.find(key);
  }
  std::size_t index = 0;
  auto const [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  bool const found = error == std::errc{} && end == key.data() + key.size() && index < node.items().size();
  return found ? &node.items()[index] : nullptr;
}

}  // namespace

Deck::Deck(std::string text, std::string name, std::string folder)
    : source_{std::move(text)}, name_{std::move(name)}, folder_{std::move(folder)}, root_{parse_yaml(source_, name_)} {
  if (root_.is_null()) throw bad_input(name_ + ": the deck is empty");
  if (!root_.is_map()) {
    throw bad_input(to_string(root_.mark()) + ": a deck is made of `key: value` lines, but this is " + in_words(root_));
  }
}

Deck Deck::from_file(std::string const& path) {
  if (path == "-") return Deck{read_all(std::cin), "standard input", "."};
  return Deck{read_file(path), path, std::filesystem::path{path}.parent_path().string()};
}

Deck Deck::from_text(std::string text, std::string name, std::string folder) {
  return Deck{std::move(text), std::move(name), std::move(folder)};
}

void Deck::set(std::string const& assignment) {
  auto const equals = assignment.find('=');
  auto const path = assignment.substr(0, equals);
  auto const keys = split_path(path);
  bool const nameless = std::any_of(keys.begin(), keys.end(), [](auto const& key) { return key.empty(); });
  if (equals == std::string::npos || nameless) {
    throw bad_input(fmt::format("--set {}: expected KEY=VALUE, e.g. --set solver.rtol=1e-8", assignment));
  }
  auto const name = std::make_shared<std::string const>("--set " + path);
  auto value = named(parse_yaml(assignment.substr(equals + 1), *name, false), name);
  Node* node = &root_;
  for (auto const& key : keys) {
    Node* const child = descend(*node, key, name);
    if (child == nullptr && node->is_sequence()) {
      throw bad_input(
          fmt::format("{}: '{}' is no index of a list of {}; they count from 0", *name, key, node->items().size()));
    }
    if (child == nullptr) throw bad_input(fmt::format("{}: '{}' would be inside {}", *name, key, in_words(*node)));
    node = child;
  }
  *node = std::move(value);
}

std::string Deck::folder() const { return folder_.empty() ? "." : folder_; }

std::string Deck::problem(Mistakes& mistakes) const {
  auto const* const node = root_.find("problem");
  if (node == nullptr) return {};
  if (node->is_scalar()) return node->text();
  mistakes.add(node->mark(), "problem", "expected the name of a problem family, got " + in_words(*node));
  return {};
}

}  // namespace kroma::deck
