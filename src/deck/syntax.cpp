#include "deck/syntax.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace kroma::deck::syntax {
namespace {

constexpr int kDeepest = 1000;

double heaviside(double x) { return x < 0 ? 0.0 : x > 0 ? 1.0 : x == 0 ? 0.5 : x; }

}  // namespace

std::vector<KnownFunction> const& known_functions() {
  static std::vector<KnownFunction> const functions{
      {"sin", [](double x) { return std::sin(x); }, nullptr},
      {"cos", [](double x) { return std::cos(x); }, nullptr},
      {"tan", [](double x) { return std::tan(x); }, nullptr},
      {"asin", [](double x) { return std::asin(x); }, nullptr},
      {"acos", [](double x) { return std::acos(x); }, nullptr},
      {"atan", [](double x) { return std::atan(x); }, nullptr},
      {"sinh", [](double x) { return std::sinh(x); }, nullptr},
      {"cosh", [](double x) { return std::cosh(x); }, nullptr},
      {"tanh", [](double x) { return std::tanh(x); }, nullptr},
      {"exp", [](double x) { return std::exp(x); }, nullptr},
      {"log", [](double x) { return std::log(x); }, nullptr},
      {"sqrt", [](double x) { return std::sqrt(x); }, nullptr},
      {"abs", [](double x) { return std::abs(x); }, nullptr},
      {"erf", [](double x) { return std::erf(x); }, nullptr},
      {"heaviside", heaviside, nullptr},
      // not std::min and std::max: a NaN in either operand must come out
      {"min", nullptr, [](double a, double b) { return a < b || std::isnan(a) ? a : b; }},
      {"max", nullptr, [](double a, double b) { return a > b || std::isnan(a) ? a : b; }},
  };
  return functions;
}

int find_function(std::string_view name) {
  auto const& all = known_functions();
  auto const found = std::find_if(all.begin(), all.end(), [&](KnownFunction const& f) { return f.name == name; });
  return found == all.end() ? -1 : static_cast<int>(found - all.begin());
}

TermPtr number(double value) {
  auto term = std::make_shared<Term>();
  term->value = value;
  return term;
}

TermPtr argument(int index) {
  auto term = std::make_shared<Term>();
  term->op = Op::argument;
  term->index = index;
  return term;
}

TermPtr make(Op op, TermPtr first, TermPtr second, TermPtr third) {
  auto term = std::make_shared<Term>();
  term->op = op;
  for (auto* operand : {&first, &second, &third}) {
    if (*operand == nullptr) break;
    term->depth = std::max(term->depth, (*operand)->depth + 1);
    term->size += (*operand)->size;
    term->operands.push_back(std::move(*operand));
  }
  if (term->depth > kDeepest) throw SyntaxError{0, fmt::format("too long a chain: more than {} operations", kDeepest)};
  return term;
}

TermPtr call(std::string_view function, TermPtr first, TermPtr second) {
  auto term = std::make_shared<Term>(*make(Op::call, std::move(first), std::move(second)));
  term->index = find_function(function);
  return term;
}

bool depends_on(Term const& term, int argument) {
  if (term.op == Op::argument) return term.index == argument;
  return std::any_of(term.operands.begin(), term.operands.end(),
                     [&](auto const& t) { return depends_on(*t, argument); });
}

bool is_constant(Term const& term) {
  return term.op != Op::argument &&
         std::all_of(term.operands.begin(), term.operands.end(), [](auto const& t) { return is_constant(*t); });
}

char const* sign(Op op) {
  switch (op) {
    case Op::add:
      return "+";
    case Op::subtract:
      return "-";
    case Op::multiply:
      return "*";
    case Op::divide:
      return "/";
    case Op::power:
      return "^";
    case Op::negate:
      return "-";
    case Op::logical_not:
      return "!";
    case Op::less:
      return "<";
    case Op::less_equal:
      return "<=";
    case Op::greater:
      return ">";
    case Op::greater_equal:
      return ">=";
    case Op::equal:
      return "==";
    case Op::not_equal:
      return "!=";
    case Op::logical_and:
      return "&&";
    case Op::logical_or:
      return "||";
    case Op::number:
    case Op::argument:
    case Op::choose:
    case Op::call:
      break;
  }
  return "";
}

std::string print_number(double value) { return fmt::format("{}", value); }

namespace {

/// How tightly an operation binds; operands that bind less tightly need parentheses.
int tightness(Term const& term) {
  switch (term.op) {
    case Op::choose:
      return 0;
    case Op::logical_or:
      return 1;
    case Op::logical_and:
      return 2;
    case Op::equal:
    case Op::not_equal:
      return 3;
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
      return 4;
    case Op::add:
    case Op::subtract:
      return 5;
    case Op::multiply:
    case Op::divide:
      return 6;
    case Op::negate:
    case Op::logical_not:
      return 7;
    case Op::power:
      return 8;
    case Op::number:
      return std::signbit(term.value) ? 7 : 9;
    case Op::argument:
    case Op::call:
      return 9;
  }
  return 9;
}

}  // namespace

std::string print(Term const& term, std::vector<std::string> const& arguments) {
  auto const inner = [&](std::size_t i, int least) {
    auto const& operand = *term.operands[i];
    auto text = print(operand, arguments);
    return tightness(operand) < least ? "(" + text + ")" : text;
  };
  int const own = tightness(term);
  switch (term.op) {
    case Op::number:
      return print_number(term.value);
    case Op::argument:
      return arguments[static_cast<std::size_t>(term.index)];
    case Op::choose:
      return inner(0, own + 1) + " ? " + inner(1, own) + " : " + inner(2, own);
    case Op::call: {
      std::string list;
      for (std::size_t i = 0; i < term.operands.size(); ++i) list += (i > 0 ? ", " : "") + inner(i, 0);
      return std::string{known_functions()[static_cast<std::size_t>(term.index)].name} + "(" + list + ")";
    }
    case Op::negate:
    case Op::logical_not:
      return sign(term.op) + inner(0, own + 1);
    case Op::power:
      return inner(0, own + 1) + "^" + inner(1, own);
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
      return inner(0, 5) + " " + sign(term.op) + " " + inner(1, 5);  // never chained
    default:
      return inner(0, own) + (own < 6 ? fmt::format(" {} ", sign(term.op)) : sign(term.op)) + inner(1, own + 1);
  }
}

}  // namespace kroma::deck::syntax
