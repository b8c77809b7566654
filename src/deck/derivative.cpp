#include "deck/derivative.hpp"

#include <algorithm>
#include <array>
#include <cln/cln.h>
#include <cmath>
#include <exception>
#include <map>
#include <numbers>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <ginac/ginac.h>

#include "core/error.hpp"
#include "deck/program.hpp"

namespace kroma::deck {
namespace {

using syntax::Op;
using syntax::Term;
using syntax::TermPtr;

constexpr int kMostOrders = 12;
constexpr std::size_t kMostParts = 20'000;
constexpr double kMostWork = 2e5;  // parts before like terms are gathered
constexpr double kLargestExactExponent = 1000;

Error refusal(std::string const& what, std::string const& instead = {}) {
  return bad_input("cannot be differentiated: " + what, instead);
}

struct Smooth {
  std::string_view name;
  GiNaC::ex (*make)(GiNaC::ex const&);
};
/// Known functions that GiNaC knows by the same name.
std::array<Smooth, 11> const& smooth_functions() {
  using GiNaC::ex;
  static std::array<Smooth, 11> const functions{{{"sin", [](ex const& x) -> ex { return sin(x); }},
                                                 {"cos", [](ex const& x) -> ex { return cos(x); }},
                                                 {"tan", [](ex const& x) -> ex { return tan(x); }},
                                                 {"asin", [](ex const& x) -> ex { return asin(x); }},
                                                 {"acos", [](ex const& x) -> ex { return acos(x); }},
                                                 {"atan", [](ex const& x) -> ex { return atan(x); }},
                                                 {"sinh", [](ex const& x) -> ex { return sinh(x); }},
                                                 {"cosh", [](ex const& x) -> ex { return cosh(x); }},
                                                 {"tanh", [](ex const& x) -> ex { return tanh(x); }},
                                                 {"exp", [](ex const& x) -> ex { return exp(x); }},
                                                 {"log", [](ex const& x) -> ex { return log(x); }}}};
  return functions;
}

/// One differentiation. What GiNaC does not know (erf, and all that is made of pieces) is a symbol to it: a foreign
/// part, whose own derivative is added by the chain rule.
class Differentiator {
 public:
  explicit Differentiator(std::vector<std::string> const& arguments) : arguments_{arguments} {
    for (auto const& name : arguments) symbols_.emplace_back(name);
  }

  TermPtr by(TermPtr const& term, int argument) { return from_ginac(derivative(to_ginac(*term), argument)); }

 private:
  struct Foreign {
    GiNaC::realsymbol symbol;
    TermPtr term;
  };

  GiNaC::ex derivative(GiNaC::ex const& e, int argument) {
    if (derivative_size(e) > kMostWork) throw too_long();
    auto result = e.diff(symbols_[static_cast<std::size_t>(argument)]);
    for (std::size_t i = 0; i < foreign_.size(); ++i) {  // the list may grow meanwhile
      auto const part = foreign_[i];
      if (!syntax::depends_on(*part.term, argument) || !e.has(part.symbol)) continue;
      result += e.diff(part.symbol) * derivative_of_foreign(*part.term, argument);
    }
    return result;
  }

  GiNaC::ex derivative_of_foreign(Term const& term, int argument) {
    auto const inner = [&](std::size_t i) { return derivative(to_ginac(*term.operands[i]), argument); };
    auto const kink = [&](TermPtr const& condition, GiNaC::ex const& yes, GiNaC::ex const& no) {
      auto choice = std::make_shared<Term>(*syntax::make(Op::choose, condition, from_ginac(yes), from_ginac(no)));
      choice->kink = true;
      return to_ginac(*choice);
    };
    if (term.op == Op::choose) {
      if (term.kink)
        throw refusal(fmt::format("{} comes from min, max or abs, which have a kink; only its first derivative exists",
                                  text(term)),
                      "Give a smooth function instead, e.g. sqrt(x^2 + 1e-6) for abs(x).");
      return to_ginac(*syntax::make(Op::choose, term.operands[0], from_ginac(inner(1)), from_ginac(inner(2))));
    }
    auto const name = term.op == Op::call ? function_name(term) : std::string_view{};
    if (name == "erf") {
      auto const u = to_ginac(*term.operands[0]);
      return number(2 * std::numbers::inv_sqrtpi) * exp(-pow(u, 2)) * inner(0);
    }
    if (name == "abs") {
      auto const slope = inner(0);
      return slope * kink(syntax::make(Op::less, term.operands[0], syntax::number(0)), -1, 1);
    }
    if (name == "min") return kink(syntax::make(Op::less, term.operands[0], term.operands[1]), inner(0), inner(1));
    if (name == "max") return kink(syntax::make(Op::greater, term.operands[0], term.operands[1]), inner(0), inner(1));
    throw refusal(text(term) + " jumps",
                  "Give a smooth function instead, e.g. 0.5*(1 + tanh(x/width)) for heaviside(x).");
  }

  GiNaC::ex to_ginac(Term const& term) {
    if (syntax::is_constant(term)) return number(evaluate_constant(term));
    auto const operand = [&](std::size_t i) { return to_ginac(*term.operands[i]); };
    switch (term.op) {
      case Op::argument:
        return symbols_[static_cast<std::size_t>(term.index)];
      case Op::add:
        return operand(0) + operand(1);
      case Op::subtract:
        return operand(0) - operand(1);
      case Op::multiply:
        return operand(0) * operand(1);
      case Op::divide:
        return operand(0) / operand(1);
      case Op::power:
        return pow(operand(0), operand(1));
      case Op::negate:
        return -operand(0);
      case Op::call:
        break;
      default:
        return foreign(term);
    }
    auto const name = function_name(term);
    if (name == "sqrt") return pow(operand(0), number(0.5));
    auto const& smooth = smooth_functions();
    auto const found = std::find_if(smooth.begin(), smooth.end(), [&](Smooth const& f) { return f.name == name; });
    return found == smooth.end() ? foreign(term) : found->make(operand(0));
  }

  /// Small integers stay exact, so that powers of them behave; all else is floating, so that no exact number grows
  /// without bound.
  static GiNaC::ex number(double value) {
    if (!std::isfinite(value)) throw refusal("a constant in it is not finite");
    if (value == std::trunc(value) && std::abs(value) <= kLargestExactExponent)
      return GiNaC::numeric{static_cast<int>(value)};
    return GiNaC::numeric{value};
  }

  GiNaC::ex foreign(Term const& term) {
    if (term.size > static_cast<double>(kMostParts)) throw too_long();
    auto key = text(term);
    auto const [found, is_new] = foreign_index_.try_emplace(std::move(key), foreign_.size());
    if (is_new) foreign_.push_back({GiNaC::realsymbol{}, std::make_shared<Term const>(term)});
    return foreign_[found->second].symbol;
  }

  TermPtr from_ginac(GiNaC::ex const& e) {
    parts_ = 0;
    return convert(e);
  }

  TermPtr convert(GiNaC::ex const& e) {
    if (++parts_ > kMostParts) throw too_long();
    if (GiNaC::is_a<GiNaC::numeric>(e)) return convert_number(GiNaC::ex_to<GiNaC::numeric>(e));
    if (GiNaC::is_a<GiNaC::symbol>(e)) return convert_symbol(e);
    if (GiNaC::is_a<GiNaC::add>(e)) return gather(Op::add, operands(e), 0, e.nops());
    if (GiNaC::is_a<GiNaC::mul>(e)) return convert_product(e);
    if (GiNaC::is_a<GiNaC::power>(e)) return convert_power(e.op(0), e.op(1));
    if (GiNaC::is_a<GiNaC::function>(e))
      return syntax::call(GiNaC::ex_to<GiNaC::function>(e).get_name(), convert(e.op(0)));
    throw refusal("its derivative has parts that an expression cannot show");
  }

  TermPtr convert_symbol(GiNaC::ex const& e) {
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
      if (symbols_[i].is_equal(GiNaC::ex_to<GiNaC::basic>(e))) return syntax::argument(static_cast<int>(i));
    }
    for (auto const& part : foreign_) {
      if (!part.symbol.is_equal(GiNaC::ex_to<GiNaC::basic>(e))) continue;
      parts_ += static_cast<std::size_t>(part.term->size);
      if (parts_ > kMostParts) throw too_long();
      return part.term;
    }
    throw internal_error("a symbol from nowhere in a derivative");
  }

  static TermPtr convert_number(GiNaC::numeric const& value) {
    double const result = value.is_real() ? value.to_double() : std::nan("");
    if (!std::isfinite(result)) throw refusal("a constant in its derivative is not a finite real number");
    return syntax::number(result);
  }

  TermPtr convert_power(GiNaC::ex const& base, GiNaC::ex const& exponent) {
    if (exponent.is_equal(GiNaC::numeric{-1})) return syntax::make(Op::divide, syntax::number(1), convert(base));
    return syntax::make(Op::power, convert(base), convert(exponent));
  }

  TermPtr convert_product(GiNaC::ex const& e) {
    std::vector<TermPtr> above, below;
    for (auto const& factor : e) {
      bool const divides = GiNaC::is_a<GiNaC::power>(factor) && factor.op(1).info(GiNaC::info_flags::negative);
      (divides ? below : above).push_back(convert(divides ? GiNaC::ex{1} / factor : factor));
    }
    if (above.empty()) above.push_back(syntax::number(1));
    sort(above);
    sort(below);
    auto product = gather(Op::multiply, above, 0, above.size());
    return below.empty() ? product : syntax::make(Op::divide, product, gather(Op::multiply, below, 0, below.size()));
  }

  std::vector<TermPtr> operands(GiNaC::ex const& e) {
    std::vector<TermPtr> result;
    for (auto const& operand : e) result.push_back(convert(operand));
    sort(result);
    return result;
  }

  /// GiNaC's order of operands depends on addresses, which differ from one process to the next; the rounding of what is
  /// made of them must not.
  void sort(std::vector<TermPtr>& terms) const {
    std::vector<std::pair<std::string, TermPtr>> named;
    for (auto const& term : terms) named.emplace_back(syntax::print(*term, arguments_), term);
    std::stable_sort(named.begin(), named.end(), [](auto const& a, auto const& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < terms.size(); ++i) terms[i] = named[i].second;
  }

  /// A balanced tree, so that long sums are not deep.
  static TermPtr gather(Op op, std::vector<TermPtr> const& terms, std::size_t begin, std::size_t end) {
    if (end - begin == 1) return terms[begin];
    auto const middle = begin + (end - begin) / 2;
    return syntax::make(op, gather(op, terms, begin, middle), gather(op, terms, middle, end));
  }

  /// A bound on the number of parts of the derivative of `e`, found before the work is done: the product rule
  /// repeats a product as often as it has factors.
  static double derivative_size(GiNaC::ex const& e) {
    double size = 0;
    return derivative_size(e, size);
  }
  static double derivative_size(GiNaC::ex const& e, double& size) {
    double inner = 0;
    size = 1;
    for (auto const& operand : e) {
      double operand_size = 0;
      inner += derivative_size(operand, operand_size);
      size += operand_size;
      if (size > static_cast<double>(kMostParts)) throw too_long();
    }
    if (GiNaC::is_a<GiNaC::add>(e)) return inner;
    return inner + size * static_cast<double>(std::max<std::size_t>(e.nops(), 1));
  }

  std::string text(Term const& term) const { return syntax::print(term, arguments_); }
  static std::string_view function_name(Term const& term) {
    return syntax::known_functions()[static_cast<std::size_t>(term.index)].name;
  }
  static Error too_long() {
    return refusal(fmt::format("the derivative has more than {} parts", kMostParts), "Give a simpler expression.");
  }

  std::vector<std::string> const& arguments_;
  std::vector<GiNaC::realsymbol> symbols_;
  std::vector<Foreign> foreign_;
  std::map<std::string, std::size_t> foreign_index_;
  std::size_t parts_ = 0;
};

}  // namespace

TermPtr differentiate(TermPtr const& term, std::vector<int> const& orders, std::vector<std::string> const& arguments) {
  require(orders.size() == arguments.size(), "one order of differentiation per argument");
  if (std::accumulate(orders.begin(), orders.end(), 0) > kMostOrders) {
    throw refusal(fmt::format("more than {} derivatives are asked for", kMostOrders));
  }
  auto result = term;
  try {
    for (std::size_t i = 0; i < orders.size(); ++i) {
      for (int k = 0; k < orders[i]; ++k) result = Differentiator{arguments}.by(result, static_cast<int>(i));
    }
  } catch (Error const&) {
    throw;
  } catch (syntax::SyntaxError const& e) {
    throw refusal(e.text);
  } catch (std::exception const& e) {  // GiNaC and CLN: poles, overflow
    throw refusal(e.what());
  }
  return result;
}

}  // namespace kroma::deck
