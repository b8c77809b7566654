#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deck/function.hpp"
#include "deck/schema.hpp"

namespace kroma::gp_pde {

enum class EquationName { poisson, helmholtz, reaction, diffusion, allen_cahn, advection, heat, burgers, linear };

/// One term of the left-hand side: coefficient times a derivative.
struct TermOptions {
  deck::Function coefficient = deck::Function::constant(1.0);
  std::map<std::string, int> d;  // order per axis; none: the unknown itself
};

struct EquationOptions {
  std::optional<EquationName> given_name;
  std::optional<double> reaction, wave_number, viscosity;
  std::optional<deck::Function> diffusivity;
  std::map<std::string, deck::Function> velocity;  // per axis of space
  std::vector<TermOptions> linear;
  std::optional<deck::Function> nonlinear;  // of u, its first derivatives and the coordinates
  std::optional<deck::Function> source;

  /// A list of terms alone is the equation linear, nothing at all Poisson's.
  EquationName name() const {
    return given_name.value_or(linear.empty() ? EquationName::poisson : EquationName::linear);
  }
};

deck::Schema<EquationOptions> equation_schema();

}  // namespace kroma::gp_pde
