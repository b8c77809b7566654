#include "linalg/mode_product.hpp"

#include <array>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "support/tensors.hpp"

namespace {

using kroma::HostTensor;
using kroma::Space;
using kroma::Tensor;

Tensor tensor(std::array<int, 3> n) { return kroma::test::numbered_tensor(kroma::grid::Layout{MPI_COMM_SELF, n}); }

// Verifies: the GEMM form equals the sum over one index, for each axis, and adds alpha and beta as it says. Extents of
// 1 take the branch without a batch.
TEST(ModeProduct, EqualsTheSumOverOneIndex) {
  for (auto const n : {std::array{4, 3, 5}, std::array{6, 7, 1}, std::array{5, 1, 1}, std::array{1, 4, 2}}) {
    for (int mode = 0; mode < 3; ++mode) {
      int const m = 3;
      auto const a = kroma::test::numbered_matrix(m, n[mode], 2);
      auto out = n;
      out[mode] = m;
      auto const x = tensor(n), y = tensor(out);
      kroma::linalg::mode_product(Space{}, 2.0, kroma::linalg::to_device(a), x, mode, -1.0, y);
      Kokkos::fence();
      auto const hx = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, x);
      auto const hy = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, y);
      for (int i = 0; i < out[0]; ++i) {
        for (int j = 0; j < out[1]; ++j) {
          for (int k = 0; k < out[2]; ++k) {
            double sum = 0;
            for (int l = 0; l < n[mode]; ++l) {
              sum += a(std::array{i, j, k}[mode], l) * hx(mode == 0 ? l : i, mode == 1 ? l : j, mode == 2 ? l : k);
            }
            // 10 products of numbers of order 1: rounding stays below 1e-14
            EXPECT_NEAR(hy(i, j, k), 2.0 * sum - kroma::test::value_at(i, j, k), 1e-13);
          }
        }
      }
    }
  }
}

// Verifies: shapes that disagree are a bug that is named, not memory that is overrun.
TEST(ModeProduct, RefusesOtherShapes) {
  auto const a = kroma::linalg::to_device(kroma::test::numbered_matrix(2, 3, 1));
  EXPECT_THROW(kroma::linalg::mode_product(Space{}, 1.0, a, tensor({4, 4, 4}), 1, 0.0, tensor({4, 2, 4})),
               kroma::Error);
  EXPECT_THROW(kroma::linalg::mode_product(Space{}, 1.0, a, tensor({4, 3, 4}), 1, 0.0, tensor({4, 3, 4})),
               kroma::Error);
}

}  // namespace
