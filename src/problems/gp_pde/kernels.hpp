#pragma once

#include <cmath>

#include "core/space.hpp"

namespace kroma::gp_pde {

/// A diagonal d(i, j, k) = first(i) + second(j) + third(k) + shift: of the normal operator in coordinates where each
/// axis's second derivative is orthogonal, or of the operator where each axis's own is diagonal (fast diagonalisation,
/// Lynch, Rice and Thomas 1964). `first` is this rank's part.
struct Diagonal {
  ConstVector first, second, third;
  double shift = 0;
  double floor = 0;  // the root is never below that of this

  KOKKOS_INLINE_FUNCTION double operator()(int i, int j, int k) const {
    return first(i) + second(j) + third(k) + shift;
  }
  KOKKOS_INLINE_FUNCTION double root(int i, int j, int k) const {
    double const d = (*this)(i, j, k);
    return std::sqrt(d > floor ? d : floor);
  }
};

/// y = x / root of d, elementwise; (n0_local, n1, n2).
void divide_by_root(Space const& space, Diagonal const& diagonal, ConstTensor x, Tensor y);

/// y = (coupling + d x) / root of d: the rest of the scaled normal operator, given its off-diagonal part.
void finish_normal_product(Space const& space, Diagonal const& diagonal, ConstTensor coupling, ConstTensor x, Tensor y);

/// The same two in single precision between them: y = x / root of d, rounded; and, from the x that began,
/// y = (coupling + d x / root of d) / root of d, so that only the off-diagonal part is rounded.
void divide_by_root(Space const& space, Diagonal const& diagonal, ConstTensor x, TensorOf<float> y);
void finish_normal_product(Space const& space, Diagonal const& diagonal, TensorOf<float const> coupling, ConstTensor x,
                           Tensor y);

/// y = x / d, where the modulus of d counts as `floor` at least.
void divide_by(Space const& space, Diagonal const& diagonal, double floor, ConstTensor x, Tensor y);

/// y = weight x, or y += weight x, elementwise over all values.
void multiply(Space const& space, ConstTensor weight, ConstTensor x, Tensor y);
void add_product(Space const& space, ConstTensor weight, ConstTensor x, Tensor y);

/// y += factor x, elementwise over all values.
void add(Space const& space, double factor, ConstTensor x, Tensor y);
/// y = x - y, elementwise over all values.
void subtract_from(Space const& space, ConstTensor x, Tensor y);

/// x(i, j, k) *= a(i) b(j) c(k); `a` is this rank's part.
void scale_axes(Space const& space, ConstVector a, ConstVector b, ConstVector c, Tensor x);

/// Sum of squares, and the largest modulus, over this rank's values.
double sum_of_squares(Space const& space, ConstTensor x);
double largest_modulus(Space const& space, ConstTensor x);

/// power(f) = max over the other two axes of cosine^2 + sine^2, where f runs along axis `axis`.
void largest_power(Space const& space, ConstTensor cosine, ConstTensor sine, int axis, Vector power);

}  // namespace kroma::gp_pde
