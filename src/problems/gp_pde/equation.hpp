#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "deck/function.hpp"
#include "linalg/kronecker.hpp"

namespace kroma::gp_pde {

/// Highest derivative that an equation may have along one axis.
inline constexpr int kHighestOrder = 4;

/// coefficient * factor(x) * d^(orders[0]) / dx ... of the unknown.
struct Term {
  double coefficient = 1;
  std::array<int, 3> orders{0, 0, 0};
  std::optional<deck::Function> factor;  // of the three coordinates; none stands for 1
};

/// What a nonlinearity may depend on besides the place: u itself (slot 0) and its first derivatives (slot 1 + axis).
inline constexpr std::size_t kSlots = 4;
/// The derivative of u that a slot stands for.
std::array<int, 3> orders_of_slot(std::size_t slot);

/// A pointwise function N(u, u_x, u_y, u_z, x, y, z) and its partial derivatives by the slots it uses.
struct Nonlinearity {
  deck::Function value;
  std::array<std::optional<deck::Function>, kSlots> slopes;
};

/// Left-hand side of the equation: a sum of terms, and perhaps a nonlinearity.
struct Equation {
  std::vector<Term> terms;
  std::optional<Nonlinearity> nonlinear;

  /// Constant coefficient of the second derivative along `axis`, and of the unknown itself.
  double diffusion(int axis) const;
  double reaction() const;
  /// Highest derivative along `axis`, mixed ones included.
  int order(int axis) const;
  /// Whether no term has a factor and there is no nonlinearity.
  bool has_constant_coefficients() const;
  /// Whether every term differentiates along one axis at most, and only twice: the class of the core operator.
  bool is_laplacian_like() const;
};

/// Modulus of the operator's part along one axis at the angular frequency w, without the part of order 0:
/// sum |coefficient| w^p over derivatives along that axis alone. Factors count as 1: freeze the equation first.
double axis_symbol(Equation const& equation, int axis, double w);

/// The equation without factors: each is replaced by its mean over the box. A nonlinearity is left out. `low`, `high`:
/// the corners of the box, one value for each axis.
Equation frozen(Equation const& equation, std::vector<double> const& low, std::vector<double> const& high);

/// f / by, and the equation with both sides so divided: terms with the factor `by` lose it.
deck::Function divided(deck::Function const& f, deck::Function const& by);
Equation divided(Equation const& equation, deck::Function const& by);

/// What to divide an elliptic equation by so that its leading coefficients (of the derivatives of order `orders` along
/// each axis alone) are near constants: the factor they share, or the sum of their moduli. Nothing where they are
/// constants.
std::optional<deck::Function> leading_factor(Equation const& equation, std::vector<int> const& orders);

/// The terms as Kronecker products; `factor(axis, order)` is the matrix of the derivative along one axis. Factors of
/// terms are not looked at.
template <class Factor>
std::vector<linalg::KroneckerTerm> kronecker_terms(std::vector<Term> const& terms, Factor factor) {
  std::vector<linalg::KroneckerTerm> products;
  for (auto const& term : terms) {
    products.push_back(
        {term.coefficient, {factor(0, term.orders[0]), factor(1, term.orders[1]), factor(2, term.orders[2])}});
  }
  return products;
}

/// Terms that share one factor. Those without a factor come first.
struct TermGroup {
  std::optional<deck::Function> factor;
  std::vector<Term> terms;
};
std::vector<TermGroup> grouped(std::vector<Term> const& terms);

/// A tensor set of 9 points per axis inside a box (Gauss-like, no symmetry), for means and signs of coefficients.
std::vector<std::array<double, 3>> probes(std::vector<double> const& low, std::vector<double> const& high);

}  // namespace kroma::gp_pde
