#pragma once

#include "core/space.hpp"

namespace kroma::linalg {

/// Y = alpha A X + beta Y along one axis of a row-major tensor: the mode product (Kolda and Bader 2009, section 2.5),
/// as one GEMM or a batch of them.
///   a  (m, n) acts on axis `mode`; x has extent n there, y extent m; the other extents agree
/// Throws internal_error if shapes disagree. Not collective. Returns before the work is done on a device.
void mode_product(Space const& space, double alpha, ConstMatrix a, ConstTensor x, int mode, double beta, Tensor y);
void mode_product(Space const& space, double alpha, MatrixOf<float const> a, TensorOf<float const> x, int mode,
                  double beta, TensorOf<float> y);

}  // namespace kroma::linalg
