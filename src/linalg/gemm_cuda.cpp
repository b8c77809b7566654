#include <cublas_v2.h>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/gemm.hpp"

namespace kroma::linalg {
namespace {

void cublas_ok(cublasStatus_t status) {
  if (status != CUBLAS_STATUS_SUCCESS) {
    throw internal_error(fmt::format("cuBLAS: {}", cublasGetStatusString(status)));
  }
}

/// One library context for the process, as cuBLAS advises: making one costs more than a product.
cublasHandle_t context() {
  struct Context {
    cublasHandle_t handle = nullptr;
    Context() { cublas_ok(cublasCreate(&handle)); }
  };
  static Context const only;
  return only.handle;
}

template <class T, class Blas>
void multiply(Space const& space, GemmOf<T> const& p, Blas blas) {
  if (p.m == 0 || p.n == 0 || p.batch == 0) return;
  cublas_ok(cublasSetStream(context(), space.cuda_stream()));
  // Row-major C = A B is column-major C^T = B^T A^T, and BLAS reads rows as columns: swap the factors.
  auto const a = p.transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N, b = p.transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N;
  cublas_ok(blas(context(), b, a, p.n, p.m, p.k, &p.alpha, p.b, p.lead_b, p.step_b, p.a, p.lead_a, p.step_a, &p.beta,
                 p.c, p.lead_c, p.step_c, p.batch));
}

}  // namespace

void gemm(Space const& space, GemmOf<double> const& product) { multiply(space, product, cublasDgemmStridedBatched); }
void gemm(Space const& space, GemmOf<float> const& product) { multiply(space, product, cublasSgemmStridedBatched); }

}  // namespace kroma::linalg
