#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "linalg/dense.hpp"
#include "problems/gp_pde/collocation.hpp"
#include "support/gp_pde.hpp"
#include "support/tensors.hpp"

namespace {

using namespace kroma::gp_pde;
using kroma::Space;
using kroma::Tensor;

/// Tensors shared out over all ranks as vectors.
class Vectors {
 public:
  explicit Vectors(kroma::grid::Layout const& layout) : layout_{layout} {}

  double dot(Tensor a, Tensor b) const {
    auto const ha = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, a);
    auto const hb = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, b);
    double mine = 0, all = 0;
    for (std::size_t i = 0; i < ha.size(); ++i) mine += ha.data()[i] * hb.data()[i];
    MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, layout_.comm());
    return all;
  }
  Tensor scaled(double factor, Tensor a) const {
    auto const b = kroma::linalg::make_tensor("scaled", layout_);
    add(Space{}, factor, a, b);
    Kokkos::fence();
    return b;
  }

 private:
  kroma::grid::Layout layout_;
};

struct Interval {
  double low = 0, high = 0;
};

/// What the extreme eigenvalues of the scaled normal operator lie in: the outermost Ritz values of `steps` Lanczos
/// steps, each widened by its residual (Paige 1971), with every vector orthogonalised against all before it.
Interval extreme_eigenvalues(Collocation& system, int steps) {
  Vectors const vectors{system.core()};
  auto const start = kroma::test::numbered_tensor(system.core());
  std::vector<Tensor> basis{vectors.scaled(1 / std::sqrt(vectors.dot(start, start)), start)};
  std::vector<double> diagonal, beside;
  for (int step = 0; step < steps; ++step) {
    auto const w = kroma::linalg::make_tensor("w", system.core());
    system.apply_scaled_normal(Space{}, basis.back(), w);
    Kokkos::fence();
    diagonal.push_back(vectors.dot(w, basis.back()));
    for (int pass = 0; pass < 2; ++pass) {
      for (auto const& v : basis) add(Space{}, -vectors.dot(w, v), v, w);
    }
    beside.push_back(std::sqrt(vectors.dot(w, w)));
    if (beside.back() < 1e-10) break;  // an invariant subspace
    basis.push_back(vectors.scaled(1 / beside.back(), w));
  }
  auto const n = diagonal.size();
  kroma::HostMatrix t{"tridiagonal", n, n};
  for (std::size_t i = 0; i < n; ++i) {
    t(i, i) = diagonal[i];
    if (i + 1 < n) t(i, i + 1) = t(i + 1, i) = beside[i];
  }
  auto const ritz = kroma::linalg::symmetric_eigen(t);
  auto const residual = [&](std::size_t j) { return std::abs(beside.back() * ritz.vectors(n - 1, j)); };
  return {ritz.values.front() - residual(0), ritz.values.back() + residual(n - 1)};
}

class NormalOperatorIn : public testing::TestWithParam<int> {
 protected:
  std::size_t axes() const { return static_cast<std::size_t>(GetParam()); }
};

// Verifies: the scaled normal operator of Poisson's equation in D dimensions has its spectrum in [1, D], whatever the
// band, and reaches both ends: it is the identity in 1-D and no better than that in 2-D and 3-D.
TEST_P(NormalOperatorIn, HasItsSpectrumBetweenOneAndTheDimension) {
  double const d = static_cast<double>(axes());
  for (double const band : {4.0, 8.0}) {
    auto const bases = kroma::test::small_bases(axes(), band);
    Collocation system{MPI_COMM_WORLD, kroma::test::elliptic(std::vector<double>(axes(), 1.0)), bases};
    auto const found = extreme_eigenvalues(system, 40);
    // Gauss-Legendre nodes with n/r = 1.4: the discrete inner product keeps the bounds to a percent.
    EXPECT_GT(found.low, 0.99) << "band " << band;
    EXPECT_LT(found.low, 1.1);
    EXPECT_LT(found.high, d + 0.01) << "band " << band;
    EXPECT_GT(found.high, d - 0.1);
  }
}

// Verifies: in single precision the operator is the same to six digits, and to no more: it is applied in single.
TEST_P(NormalOperatorIn, RoundsToSinglePrecision) {
  if (axes() == 1) return;  // the identity, with nothing off its diagonal to round
  auto const bases = kroma::test::small_bases(axes());
  auto const equation = kroma::test::elliptic(std::vector<double>(axes(), 1.0), -50.0);
  Collocation full{MPI_COMM_WORLD, equation, bases};
  Collocation rounded{MPI_COMM_WORLD, equation, bases, PreconditionerKind::tau, CorePrecision::single};
  ASSERT_TRUE(rounded.has_normal_operator());
  auto const x = kroma::test::numbered_tensor(full.core());
  auto const a = kroma::linalg::make_tensor("a", full.core()), b = kroma::linalg::make_tensor("b", full.core());
  full.apply_scaled_normal(Space{}, x, a);
  rounded.apply_scaled_normal(Space{}, x, b);
  add(Space{}, -1.0, a, b);
  Kokkos::fence();
  Vectors const vectors{full.core()};
  double const difference = std::sqrt(vectors.dot(b, b) / vectors.dot(a, a));
  EXPECT_LT(difference, 1e-6);
  EXPECT_GT(difference, 1e-10);
}

INSTANTIATE_TEST_SUITE_P(Dimensions, NormalOperatorIn, testing::Values(1, 2, 3));

}  // namespace
