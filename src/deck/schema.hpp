#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "deck/block.hpp"
#include "deck/description.hpp"
#include "deck/function.hpp"
#include "deck/value.hpp"

namespace kroma::deck {

/// [low, high] in a deck, low < high.
struct Interval {
  double low = 0, high = 1;
};

/// An input file that is there: in a deck relative to the deck, here absolute; empty if not given.
struct FilePath {
  std::string path;
};

namespace detail {

template <class T>
struct Container : std::false_type {};

template <class T>
struct Container<std::vector<T>> : std::true_type {
  static_assert(!std::is_same_v<T, bool>, "std::vector<bool> has no addressable items; use std::vector<int>");
  using Item = T;
  static constexpr auto make = list_value;
  static void* add(std::vector<T>& to, std::string const&) { return &to.emplace_back(); }
  static void visit(std::vector<T> const& from, ContainerAccess::Visitor const& visitor) {
    for (auto const& item : from) visitor({}, &item);
  }
};

template <class T>
struct Container<std::map<std::string, T>> : std::true_type {
  using Item = T;
  static constexpr auto make = map_value;
  static void* add(std::map<std::string, T>& to, std::string const& key) { return &to[key]; }
  static void visit(std::map<std::string, T> const& from, ContainerAccess::Visitor const& visitor) {
    for (auto const& [key, item] : from) visitor(key, &item);
  }
};

template <class T>
struct Container<std::optional<T>> : std::true_type {
  using Item = T;
  static constexpr auto make = optional_value;
  static void* add(std::optional<T>& to, std::string const&) { return &to.emplace(); }
  static void visit(std::optional<T> const& from, ContainerAccess::Visitor const& visitor) {
    if (from) visitor({}, &*from);
  }
};

template <class T>
ContainerAccess container_access() {
  return {[](void* c) {
            if constexpr (requires(T & t) { t.reset(); }) {
              static_cast<T*>(c)->reset();
            } else {
              static_cast<T*>(c)->clear();
            }
          },
          [](void* c, std::string const& key) -> void* { return Container<T>::add(*static_cast<T*>(c), key); },
          [](void const* c, ContainerAccess::Visitor const& visitor) {
            Container<T>::visit(*static_cast<T const*>(c), visitor);
          }};
}

/// Reader and writer of T; `block` stands for the struct inside, if T is made of one.
template <class T>
ValuePtr value_of(std::shared_ptr<Block const> const& block) {
  if constexpr (Container<T>::value) {
    return Container<T>::make(container_access<T>(), value_of<typename Container<T>::Item>(block));
  } else if constexpr (std::is_same_v<T, bool>) {
    return truth_value();
  } else if constexpr (std::is_same_v<T, int>) {
    return integer_value();
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return long_integer_value();
  } else if constexpr (std::is_same_v<T, double>) {
    return number_value();
  } else if constexpr (std::is_same_v<T, std::string>) {
    return text_value();
  } else if constexpr (std::is_same_v<T, FilePath>) {
    return file_path_value();
  } else if constexpr (std::is_same_v<T, Function>) {
    return function_value();
  } else if constexpr (std::is_same_v<T, Interval>) {
    return interval_value();
  } else if constexpr (std::is_same_v<T, Node>) {
    return any_value();
  } else if constexpr (std::is_enum_v<T>) {
    return choice_value({[](void* to, std::int64_t value) { *static_cast<T*>(to) = static_cast<T>(value); },
                         [](void const* from) { return static_cast<std::int64_t>(*static_cast<T const*>(from)); }});
  } else {
    return block_value(block);
  }
}

/// What T holds in the end, inside of lists, maps and optionals.
template <class T>
struct Innermost {
  using type = T;
};
template <class T>
requires Container<T>::value struct Innermost<T> : Innermost<typename Container<T>::Item> {
};

}  // namespace detail

/// Declares more about a key; every function returns the same key, to be chained.
template <class T>
class Key {
  using Inner = typename detail::Innermost<T>::type;

 public:
  explicit Key(Block::Key& key) : rules_{key.rules} {}

  /// The SI unit numbers are converted to, e.g. "m^2/s"; without it numbers have no dimension.
  Key unit(std::string si) {
    return change([&](Rules& r) { r.unit = std::move(si); });
  }
  Key required() {
    return change([](Rules& r) { r.required = true; });
  }
  Key above(double x) {
    return change([&](Rules& r) { r.lowest = {x, false}; });
  }
  Key below(double x) {
    return change([&](Rules& r) { r.highest = {x, false}; });
  }
  Key at_least(double x) {
    return change([&](Rules& r) { r.lowest = {x, true}; });
  }
  Key at_most(double x) {
    return change([&](Rules& r) { r.highest = {x, true}; });
  }
  Key between(double low, double high) { return at_least(low).at_most(high); }
  /// Number of items of a list.
  Key size(std::size_t n) {
    return change([&](Rules& r) { r.size = n; });
  }
  /// An older name of the key: whoever uses it is told the new one.
  Key was(std::string old_name) {
    return change([&](Rules& r) { r.was = std::move(old_name); });
  }
  /// A value for help and messages, as a deck would have it.
  Key example(std::string text) {
    return change([&](Rules& r) { r.example = std::move(text); });
  }

  /// A value without brackets stands for a list of one (of lists of one).
  Key or_single() requires detail::Container<T>::value {
    return change([](Rules& r) { r.single = true; });
  }

  /// Words that a text may be; or words that a function may be instead of an expression.
  Key one_of(
      std::vector<std::string> words) requires std::same_as<Inner, std::string> || std::same_as<Inner, Function> {
    return change([&](Rules& r) {
      for (auto& word : words) r.choices.emplace_back(std::move(word), 0);
    });
  }
  /// Words for the enumerators.
  Key choices(std::vector<std::pair<std::string, Inner>> words) requires std::is_enum_v<Inner> {
    return change([&](Rules& r) {
      for (auto& [word, enumerator] : words)
        r.choices.emplace_back(std::move(word), static_cast<std::int64_t>(enumerator));
    });
  }
  /// Of functions: the names of their arguments. Of maps of anything else: the allowed keys.
  Key names(std::vector<std::string> names) {
    if constexpr (!std::is_same_v<Inner, Function>) return keys(std::move(names));
    return change([&](Rules& r) { r.arguments = std::move(names); });
  }
  /// The allowed keys of a map.
  Key keys(std::vector<std::string> names) {
    return change([&](Rules& r) { r.keys = std::move(names); });
  }

 private:
  template <class Change>
  Key change(Change&& apply) {
    apply(rules_);
    return *this;
  }
  Rules& rules_;
};

/// The deck keys of one struct: name, documentation, unit and rule of each. Defaults are the struct's initialisers.
/// Copies share their keys: declare all of them before handing the schema on.
template <class Options>
class Schema {
 public:
  explicit Schema(std::string doc)
      : block_{std::make_shared<Block>(std::move(doc), [](Block const& block) {
          auto const defaults = std::make_unique<Options>();
          return block.write(defaults.get());
        })} {}

  /// Declares a key; `member` may belong to a base of Options.
  template <class T, class Owner>
  requires std::derived_from<Options, Owner> Key<T> add(std::string name, T Owner::*member, std::string doc) {
    return add_value<T>(std::move(name), detail::value_of<T>(nullptr), member, std::move(doc));
  }

  /// Declares a block of keys. T: the struct S, or optionals, lists and maps of it.
  template <class T, class Owner, class S>
  requires std::derived_from<Options, Owner> && std::same_as<typename detail::Innermost<T>::type, S> Key<T> section(
      std::string name, T Owner::*member, Schema<S> const& schema) {
    return add_value<T>(std::move(name), detail::value_of<T>(schema.block()), member, schema.block()->doc());
  }

  /// A scalar or a list where this block is expected means {key: value}.
  Schema& shorthand(std::string key) {
    block_->set_shorthand(std::move(key));
    return *this;
  }

  /// A rule between keys; runs only when the block itself was read without a mistake.
  Schema& check(std::function<void(Options const&, Where const&)> rule) {
    block_->add_rule([rule = std::move(rule)](void const* options, Where const& where) {
      rule(*static_cast<Options const*>(options), where);
    });
    return *this;
  }

  /// Reads the block that stands at `path` ("" for a whole deck). With mistakes, the options are not to be used.
  Options read(Node const& node, std::string const& path, Mistakes& mistakes, ReadContext const& context = {}) const {
    Options options{};
    Reader reader{mistakes, context, *block_};
    block_->read(node, &options, path, reader);
    return options;
  }

  /// Every key, numbers in SI; reads back to equal options.
  Node write(Options const& options) const { return block_->write(&options); }

  Description describe() const {
    Description description;
    block_->describe(description);
    return description;
  }

  std::shared_ptr<Block const> block() const { return block_; }

 private:
  template <class T, class Owner>
  Key<T> add_value(std::string name, ValuePtr value, T Owner::*member, std::string doc) {
    auto address = [member](void* options) -> void* { return &(static_cast<Options*>(options)->*member); };
    return Key<T>{block_->add(std::move(name), std::move(value), address, std::move(doc))};
  }

  std::shared_ptr<Block> block_;
};

}  // namespace kroma::deck
