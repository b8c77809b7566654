#pragma once

// The expressions of a deck as a tree. One grammar serves constant numbers, functions and units:
//   ?:  ||  &&  == !=  < <= > >=  + -  * /  unary - + !  ^      (loosest first; ^ and ?: group to the right, -x^2 =
//   -(x^2))

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kroma::deck::syntax {

enum class Op {
  number,
  argument,
  add,
  subtract,
  multiply,
  divide,
  power,
  negate,
  logical_not,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  logical_and,
  logical_or,
  choose,
  call
};

struct Term;
using TermPtr = std::shared_ptr<Term const>;

/// One operation; never changed once made, so that trees share their parts.
struct Term {
  Op op = Op::number;
  double value = 0;               // of a number
  int index = 0;                  // of an argument, or of a known function
  bool kink = false;              // a choice made by differentiating min, max or abs: has no further derivative
  std::vector<TermPtr> operands;  // at most three
  int depth = 1;
  double size = 1;  // operations, counted again wherever a shared part occurs
};

/// A function that expressions may call; exactly one of `one` and `two` is set. Those of two take more than two
/// operands by grouping (min(a, b, c) = min(a, min(b, c))).
struct KnownFunction {
  char const* name;
  double (*one)(double);
  double (*two)(double, double);
};
std::vector<KnownFunction> const& known_functions();
/// Index in known_functions(), or -1.
int find_function(std::string_view name);

/// What is wrong with an expression, and at which of its characters.
struct SyntaxError {
  std::size_t offset;
  std::string text;
};

TermPtr number(double value);
TermPtr argument(int index);
/// Throws SyntaxError when the tree becomes deeper than 1000.
TermPtr make(Op op, TermPtr first, TermPtr second = nullptr, TermPtr third = nullptr);
TermPtr call(std::string_view function, TermPtr first, TermPtr second = nullptr);

/// Reads an expression of the names `arguments`, of pi and e and of the known functions. Throws SyntaxError.
TermPtr parse(std::string_view text, std::vector<std::string> const& arguments);

/// Reads the longest beginning of `text` that is a constant, and says where it ends. Throws SyntaxError.
struct Prefix {
  TermPtr term;
  std::size_t end;
};
Prefix parse_constant_prefix(std::string_view text);

/// Reads products, quotients and powers of any names, which are appended to `names`. Throws SyntaxError.
TermPtr parse_product(std::string_view text, std::vector<std::string>& names);

/// Reads back to an equal tree; numbers keep every digit.
std::string print(Term const& term, std::vector<std::string> const& arguments);
/// The sign of an operation: "+", "<=", ...; "" for those without one.
char const* sign(Op op);
/// The shortest text that reads back to `value`.
std::string print_number(double value);

bool depends_on(Term const& term, int argument);
bool is_constant(Term const& term);

}  // namespace kroma::deck::syntax
