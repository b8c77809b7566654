#pragma once

#include <complex>
#include <vector>

namespace kroma::chromatography {

/// Nodes, weights and derivatives of the polynomial bases, made in extended precision so that rounding in the tables
/// stays below that of the arithmetic that uses them. Matrices are row-major and square.
using Real = long double;
using Table = std::vector<Real>;

/// Gauss-Radau nodes on [0, 1], rising, for the weight x^power with the right end fixed: the zeros of the Jacobi
/// polynomial (1, power) mapped to [0, 1], and 1. Those of Radau IIA for power 0. Throws internal_error if count < 1.
Table radau_nodes(int count, Real power);

/// Legendre-Gauss-Lobatto nodes on [-1, 1], rising, count >= 2.
Table lobatto_nodes(int count);

/// Weights for which sum_j w_j f(x_j) is the integral over [0, 1] of f(x) x^power for polynomials f of degree below
/// the number of nodes. Solved in the Jacobi polynomials (0, power) on [0, 1], which keep the system well conditioned.
Table quadrature_weights(Table const& nodes, Real power);

/// D with (D f)_i = p'(x_i), p the polynomial through (x_j, f_j): barycentric (Berrut and Trefethen 2004).
Table differentiation_matrix(Table const& nodes);

/// Lagrange's polynomials of the nodes at x.
Table lagrange(Table const& nodes, Real x);

/// x with a x = b, by elimination with row pivoting; T is Real or std::complex<Real>.
template <class T>
std::vector<T> solve_dense(std::vector<T> a, std::vector<T> b);

}  // namespace kroma::chromatography
