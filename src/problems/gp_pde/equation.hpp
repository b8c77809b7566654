#pragma once

#include <array>
#include <string>
#include <vector>

#include "linalg/kronecker.hpp"

namespace kroma::gp_pde {

/// coefficient * d^(orders[0]) / dx ... of the unknown.
struct Term {
  double coefficient = 1;
  std::array<int, 3> orders{0, 0, 0};
};

/// Left-hand side of the equation: a sum of terms with constant coefficients.
struct Equation {
  std::vector<Term> terms;

  /// Coefficient of the second derivative along `axis`, and of the unknown itself.
  double diffusion(int axis) const;
  double reaction() const;
};

/// Throws bad_input unless the equation is one that the solver's preconditioner is proven for: a second derivative on
/// each of `axes` axes, all coefficients of one sign, and a reaction of the other sign or none (Poisson, screened
/// Poisson), so that the problem with Dirichlet data has exactly one solution.
void check_elliptic(Equation const& equation, int axes);

/// The terms as Kronecker products; `factor(axis, order)` is the matrix of the derivative along one axis.
template <class Factor>
std::vector<linalg::KroneckerTerm> kronecker_terms(std::vector<Term> const& terms, Factor factor) {
  std::vector<linalg::KroneckerTerm> products;
  for (auto const& term : terms) {
    products.push_back(
        {term.coefficient, {factor(0, term.orders[0]), factor(1, term.orders[1]), factor(2, term.orders[2])}});
  }
  return products;
}

}  // namespace kroma::gp_pde
