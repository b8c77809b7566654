#pragma once

#include <memory>
#include <span>

#include "deck/syntax.hpp"

namespace kroma::deck {

/// A syntax tree made ready for many evaluations. Not thread safe: operands are passed through members.
class Program {
 public:
  Program(syntax::Term const& term, std::size_t arguments);
  ~Program();
  Program(Program const&) = delete;
  Program& operator=(Program const&) = delete;

  /// `arguments`: as many values as announced. May return NaN or infinity.
  double operator()(std::span<double const> arguments);

 private:
  struct Steps;
  std::unique_ptr<Steps> steps_;
};

/// Value of a tree without arguments.
double evaluate_constant(syntax::Term const& term);

}  // namespace kroma::deck
