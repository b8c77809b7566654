#include "linalg/mode_product.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "linalg/gemm.hpp"

namespace kroma::linalg {
namespace {

template <class T>
void multiply(Space const& space, T alpha, MatrixOf<T const> a, TensorOf<T const> x, int mode, T beta, TensorOf<T> y) {
  int left = 1, right = 1;
  for (int axis = 0; axis < 3; ++axis) {
    int const extent = x.extent_int(axis);
    if (axis < mode) left *= extent;
    if (axis > mode) right *= extent;
    require(y.extent_int(axis) == (axis == mode ? a.extent_int(0) : extent), "mode product: extents of y");
  }
  int const m = a.extent_int(0), n = a.extent_int(1);
  require(x.extent_int(mode) == n, "mode product: extent of x along the mode");
  // Leading dimensions of empty matrices must still be at least 1 for BLAS.
  int const lead_a = std::max(1, n), lead_right = std::max(1, right);
  if (right == 1) {  // (left, n) A^T: one product, also for the last axis
    gemm(space, GemmOf<T>{.transpose_b = true,
                          .m = left,
                          .n = m,
                          .k = n,
                          .alpha = alpha,
                          .beta = beta,
                          .a = x.data(),
                          .b = a.data(),
                          .c = y.data(),
                          .lead_a = std::max(1, n),
                          .lead_b = lead_a,
                          .lead_c = std::max(1, m)});
    return;
  }
  gemm(space, GemmOf<T>{.m = m,
                        .n = right,
                        .k = n,
                        .alpha = alpha,
                        .beta = beta,
                        .a = a.data(),
                        .b = x.data(),
                        .c = y.data(),
                        .lead_a = lead_a,
                        .lead_b = lead_right,
                        .lead_c = lead_right,
                        .step_b = static_cast<long>(n) * right,
                        .step_c = static_cast<long>(m) * right,
                        .batch = left});
}

}  // namespace

void mode_product(Space const& space, double alpha, ConstMatrix a, ConstTensor x, int mode, double beta, Tensor y) {
  multiply<double>(space, alpha, a, x, mode, beta, y);
}

void mode_product(Space const& space, double alpha, MatrixOf<float const> a, TensorOf<float const> x, int mode,
                  double beta, TensorOf<float> y) {
  multiply<float>(space, static_cast<float>(alpha), a, x, mode, static_cast<float>(beta), y);
}

}  // namespace kroma::linalg
