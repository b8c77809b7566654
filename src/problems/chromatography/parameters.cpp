#include "problems/chromatography/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/mistakes.hpp"

namespace kroma::chromatography {
namespace {

using deck::Node;

/// The node at "a.b.0", or null.
Node* at(Node& from, std::string const& path) {
  Node* node = &from;
  for (std::size_t begin = 0; begin < path.size() && node != nullptr;) {
    auto const end = std::min(path.find('.', begin), path.size());
    auto const key = path.substr(begin, end - begin);
    if (node->is_sequence()) {
      std::size_t index = node->items().size();
      std::from_chars(key.data(), key.data() + key.size(), index);
      node = index < node->items().size() ? &node->items()[index] : nullptr;
    } else {
      node = node->find(key);
    }
    begin = end + 1;
  }
  return node;
}

/// Unit of the number at "a.b.0", or "1".
std::string unit_at(deck::Description const& block, std::string const& path) {
  auto const* here = &block;
  for (std::size_t begin = 0; begin < path.size();) {
    auto const end = std::min(path.find('.', begin), path.size());
    auto const key = path.substr(begin, end - begin);
    begin = end + 1;
    auto const found =
        std::find_if(here->keys.begin(), here->keys.end(), [&](auto const& one) { return one.name == key; });
    if (found != here->keys.end()) {
      here = &*found;
    } else if (!here->items.empty()) {
      here = &here->items.front();
    }
  }
  return here->rules.unit.empty() ? "1" : here->rules.unit;
}

double number_of(Node const& node, std::string const& key, std::string const& owner) {
  double value = 0;
  auto const& text = node.text();
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!node.is_scalar() || error != std::errc{} || end != text.data() + text.size()) {
    throw bad_input(fmt::format("{}: {} is no number of this deck", owner, key),
                    "Name a key that the deck gives a number, or a list with one for each component.");
  }
  return value;
}

void assign(Node& base, std::string const& path, double value, std::string const& owner) {
  auto* const node = at(base, path);
  if (node == nullptr) throw bad_input(fmt::format("{}: there is no key {}", owner, path));
  number_of(*node, path, owner);
  *node = Node::scalar(fmt::format("{}", value));
}

/// A list of one value, where it stands for all components, as a list of as many.
void expand(Node& list, std::size_t components) {
  if (list.items().size() == 1) {
    auto const item = list.items().front();
    while (list.items().size() < components) list.push_back(item);
  }
}

}  // namespace

DeckParameters::DeckParameters(Options const& options, std::vector<std::string> const& keys, std::string owner,
                               bool positive)
    : schema_{schema()}, owner_{std::move(owner)}, positive_{positive}, base_{schema_.write([&] {
        auto without = options;
        without.fit.reset();
        return without;
      }())} {
  auto const& names = options.components;
  for (auto const& key : keys) {
    auto* node = at(base_, key);
    if (node != nullptr && node->is_sequence()) {
      expand(*node, names.size());
      if (node->items().empty()) {
        throw bad_input(fmt::format("{}: {} is not given in this deck", owner_, key), "Give it a value to start from.");
      }
      bool const by_component = node->items().size() == names.size();
      for (std::size_t i = 0; i < node->items().size(); ++i) {
        auto const path = fmt::format("{}.{}", key, i);
        by_component ? add(key, names[i], i, path) : add(path, "", 0, path);
      }
      continue;
    }
    auto const dot = std::min(key.rfind('.'), key.size());
    auto const name = std::find(names.begin(), names.end(), key.substr(std::min(dot + 1, key.size())));
    auto* const list = at(base_, key.substr(0, dot));
    if (node == nullptr && name != names.end() && list != nullptr && list->is_sequence()) {
      expand(*list, names.size());
      auto const i = static_cast<std::size_t>(name - names.begin());
      add(key.substr(0, dot), *name, i, fmt::format("{}.{}", key.substr(0, dot), i));
    } else {
      add(key, "", 0, key);
    }
  }
}

void DeckParameters::add(std::string const& key, std::string const& component, std::size_t index, std::string path) {
  auto* const node = at(base_, path);
  if (node == nullptr) {
    throw bad_input(fmt::format("{}: there is no key {}", owner_, path),
                    "All keys: kroma problems chromatography; the deck must give this one a value.");
  }
  double const value = number_of(*node, path, owner_);
  if (positive_ && !(value > 0)) {
    throw bad_input(fmt::format("{}: {} starts from {}; its logarithm is fitted", owner_, path, value),
                    "Give it a positive start value.");
  }
  if (value == 0) {
    throw bad_input(fmt::format("{}: {} is 0, which derivatives are not taken at", owner_, path),
                    "Give it a small value.");
  }
  if (std::find(paths_.begin(), paths_.end(), path) != paths_.end()) {
    throw bad_input(fmt::format("{}: {} is given twice", owner_, path));
  }
  parameters_.push_back({key, component, index, value, unit_at(schema_.describe(), path)});
  paths_.push_back(std::move(path));
}

std::vector<double> DeckParameters::values() const {
  std::vector<double> list;
  for (auto const& p : parameters_) list.push_back(p.value);
  return list;
}

std::size_t DeckParameters::find(std::string const& key, std::size_t index) const {
  auto const found = std::find_if(parameters_.begin(), parameters_.end(),
                                  [&](Parameter const& p) { return p.key == key && p.index == index; });
  return static_cast<std::size_t>(found - parameters_.begin());
}

Options DeckParameters::with(std::vector<double> const& values, std::map<std::string, double> const& set) const {
  auto node = base_;
  for (auto const& [path, value] : set) assign(node, path, value, owner_);
  for (std::size_t j = 0; j < paths_.size(); ++j) assign(node, paths_[j], values[j], owner_);
  deck::Mistakes mistakes;
  auto options = schema_.read(node, "chromatography", mistakes);
  if (!mistakes.empty()) throw mistakes.error();
  return options;
}

}  // namespace kroma::chromatography
