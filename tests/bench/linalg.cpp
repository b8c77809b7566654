// Rate of the core operator of gp_pde against DGEMM, in one run on one rank: both columns "flops" count a
// multiplication and an addition as two operations.
#include <array>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/runtime.hpp"
#include "linalg/dense.hpp"
#include "linalg/gemm.hpp"
#include "linalg/kronecker.hpp"
#include "support/tensors.hpp"

namespace {

using kroma::Matrix;
using kroma::Space;

void rate(benchmark::State& state, double flops) {
  state.counters["flops"] = benchmark::Counter(flops, benchmark::Counter::kIsRate, benchmark::Counter::kIs1000);
}

/// C = A B of order n: the peak that products with factors can reach.
void dgemm(benchmark::State& state) {
  int const n = static_cast<int>(state.range(0));
  auto const a = kroma::linalg::to_device(kroma::test::numbered_matrix(n, n, 1));
  Matrix const c{"c", a.extent(0), a.extent(1)};
  Space const space;
  double flops = 0;
  for (auto _ : state) {
    kroma::linalg::gemm(space, kroma::linalg::Gemm{.m = n,
                                                   .n = n,
                                                   .k = n,
                                                   .a = a.data(),
                                                   .b = a.data(),
                                                   .c = c.data(),
                                                   .lead_a = n,
                                                   .lead_b = n,
                                                   .lead_c = n});
    space.fence();
    flops += 2.0 * n * n * n;
  }
  rate(state, flops);
}

/// sum_{k<l} H_k H_l - K_k K_l on a core of r functions along each of `axes` axes.
void core_operator(benchmark::State& state) {
  auto const axes = static_cast<std::size_t>(state.range(0));
  int const r = static_cast<int>(state.range(1));
  kroma::grid::Extents n{1, 1, 1};
  std::array<Matrix, 3> h, k;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    n[axis] = r;
    h[axis] = kroma::linalg::to_device(kroma::test::numbered_matrix(r, r, 1));
    k[axis] = kroma::linalg::to_device(kroma::test::numbered_matrix(r, r, 2));
  }
  std::vector<kroma::linalg::KroneckerTerm> terms;
  for (std::size_t d = 0; d < axes; ++d) {
    for (std::size_t e = d + 1; e < axes; ++e) {
      kroma::linalg::KroneckerTerm symmetric{2.0, {}}, antisymmetric{-2.0, {}};
      symmetric.factors[d] = h[d];
      symmetric.factors[e] = h[e];
      antisymmetric.factors[d] = k[d];
      antisymmetric.factors[e] = k[e];
      terms.push_back(symmetric);
      terms.push_back(antisymmetric);
    }
  }
  kroma::linalg::KroneckerSum sum{MPI_COMM_SELF, n, n, terms};
  auto const x = kroma::test::numbered_tensor(sum.input());
  auto const y = kroma::linalg::make_tensor("y", sum.output());
  Space const space;
  for (auto _ : state) {
    sum.apply(space, x, y);
    space.fence();
  }
  rate(state, sum.flops());
}

BENCHMARK(dgemm)->Arg(128)->Arg(256)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK(core_operator)
    ->Args({2, 145})
    ->Args({2, 500})
    ->Args({3, 37})
    ->Args({3, 88})
    ->Args({3, 128})
    ->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  kroma::Runtime const runtime{{}};
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
