// Text to syntax tree: a parser by precedence climbing with limits, so that no text can exhaust the stack.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "deck/syntax.hpp"

namespace kroma::deck::syntax {
namespace {

constexpr std::size_t kLongest = 20'000;  // characters
constexpr int kDeepestNesting = 200;

struct Binary {
  std::string_view sign;
  Op op;
  int level;
};
/// Longer signs first, so that "<=" is not read as "<".
constexpr std::array<Binary, 12> kBinary{{{"||", Op::logical_or, 1},
                                          {"&&", Op::logical_and, 2},
                                          {"==", Op::equal, 3},
                                          {"!=", Op::not_equal, 3},
                                          {"<=", Op::less_equal, 4},
                                          {">=", Op::greater_equal, 4},
                                          {"<", Op::less, 4},
                                          {">", Op::greater, 4},
                                          {"+", Op::add, 5},
                                          {"-", Op::subtract, 5},
                                          {"*", Op::multiply, 6},
                                          {"/", Op::divide, 6}}};
constexpr int kFirstLevel = 1, kLastLevel = 6;

/// Names people bring along from other languages, and what to write instead.
struct Foreign {
  std::string_view name, instead;
};
constexpr std::array<Foreign, 9> kForeign{{{"ln", "write log, the natural logarithm"},
                                           {"log10", "write log(x)/log(10)"},
                                           {"log2", "write log(x)/log(2)"},
                                           {"pow", "write a^b"},
                                           {"fabs", "write abs"},
                                           {"step", "write heaviside"},
                                           {"if", "write condition ? a : b"},
                                           {"erfc", "write 1 - erf(x)"},
                                           {"arctan", "write atan"}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

class Parser {
 public:
  Parser(std::string_view text, std::vector<std::string> const& arguments,
         std::vector<std::string>* collected = nullptr)
      : text_{text}, arguments_{arguments}, collected_{collected} {
    if (text.size() > kLongest) fail(0, fmt::format("longer than {} characters", kLongest));
  }

  TermPtr whole() {
    auto term = prefix();
    if (skip_blanks() < text_.size()) unexpected();
    return term;
  }

  TermPtr prefix() {
    if (skip_blanks() == text_.size()) fail(0, "an empty text; an expression is expected");
    return choice();
  }

  std::size_t position() const { return position_; }

 private:
  /// Counts nested calls of the parser.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_{parser} {
      if (++parser_.nesting_ > kDeepestNesting) {
        parser_.fail(parser_.position_, fmt::format("nested more than {} levels deep", kDeepestNesting));
      }
    }
    ~Level() { --parser_.nesting_; }
    Level(Level const&) = delete;
    Level& operator=(Level const&) = delete;

   private:
    Parser& parser_;
  };

  [[noreturn]] static void fail(std::size_t offset, std::string text) { throw SyntaxError{offset, std::move(text)}; }

  [[noreturn]] void unexpected() {
    auto const rest = text_.substr(position_);
    if (rest.empty()) fail(position_, "ends too early: something is missing");
    if (rest.starts_with("**")) fail(position_, "unexpected '**'; powers are written ^");
    if (is_letter(rest[0])) fail(position_, fmt::format("unexpected '{}'; is a '*' missing?", word()));
    if (rest[0] == '=') fail(position_, "unexpected '='; equality is written ==");
    auto const length =
        std::find_if(rest.begin() + 1, rest.end(), [](char c) { return (c & 0xC0) != 0x80; }) - rest.begin();
    fail(position_, fmt::format("unexpected '{}'", rest.substr(0, static_cast<std::size_t>(length))));
  }

  std::size_t skip_blanks() {
    while (position_ < text_.size() && std::string_view{" \t\r\n"}.find(text_[position_]) != std::string_view::npos)
      ++position_;
    return position_;
  }

  bool accept(std::string_view sign) {
    skip_blanks();
    if (!text_.substr(position_).starts_with(sign)) return false;
    position_ += sign.size();
    return true;
  }

  void expect(std::string_view sign) {
    if (accept(sign)) return;
    if (position_ == text_.size()) fail(position_, fmt::format("ends too early: '{}' is missing", sign));
    unexpected();
  }

  std::string word() const {
    auto const rest = text_.substr(position_);
    auto const end = std::find_if(rest.begin(), rest.end(), [](char c) { return !is_letter(c) && !is_digit(c); });
    return std::string{rest.begin(), end};
  }

  /// Like make, but says where.
  static TermPtr made(std::size_t offset, Op op, TermPtr first, TermPtr second = nullptr, TermPtr third = nullptr) {
    try {
      return make(op, std::move(first), std::move(second), std::move(third));
    } catch (SyntaxError const& e) {
      fail(offset, e.text);
    }
  }

  TermPtr choice() {
    Level const level{*this};
    auto condition = binary(kFirstLevel);
    auto const offset = position_;
    if (!accept("?")) return condition;
    auto const yes = choice();
    expect(":");
    return made(offset, Op::choose, condition, yes, choice());
  }

  Binary const* accept_binary(int level) {
    for (auto const& candidate : kBinary) {
      skip_blanks();
      if (!text_.substr(position_).starts_with(candidate.sign)) continue;
      bool const power = candidate.op == Op::multiply && text_.substr(position_).starts_with("**");
      if (candidate.level != level || power) return nullptr;
      position_ += candidate.sign.size();
      return &candidate;
    }
    return nullptr;
  }

  TermPtr binary(int level) {
    if (level > kLastLevel) return unary();
    auto left = binary(level + 1);
    bool const comparison = level == 3 || level == 4;
    for (int count = 0;; ++count) {
      auto const before = position_;
      auto const* const found = accept_binary(level);
      if (found == nullptr) return left;
      if (comparison && count > 0) fail(before, "comparisons do not chain; write a < b && b < c");
      left = made(before, found->op, left, binary(level + 1));
    }
  }

  TermPtr unary() {
    auto const offset = skip_blanks();
    if (accept("-")) return negated(offset, nested_unary());
    if (accept("+")) return nested_unary();
    if (!text_.substr(position_).starts_with("!=") && accept("!")) return made(offset, Op::logical_not, nested_unary());
    return power();
  }

  static TermPtr negated(std::size_t offset, TermPtr operand) {
    if (operand->op == Op::number) return number(-operand->value);
    return made(offset, Op::negate, std::move(operand));
  }

  TermPtr nested_unary() {
    Level const level{*this};
    return unary();
  }

  TermPtr power() {
    auto base = primary();
    auto const offset = position_;
    if (!accept("^")) return base;
    return made(offset, Op::power, base, nested_unary());
  }

  TermPtr primary() {
    skip_blanks();
    if (accept("(")) {
      auto inside = choice();
      expect(")");
      return inside;
    }
    if (position_ == text_.size()) unexpected();
    char const c = text_[position_];
    if (is_digit(c) || (c == '.' && position_ + 1 < text_.size() && is_digit(text_[position_ + 1]))) return literal();
    if (is_letter(c)) return name();
    unexpected();
  }

  TermPtr literal() {
    double value = 0;
    auto const [end, error] = std::from_chars(text_.data() + position_, text_.data() + text_.size(), value);
    if (error != std::errc{}) fail(position_, "this number is too large or too small for a computer");
    position_ = static_cast<std::size_t>(end - text_.data());
    return number(value);
  }

  TermPtr name() {
    auto const offset = position_;
    auto const text = word();
    position_ += text.size();
    if (collected_ != nullptr) {
      collected_->push_back(text);
      return argument(static_cast<int>(collected_->size()) - 1);
    }
    if (accept("(")) return function(offset, text);
    auto const found = std::find(arguments_.begin(), arguments_.end(), text);
    if (found != arguments_.end()) return argument(static_cast<int>(found - arguments_.begin()));
    if (text == "pi") return number(std::numbers::pi);
    if (text == "e") return number(std::numbers::e);
    if (find_function(text) >= 0) fail(offset, fmt::format("'{0}' is a function: write {0}(...)", text));
    auto const known = fmt::format("{}", fmt::join(arguments_, ", "));
    fail(offset,
         fmt::format("unknown name '{}'; {}", text, known.empty() ? "a constant is expected" : "known here: " + known));
  }

  TermPtr function(std::size_t offset, std::string const& name) {
    int const index = find_function(name);
    if (index < 0) unknown_function(offset, name);
    std::vector<TermPtr> operands;
    do {
      operands.push_back(choice());
    } while (accept(","));
    expect(")");
    bool const many = known_functions()[static_cast<std::size_t>(index)].two != nullptr;
    if (!many && operands.size() != 1) fail(offset, fmt::format("{} takes one operand, got {}", name, operands.size()));
    if (many && operands.size() < 2) fail(offset, fmt::format("{} takes two operands or more", name));
    auto result = operands.back();
    if (!many) return call(name, result);
    try {
      for (auto i = operands.size() - 1; i-- > 0;) result = call(name, operands[i], result);
    } catch (SyntaxError const& e) {
      fail(offset, e.text);
    }
    return result;
  }

  [[noreturn]] void unknown_function(std::size_t offset, std::string const& name) const {
    if (std::find(arguments_.begin(), arguments_.end(), name) != arguments_.end()) {
      fail(offset, fmt::format("'{}' is no function; is a '*' missing?", name));
    }
    auto const foreign =
        std::find_if(kForeign.begin(), kForeign.end(), [&](Foreign const& f) { return f.name == name; });
    if (foreign != kForeign.end()) fail(offset, fmt::format("unknown function '{}'; {}", name, foreign->instead));
    std::string known;
    for (auto const& f : known_functions()) known += (known.empty() ? "" : " ") + std::string{f.name};
    fail(offset, fmt::format("unknown function '{}'; known are: {}", name, known));
  }

  std::string_view text_;
  std::vector<std::string> const& arguments_;
  std::vector<std::string>* collected_;
  std::size_t position_ = 0;
  int nesting_ = 0;
};

/// Refuses what has no meaning between units.
void check_product(Term const& term) {
  switch (term.op) {
    case Op::number:
    case Op::argument:
    case Op::negate:
    case Op::multiply:
    case Op::divide:
    case Op::power:
      break;
    default:
      throw SyntaxError{0, "units are made of names with *, / and ^"};
  }
  for (auto const& operand : term.operands) check_product(*operand);
}

}  // namespace

TermPtr parse(std::string_view text, std::vector<std::string> const& arguments) {
  return Parser{text, arguments}.whole();
}

Prefix parse_constant_prefix(std::string_view text) {
  std::vector<std::string> const none;
  Parser parser{text, none};
  auto term = parser.prefix();
  return {std::move(term), parser.position()};
}

TermPtr parse_product(std::string_view text, std::vector<std::string>& names) {
  auto term = Parser{text, names, &names}.whole();
  check_product(*term);
  return term;
}

}  // namespace kroma::deck::syntax
