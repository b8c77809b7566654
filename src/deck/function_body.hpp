#pragma once

#include <memory>
#include <string>
#include <vector>

#include "deck/function.hpp"

namespace kroma::deck {

/// What a Function is made of. `mark` and the argument names are kept by Function.
class Function::Body {
 public:
  virtual ~Body() = default;
  virtual double value(std::span<double const> arguments) const = 0;
  /// orders: one per argument, not all 0.
  virtual std::shared_ptr<Body const> derivative(std::vector<int> const& orders,
                                                 std::vector<std::string> const& names) const = 0;
  virtual std::string const& text() const = 0;
  virtual bool uses(int argument) const = 0;
  virtual bool is_constant() const { return false; }
  virtual bool is_word() const { return false; }
  virtual Node write() const = 0;
};

std::shared_ptr<Function::Body const> constant_body(double value);
std::shared_ptr<Function::Body const> table_body(std::vector<double> x, std::vector<double> y,
                                                 Interpolation interpolation, std::string name);

}  // namespace kroma::deck
