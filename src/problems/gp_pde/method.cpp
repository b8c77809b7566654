#include "problems/gp_pde/method.hpp"

#include <algorithm>

namespace kroma::gp_pde {
namespace {

/// The highest derivative along any axis, of the terms and in the nonlinearity.
int highest_order(Equation const& equation) {
  int order = 1;
  for (int axis = 0; axis < 3; ++axis) order = std::max(order, equation.order(axis));
  return order;
}

}  // namespace

Method choose_method(Model const& model, PreconditionerName asked) {
  Method method;
  method.equation = model.equation;
  method.source = model.source;
  if (model.character.elliptic) {
    std::vector<int> const orders(model.character.order.begin(),
                                  model.character.order.begin() + static_cast<std::ptrdiff_t>(model.axes.size()));
    if (auto const factor = leading_factor(model.equation, orders)) {
      method.equation = divided(model.equation, *factor);
      method.source = divided(model.source, *factor);
    }
  }
  std::vector<double> low, high;
  for (auto const& axis : model.axes) {
    low.push_back(axis.low);
    high.push_back(axis.high);
  }
  method.constant = frozen(method.equation, low, high);
  method.kind = choose_preconditioner(method.constant, model.character, model.axes, asked);
  method.settings = axis_settings(method.constant, model.boundary, method.kind, highest_order(model.equation));
  return method;
}

}  // namespace kroma::gp_pde
