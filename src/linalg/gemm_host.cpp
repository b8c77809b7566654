#include "core/error.hpp"
#include "linalg/gemm.hpp"

extern "C" {
void dgemm_(char const* trans_a, char const* trans_b, int const* m, int const* n, int const* k, double const* alpha,
            double const* a, int const* lda, double const* b, int const* ldb, double const* beta, double* c,
            int const* ldc);
void sgemm_(char const* trans_a, char const* trans_b, int const* m, int const* n, int const* k, float const* alpha,
            float const* a, int const* lda, float const* b, int const* ldb, float const* beta, float* c,
            int const* ldc);
}

namespace kroma::linalg {
namespace {

template <class T, class Blas>
void multiply(Space const& space, GemmOf<T> const& p, Blas blas) {
  space.fence();  // BLAS does not know of the space's queue
  if (p.m == 0 || p.n == 0) return;
  // Row-major C = A B is column-major C^T = B^T A^T, and BLAS reads rows as columns: swap the factors.
  char const a = p.transpose_a ? 'T' : 'N', b = p.transpose_b ? 'T' : 'N';
  for (int i = 0; i < p.batch; ++i) {
    blas(&b, &a, &p.n, &p.m, &p.k, &p.alpha, p.b + i * p.step_b, &p.lead_b, p.a + i * p.step_a, &p.lead_a, &p.beta,
         p.c + i * p.step_c, &p.lead_c);
  }
}

}  // namespace

void gemm(Space const& space, GemmOf<double> const& product) { multiply(space, product, dgemm_); }
void gemm(Space const& space, GemmOf<float> const& product) { multiply(space, product, sgemm_); }

}  // namespace kroma::linalg
