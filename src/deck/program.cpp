#include "deck/program.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <muParser.h>

#include "core/error.hpp"

namespace kroma::deck {
namespace {

using syntax::Op;
using syntax::Term;

/// Longer parts become steps of their own: muParser refuses long texts, and parts that occur twice are computed once.
constexpr std::size_t kLongestPart = 500;

}  // namespace

/// The expression as a list of muParser programs, each of which may use the results of those before it.
struct Program::Steps {
  Steps(Term const& term, std::size_t arguments) : values(arguments) {
    result = step(text_of(term));
    texts.clear();
  }

  double run(std::span<double const> given) {
    std::copy_n(given.begin(), values.size(), values.begin());
    for (std::size_t i = 0; i < parsers.size(); ++i) results[i] = parsers[i].Eval();
    return results[result];
  }

  /// Everything but names and numbers stands in parentheses, so that muParser's precedence does not matter.
  std::string text_of(Term const& term) {
    switch (term.op) {
      case Op::number:
        return fmt::format("({})", syntax::print_number(term.value));
      case Op::argument:
        return fmt::format("a{}", term.index);
      case Op::choose:
        return fmt::format("({}?{}:{})", part(term, 0), part(term, 1), part(term, 2));
      case Op::negate:
        return fmt::format("(-{})", part(term, 0));
      case Op::logical_not:
        return fmt::format("({}==0)", part(term, 0));
      case Op::call: {
        auto const* const name = syntax::known_functions()[static_cast<std::size_t>(term.index)].name;
        if (term.operands.size() == 1) return fmt::format("{}({})", name, part(term, 0));
        return fmt::format("{}({},{})", name, part(term, 0), part(term, 1));
      }
      default:
        return fmt::format("({}{}{})", part(term, 0), sign(term.op), part(term, 1));
    }
  }

  std::string part(Term const& term, std::size_t i) {
    auto text = text_of(*term.operands[i]);
    return text.size() <= kLongestPart ? text : fmt::format("s{}", step(std::move(text)));
  }

  std::size_t step(std::string text) {
    auto const [found, is_new] = texts.try_emplace(std::move(text), parsers.size());
    if (is_new) compile(found->first);
    return found->second;
  }

  void compile(std::string const& text) {
    auto& parser = parsers.emplace_back();
    parser.ClearFun();
    parser.ClearConst();
    for (auto const& f : syntax::known_functions()) {
      if (f.one != nullptr) {
        parser.DefineFun(f.name, f.one);
      } else {
        parser.DefineFun(f.name, f.two);
      }
    }
    for (std::size_t i = 0; i < values.size(); ++i) parser.DefineVar(fmt::format("a{}", i), &values[i]);
    for (std::size_t i = 0; i < results.size(); ++i) {
      auto const name = fmt::format("s{}", i);
      if (text.find(name) != std::string::npos) parser.DefineVar(name, &results[i]);
    }
    parser.SetExpr(text);
    results.push_back(0);
    try {
      parser.Eval();  // compiles
    } catch (mu::Parser::exception_type const& e) {
      throw internal_error(fmt::format("muParser refused '{}': {}", text, e.GetMsg()));
    }
  }

  std::vector<double> values;
  std::deque<double> results;  // never moved: the parsers hold their addresses
  std::deque<mu::Parser> parsers;
  std::map<std::string, std::size_t> texts;
  std::size_t result = 0;
};

Program::Program(Term const& term, std::size_t arguments) : steps_{std::make_unique<Steps>(term, arguments)} {}
Program::~Program() = default;

double Program::operator()(std::span<double const> arguments) { return steps_->run(arguments); }

double evaluate_constant(Term const& term) { return term.op == Op::number ? term.value : Program{term, 0}({}); }

}  // namespace kroma::deck
