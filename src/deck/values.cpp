// Reading and writing of single values.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/csv.hpp"
#include "deck/schema.hpp"
#include "deck/syntax.hpp"
#include "deck/units.hpp"
#include "deck/value.hpp"

namespace kroma::deck {

void add_wrong_type(Node const& node, std::string const& expected, std::string const& path, Reader& reader) {
  reader.mistakes.add(node.mark(), path, fmt::format("expected {}, got {}", expected, in_words(node)));
}

std::string bounds_in_words(Rules const& rules) {
  auto const& [low, high] = std::pair{rules.lowest, rules.highest};
  std::string text;
  if (low && high && low->allowed && high->allowed) {
    text = fmt::format("between {} and {}", low->value, high->value);
  } else {
    if (low) text += fmt::format("{} {}", low->allowed ? ">=" : ">", low->value);
    if (low && high) text += " and ";
    if (high) text += fmt::format("{} {}", high->allowed ? "<=" : "<", high->value);
  }
  return text.empty() || rules.unit.empty() ? text : fmt::format("{} [{}]", text, rules.unit);
}

std::string choices_in_words(Rules const& rules) {
  std::vector<std::string> words;
  for (auto const& choice : rules.choices) words.push_back(choice.first);
  return fmt::format("{}", fmt::join(words, ", "));
}

namespace {

std::string in_unit(std::string const& what, Rules const& rules) {
  return rules.unit.empty() ? what : fmt::format("{} in {}", what, rules.unit);
}

bool within(double value, Rules const& rules) {
  auto const& [low, high] = std::pair{rules.lowest, rules.highest};
  bool const above = !low || value > low->value || (low->allowed && value == low->value);
  bool const below = !high || value < high->value || (high->allowed && value == high->value);
  return above && below;
}

void check_bounds(double value, std::string const& text, Node const& node, Rules const& rules, std::string const& path,
                  Reader& reader) {
  if (within(value, rules)) return;
  reader.mistakes.add(node.mark(), path, fmt::format("must be {}, got {}", bounds_in_words(rules), text));
}

/// The number a scalar stands for, in SI; nothing (and a mistake) if it is none.
std::optional<double> read_number(Node const& node, std::string const& expected, Rules const& rules,
                                  std::string const& path, Reader& reader) {
  bool const numeric = node.is_scalar() && node.text().find_first_of("0123456789") != std::string::npos;
  bool const constant = node.is_scalar() && (node.text() == "pi" || node.text() == "e");
  if (!numeric && !constant) {
    add_wrong_type(node, expected, path, reader);
    return {};
  }
  try {
    return parse_quantity(node.text(), rules.unit);
  } catch (Error const& e) {
    reader.mistakes.add(node.mark(), path, e.what());
    return {};
  }
}

class TruthValue final : public Value {
 public:
  void read(Node const& node, void* target, Rules const& rules, std::string const& path,
            Reader& reader) const override {
    bool const truth = node.is_scalar() && node.text() == "true";
    if (!truth && !(node.is_scalar() && node.text() == "false"))
      return add_wrong_type(node, expected(rules), path, reader);
    *static_cast<bool*>(target) = truth;
  }
  Node write(void const* source, Rules const&) const override {
    return Node::scalar(*static_cast<bool const*>(source) ? "true" : "false");
  }
  void describe(Description& d) const override { d.type = Description::Type::truth; }
  std::string expected(Rules const&) const override { return "true or false"; }
};

template <class Integer>
class IntegerValue final : public Value {
 public:
  void read(Node const& node, void* target, Rules const& rules, std::string const& path,
            Reader& reader) const override {
    Integer value = 0;
    if (!parse(node, value, rules, path, reader)) return;
    check_bounds(static_cast<double>(value), std::to_string(value), node, rules, path, reader);
    *static_cast<Integer*>(target) = value;
  }
  Node write(void const* source, Rules const&) const override {
    return Node::scalar(std::to_string(*static_cast<Integer const*>(source)));
  }
  void describe(Description& d) const override { d.type = Description::Type::integer; }
  std::string expected(Rules const& rules) const override { return in_unit("an integer", rules); }

 private:
  bool parse(Node const& node, Integer& value, Rules const& rules, std::string const& path, Reader& reader) const {
    auto const& text = node.text();
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size()) return true;
    auto const number = read_number(node, expected(rules), rules, path, reader);
    if (!number) return false;
    constexpr double kLimit = sizeof(Integer) == 4 ? std::numeric_limits<int>::max() : 9007199254740992.0;  // 2^53
    if (*number != std::trunc(*number) || std::abs(*number) > kLimit) {
      auto const why = *number != std::trunc(*number) ? "" : fmt::format(" of at most {:.0f}", kLimit);
      reader.mistakes.add(node.mark(), path, fmt::format("expected {}{}, got {}", expected(rules), why, text));
      return false;
    }
    value = static_cast<Integer>(*number);
    return true;
  }
};

class NumberValue final : public Value {
 public:
  void read(Node const& node, void* target, Rules const& rules, std::string const& path,
            Reader& reader) const override {
    auto const value = read_number(node, expected(rules), rules, path, reader);
    if (!value) return;
    check_bounds(*value, syntax::print_number(*value), node, rules, path, reader);
    *static_cast<double*>(target) = *value;
  }
  Node write(void const* source, Rules const&) const override {
    return Node::scalar(syntax::print_number(*static_cast<double const*>(source)));
  }
  void describe(Description& d) const override { d.type = Description::Type::number; }
  std::string expected(Rules const& rules) const override { return in_unit("a number", rules); }
};

/// A text that other YAML readers, too, take for a text without quotes.
bool is_word(std::string const& text) {
  static std::vector<std::string> const reserved{"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
  bool const begins = !text.empty() && (std::isalpha(static_cast<unsigned char>(text[0])) != 0 || text[0] == '/');
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return begins && std::find(reserved.begin(), reserved.end(), lower) == reserved.end();
}

/// The position among the choices; nothing (and a mistake) for other words.
std::optional<std::size_t> read_choice(Node const& node, Rules const& rules, std::string const& path, Reader& reader) {
  std::vector<std::string> words;
  for (auto const& choice : rules.choices) words.push_back(choice.first);
  auto const found = std::find(words.begin(), words.end(), node.text());
  if (node.is_scalar() && found != words.end()) return static_cast<std::size_t>(found - words.begin());
  auto const near = node.is_scalar() ? nearest(node.text(), words) : "";
  auto const hint = near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
  reader.mistakes.add(node.mark(), path,
                      fmt::format("must be one of {}, got {}{}", choices_in_words(rules), in_words(node), hint));
  return {};
}

class TextValue final : public Value {
 public:
  void read(Node const& node, void* target, Rules const& rules, std::string const& path,
            Reader& reader) const override {
    if (!node.is_scalar()) return add_wrong_type(node, expected(rules), path, reader);
    if (!rules.choices.empty() && !read_choice(node, rules, path, reader)) return;
    *static_cast<std::string*>(target) = node.text();
  }
  Node write(void const* source, Rules const&) const override {
    auto const& text = *static_cast<std::string const*>(source);
    return Node::scalar(text, !is_word(text));
  }
  void describe(Description& d) const override {
    d.type = d.rules.choices.empty() ? Description::Type::text : Description::Type::choice;
  }
  std::string expected(Rules const& rules) const override {
    return rules.choices.empty() ? "a text" : "one of " + choices_in_words(rules);
  }
};

class FilePathValue final : public Value {
 public:
  void read(Node const& node, void* target, Rules const& rules, std::string const& path,
            Reader& reader) const override {
    if (!node.is_scalar()) return add_wrong_type(node, expected(rules), path, reader);
    auto const full = std::filesystem::absolute(std::filesystem::path{reader.context.folder} / node.text());
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(full, ignored)) {
      return reader.mistakes.add(node.mark(), path, "there is no file " + full.lexically_normal().string());
    }
    static_cast<FilePath*>(target)->path = full.lexically_normal().string();
  }
  Node write(void const* source, Rules const&) const override {
    return Node::scalar(static_cast<FilePath const*>(source)->path, true);
  }
  void describe(Description& d) const override { d.type = Description::Type::text; }
  std::string expected(Rules const&) const override { return "the name of a file, relative to the deck"; }
};

class ChoiceValue final : public Value {
 public:
  explicit ChoiceValue(ChoiceAccess access) : access_{access} {}
  void read(Node const& node, void* target, Rules const& rules, std::string const& path,
            Reader& reader) const override {
    if (auto const index = read_choice(node, rules, path, reader)) access_.store(target, rules.choices[*index].second);
  }
  Node write(void const* source, Rules const& rules) const override {
    auto const value = access_.fetch(source);
    auto const found =
        std::find_if(rules.choices.begin(), rules.choices.end(), [&](auto const& c) { return c.second == value; });
    require(found != rules.choices.end(), "every enumerator of a deck key has a word");
    return Node::scalar(found->first);
  }
  void describe(Description& d) const override { d.type = Description::Type::choice; }
  std::string expected(Rules const& rules) const override { return "one of " + choices_in_words(rules); }

 private:
  ChoiceAccess access_;
};

class IntervalValue final : public Value {
 public:
  void read(Node const& node, void* target, Rules const& rules, std::string const& path,
            Reader& reader) const override {
    if (!node.is_sequence() || node.items().size() != 2) return add_wrong_type(node, expected(rules), path, reader);
    auto const before = reader.mistakes.size();
    Interval interval;
    for (auto const& [i, end] : {std::pair{0, &interval.low}, std::pair{1, &interval.high}}) {
      number_value()->read(node.items()[static_cast<std::size_t>(i)], end, rules, join_path(path, std::to_string(i)),
                           reader);
    }
    if (reader.mistakes.size() > before) return;
    if (!(interval.low < interval.high)) {
      reader.mistakes.add(
          node.mark(), path,
          fmt::format("must be [low, high] with low < high, got [{}, {}]", interval.low, interval.high));
      return;
    }
    *static_cast<Interval*>(target) = interval;
  }
  Node write(void const* source, Rules const&) const override {
    auto const& interval = *static_cast<Interval const*>(source);
    auto node = Node::sequence();
    for (double const end : {interval.low, interval.high}) node.push_back(Node::scalar(syntax::print_number(end)));
    return node;
  }
  void describe(Description& d) const override { d.type = Description::Type::interval; }
  std::string expected(Rules const& rules) const override { return in_unit("an interval [low, high]", rules); }
};

class AnyValue final : public Value {
 public:
  void read(Node const& node, void* target, Rules const&, std::string const&, Reader&) const override {
    *static_cast<Node*>(target) = node;
  }
  Node write(void const* source, Rules const&) const override { return *static_cast<Node const*>(source); }
  void describe(Description& d) const override { d.type = Description::Type::any; }
  std::string expected(Rules const&) const override { return "a value"; }
};

}  // namespace

ValuePtr truth_value() {
  static auto const value = std::make_shared<TruthValue const>();
  return value;
}
ValuePtr integer_value() {
  static auto const value = std::make_shared<IntegerValue<int> const>();
  return value;
}
ValuePtr long_integer_value() {
  static auto const value = std::make_shared<IntegerValue<std::int64_t> const>();
  return value;
}
ValuePtr number_value() {
  static auto const value = std::make_shared<NumberValue const>();
  return value;
}
ValuePtr file_path_value() {
  static auto const value = std::make_shared<FilePathValue const>();
  return value;
}

ValuePtr text_value() {
  static auto const value = std::make_shared<TextValue const>();
  return value;
}
ValuePtr interval_value() {
  static auto const value = std::make_shared<IntervalValue const>();
  return value;
}
ValuePtr any_value() {
  static auto const value = std::make_shared<AnyValue const>();
  return value;
}
ValuePtr choice_value(ChoiceAccess access) { return std::make_shared<ChoiceValue const>(access); }

}  // namespace kroma::deck
