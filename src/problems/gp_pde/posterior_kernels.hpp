#pragma once

#include "core/space.hpp"

namespace kroma::gp_pde {

/// x *= factors, elementwise.
void multiply_by(Space const& space, ConstTensor factors, Tensor x);
/// x *= factor.
void scale(Space const& space, double factor, Tensor x);
/// sum += factor x^2, elementwise.
void add_square(Space const& space, double factor, ConstTensor x, Tensor sum);

}  // namespace kroma::gp_pde
