#pragma once

#include "core/space.hpp"

namespace kroma::linalg {

/// One or many products C_b = alpha op(A_b) op(B_b) + beta C_b of row-major matrices, by the BLAS of the device.
///   C_b (m, n), op(A_b) (m, k), op(B_b) (k, n); lead_* is the distance between rows as stored, step_* between the
///   matrices of the batch (0: the same one for all). T is double or float.
template <class T>
struct GemmOf {
  bool transpose_a = false, transpose_b = false;
  int m = 0, n = 0, k = 0;
  T alpha = 1, beta = 0;
  T const* a = nullptr;
  T const* b = nullptr;
  T* c = nullptr;
  int lead_a = 0, lead_b = 0, lead_c = 0;
  long step_a = 0, step_b = 0, step_c = 0;
  int batch = 1;
};

using Gemm = GemmOf<double>;

/// Not collective. Returns before the work is done on a device: fence `space` before reading C on the host.
/// Empty products are allowed; k = 0 scales C by beta.
void gemm(Space const& space, GemmOf<double> const& product);
void gemm(Space const& space, GemmOf<float> const& product);

}  // namespace kroma::linalg
