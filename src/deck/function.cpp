#include "deck/function.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "deck/derivative.hpp"
#include "deck/function_body.hpp"
#include "deck/program.hpp"
#include "deck/syntax.hpp"

namespace kroma::deck {
namespace {

using Body = Function::Body;

class ConstantBody final : public Body {
 public:
  explicit ConstantBody(double value) : value_{value}, text_{syntax::print_number(value)} {}
  double value(std::span<double const>) const override { return value_; }
  std::shared_ptr<Body const> derivative(std::vector<int> const&, std::vector<std::string> const&) const override {
    return constant_body(0);
  }
  std::string const& text() const override { return text_; }
  bool uses(int) const override { return false; }
  bool is_constant() const override { return true; }
  Node write() const override { return Node::scalar(text_); }

 private:
  double value_;
  std::string text_;
};

class WordBody final : public Body {
 public:
  explicit WordBody(std::string word) : word_{std::move(word)} {}
  double value(std::span<double const>) const override { throw used(); }
  std::shared_ptr<Body const> derivative(std::vector<int> const&, std::vector<std::string> const&) const override {
    throw used();
  }
  std::string const& text() const override { return word_; }
  bool uses(int) const override { return false; }
  bool is_word() const override { return true; }
  Node write() const override { return Node::scalar(word_); }

 private:
  Error used() const { return internal_error(fmt::format("the word '{}' was used as a function", word_)); }
  std::string word_;
};

class ExpressionBody final : public Body {
 public:
  ExpressionBody(syntax::TermPtr term, std::string text, std::size_t arguments)
      : term_{std::move(term)}, text_{std::move(text)}, program_{*term_, arguments} {}

  double value(std::span<double const> arguments) const override { return program_(arguments); }
  std::shared_ptr<Body const> derivative(std::vector<int> const& orders,
                                         std::vector<std::string> const& names) const override {
    auto term = differentiate(term_, orders, names);
    if (syntax::is_constant(*term)) return constant_body(evaluate_constant(*term));
    auto text = syntax::print(*term, names);
    return std::make_shared<ExpressionBody>(std::move(term), std::move(text), names.size());
  }
  std::string const& text() const override { return text_; }
  bool uses(int argument) const override { return syntax::depends_on(*term_, argument); }
  Node write() const override { return Node::scalar(text_, true); }

 private:
  syntax::TermPtr term_;
  std::string text_;
  mutable Program program_;  // evaluating passes the operands through it
};

}  // namespace

std::shared_ptr<Body const> constant_body(double value) { return std::make_shared<ConstantBody>(value); }

Function::Function() : Function{constant_body(0), {}, {}} {}

Function::Function(std::shared_ptr<Body const> body, std::vector<std::string> arguments, Mark mark)
    : body_{std::move(body)}, arguments_{std::move(arguments)}, mark_{std::move(mark)} {}

Function Function::constant(double value, std::vector<std::string> arguments) {
  return Function{constant_body(value), std::move(arguments), {}};
}

Function Function::parse(std::string text, std::vector<std::string> arguments, Mark const& mark) {
  auto term = syntax::parse(text, arguments);
  if (!syntax::is_constant(*term)) {
    auto body = std::make_shared<ExpressionBody>(std::move(term), std::move(text), arguments.size());
    return Function{std::move(body), std::move(arguments), mark};
  }
  double const value = evaluate_constant(*term);
  if (!std::isfinite(value)) throw syntax::SyntaxError{0, fmt::format("is {}, not a finite number", value)};
  return Function{constant_body(value), std::move(arguments), mark};
}

Function Function::expression(std::string text, std::vector<std::string> arguments, Mark const& mark) {
  try {
    return parse(text, std::move(arguments), mark);
  } catch (syntax::SyntaxError const& e) {
    if (mark.line == 0) throw bad_input(fmt::format("{} (column {} of '{:.80}')", e.text, e.offset + 1, text));
    throw bad_input(to_string(mark.shifted(e.offset)) + ": " + e.text);
  }
}

Function Function::table(std::vector<double> x, std::vector<double> y, Interpolation interpolation,
                         std::string argument, std::string name, Mark const& mark) {
  return Function{table_body(std::move(x), std::move(y), interpolation, std::move(name)), {std::move(argument)}, mark};
}

Function Function::word(std::string word, Mark const& mark) {
  return Function{std::make_shared<WordBody>(std::move(word)), {}, mark};
}

double Function::operator()(std::span<double const> arguments) const {
  require(is_constant() || is_word() || arguments.size() == arguments_.size(),
          "a function gets one value per argument");
  return body_->value(arguments);
}

void Function::evaluate(std::span<double const> points, std::span<double> values) const {
  auto const stride = arguments_.size();
  require(is_constant() || points.size() == values.size() * stride, "points and values of a function agree in number");
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = body_->value(is_constant() ? std::span<double const>{} : points.subspan(i * stride, stride));
  }
}

Function Function::derivative(std::vector<int> const& orders) const {
  require(is_constant() || is_word() || orders.size() == arguments_.size(),
          "one order of differentiation per argument");
  if (std::all_of(orders.begin(), orders.end(), [](int order) { return order == 0; })) return *this;
  return Function{body_->derivative(orders, arguments_), arguments_, mark_};
}

std::string const& Function::text() const { return body_->text(); }
bool Function::is_constant() const { return body_->is_constant(); }
bool Function::is_word() const { return body_->is_word(); }

bool Function::uses(std::string const& argument) const {
  auto const found = std::find(arguments_.begin(), arguments_.end(), argument);
  return found != arguments_.end() && body_->uses(static_cast<int>(found - arguments_.begin()));
}

Node Function::write() const { return body_->write(); }

}  // namespace kroma::deck
