#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "deck/mark.hpp"
#include "deck/node.hpp"

namespace kroma::deck {
namespace syntax {
struct SyntaxError;
}

/// How values between the rows of a table are found: straight lines, or cubics that keep the data's monotonicity
/// (Fritsch and Carlson 1980).
enum class Interpolation { linear, pchip };

/// A function of named arguments: a number, an expression, or a table. A value type, cheap to copy; copies share
/// what they compute with, so that neither they nor one Function may be used by several threads at once.
class Function {
 public:
  /// The constant 0.
  Function();
  static Function constant(double value, std::vector<std::string> arguments = {});
  /// Throws Error (bad_input, with the column of the mistake counted from `mark`) if `text` is no expression of
  /// `arguments`, or is a constant that is not finite.
  static Function expression(std::string text, std::vector<std::string> arguments, Mark const& mark = {});
  /// The same for readers that report places themselves: throws syntax::SyntaxError instead.
  static Function parse(std::string text, std::vector<std::string> arguments, Mark const& mark);
  /// Through the points (x[i], y[i]); x rising. `name` is what messages call the table. Throws Error (bad_input).
  static Function table(std::vector<double> x, std::vector<double> y, Interpolation interpolation, std::string argument,
                        std::string name, Mark const& mark = {});

  /// A word of the deck in place of an expression ("from_exact"): whoever allowed it replaces it before evaluating.
  static Function word(std::string word, Mark const& mark = {});

  /// `arguments`: one value per name (a constant takes any number). May return NaN or infinity: the caller checks,
  /// and reports mark(). Throws Error (bad_input) outside of a table.
  double operator()(std::span<double const> arguments) const;
  double operator()(std::initializer_list<double> arguments) const {
    return (*this)(std::span{arguments.begin(), arguments.size()});
  }
  /// points: (n, number of arguments) row-major; values: (n).
  void evaluate(std::span<double const> points, std::span<double> values) const;

  /// E.g. orders {2, 0}: twice by the first of two arguments. Symbolic. Throws Error (bad_input) "cannot be
  /// differentiated: ..." where it is not smooth enough: expressions see differentiate(), tables of straight lines
  /// have no derivative here, pchip tables have one.
  Function derivative(std::vector<int> const& orders) const;

  std::vector<std::string> const& arguments() const { return arguments_; }
  /// As the user wrote it; of a derivative, what it was found to be.
  std::string const& text() const;
  Mark const& mark() const { return mark_; }
  bool is_constant() const;
  bool is_word() const;  // text() says which
  /// Whether the value depends on the argument of this name.
  bool uses(std::string const& argument) const;
  /// What a deck says to get this function; tables are written with their points.
  Node write() const;

  class Body;

 private:
  Function(std::shared_ptr<Body const> body, std::vector<std::string> arguments, Mark mark);
  std::shared_ptr<Body const> body_;
  std::vector<std::string> arguments_;
  Mark mark_;
};

}  // namespace kroma::deck
