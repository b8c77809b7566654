#pragma once

#include <vector>

#include "problems/gp_pde/model.hpp"
#include "problems/gp_pde/preconditioner.hpp"

namespace kroma::gp_pde {

/// How a model is solved: the equation as the solver sees it, and what the bases must have for it.
struct Method {
  Equation equation;      // divided by its leading factor where that varies
  deck::Function source;  // likewise
  Equation constant;      // the equation frozen
  PreconditionerKind kind = PreconditionerKind::tau;
  std::vector<AxisSetting> settings;
};

/// By the character of the equation, unless the deck asks for a preconditioner. Plain host code, not collective.
Method choose_method(Model const& model, PreconditionerName asked);

}  // namespace kroma::gp_pde
