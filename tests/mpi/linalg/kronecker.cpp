#include "linalg/kronecker.hpp"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "linalg/dense.hpp"
#include "support/process_grids.hpp"
#include "support/tensors.hpp"

namespace {

using kroma::Matrix;
using kroma::Space;
using kroma::grid::Extents;
using kroma::linalg::KroneckerSum;
using kroma::linalg::KroneckerTerm;
using kroma::test::numbered_matrix;

kroma::HostMatrix const kOne;  // no data: the identity
Matrix const kIdentity;

/// A term as numbers: each factor a host matrix, an empty one the identity.
struct Reference {
  double coefficient;
  std::array<kroma::HostMatrix, 3> factors;
};

double entry(kroma::HostMatrix const& a, int i, int j) { return a.data() == nullptr ? (i == j) : a(i, j); }

/// The value at (i, j, k) of the sum applied to the numbered tensor, straight from the definition.
double expected(std::vector<Reference> const& terms, Extents n, int i, int j, int k) {
  double sum = 0;
  for (auto const& term : terms) {
    for (int a = 0; a < n[0]; ++a) {
      for (int b = 0; b < n[1]; ++b) {
        for (int c = 0; c < n[2]; ++c) {
          sum += term.coefficient * entry(term.factors[0], i, a) * entry(term.factors[1], j, b) *
                 entry(term.factors[2], k, c) * kroma::test::value_at(a, b, c);
        }
      }
    }
  }
  return sum;
}

void expect_definition_on(MPI_Comm comm, Extents in, Extents out, std::vector<Reference> const& reference,
                          std::vector<KroneckerTerm> const& terms) {
  KroneckerSum sum{comm, in, out, terms};
  auto const x = kroma::test::numbered_tensor(sum.input());
  auto const y = kroma::linalg::make_tensor("y", sum.output());
  for (int repeat = 0; repeat < 2; ++repeat) sum.apply(Space{}, x, y);  // the workspace must not leak into the next
  Kokkos::fence();
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, y);
  auto const local = sum.output().local();
  for (int i = 0; i < local[0]; ++i) {
    for (int j = 0; j < local[1]; ++j) {
      for (int k = 0; k < local[2]; ++k) {
        // up to 150 products of numbers of order 1 per term
        EXPECT_NEAR(host(i, j, k), expected(reference, in, sum.output().begin(0) + i, sum.output().begin(1) + j, k),
                    1e-11);
      }
    }
  }
}

/// On every process grid that the ranks form.
void expect_definition(Extents in, Extents out, std::vector<Reference> const& reference,
                       std::vector<KroneckerTerm> const& terms) {
  for (auto const& sides : kroma::test::process_grids(MPI_COMM_WORLD)) {
    kroma::grid::ArrangedRanks const ranks{MPI_COMM_WORLD, sides};
    SCOPED_TRACE(testing::Message() << sides[0] << " x " << sides[1] << " ranks");
    expect_definition_on(ranks.comm(), in, out, reference, terms);
  }
}

// Verifies: a Laplacian-like sum with factors shared between terms, to another grid size; prime extents; any ranks.
TEST(KroneckerSum, SharedFactorsToAnotherGrid) {
  Extents const in{5, 3, 4}, out{7, 4, 6};
  std::array<kroma::HostMatrix, 3> q, e;
  std::array<Matrix, 3> dq, de;
  for (int axis = 0; axis < 3; ++axis) {
    q[axis] = numbered_matrix(out[axis], in[axis], axis);
    e[axis] = numbered_matrix(out[axis], in[axis], axis + 10);
    dq[axis] = kroma::linalg::to_device(q[axis]);
    de[axis] = kroma::linalg::to_device(e[axis]);
  }
  expect_definition(
      in, out,
      {{1.5, {e[0], q[1], q[2]}}, {-2.0, {q[0], e[1], q[2]}}, {1.0, {q[0], q[1], e[2]}}, {0.5, {q[0], q[1], q[2]}}},
      {{1.5, {de[0], dq[1], dq[2]}},
       {-2.0, {dq[0], de[1], dq[2]}},
       {1.0, {dq[0], dq[1], de[2]}},
       {0.5, {dq[0], dq[1], dq[2]}}});
}

// Verifies: the form of the core operator, pairs of factors with identities on the third axis.
TEST(KroneckerSum, PairsWithIdentities) {
  Extents const n{5, 4, 3};
  std::array<kroma::HostMatrix, 3> h;
  std::array<Matrix, 3> d;
  for (int axis = 0; axis < 3; ++axis) {
    h[axis] = numbered_matrix(n[axis], n[axis], axis);
    d[axis] = kroma::linalg::to_device(h[axis]);
  }
  expect_definition(
      n, n,
      {{2.0, {h[0], h[1], kOne}}, {2.0, {h[0], kOne, h[2]}}, {2.0, {kOne, h[1], h[2]}}, {0.7, {kOne, kOne, kOne}}},
      {{2.0, {d[0], d[1], kIdentity}},
       {2.0, {d[0], kIdentity, d[2]}},
       {2.0, {kIdentity, d[1], d[2]}},
       {0.7, {kIdentity, kIdentity, kIdentity}}});
}

// Verifies: one and two axes are the same code with extents of 1; more ranks than rows is allowed.
TEST(KroneckerSum, FewerAxes) {
  auto const a = numbered_matrix(6, 2, 1), b = numbered_matrix(3, 5, 2);
  expect_definition({2, 1, 1}, {6, 1, 1}, {{1.0, {a, kOne, kOne}}},
                    {{1.0, {kroma::linalg::to_device(a), kIdentity, kIdentity}}});
  expect_definition({2, 5, 1}, {6, 3, 1}, {{1.0, {a, b, kOne}}},
                    {{1.0, {kroma::linalg::to_device(a), kroma::linalg::to_device(b), kIdentity}}});
}

// Verifies: the messages that a plan foresees, without any rank, are those that are counted; in pencils seven arrays
// go.
TEST(KroneckerSum, MessagesAreThosePlanned) {
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  int const n = 2 * size;  // divides by every side, so that the plan is exact
  std::array<Matrix, 3> h, k;
  for (int axis = 0; axis < 3; ++axis) {
    h[axis] = kroma::linalg::to_device(numbered_matrix(n, n, axis));
    k[axis] = kroma::linalg::to_device(numbered_matrix(n, n, axis + 5));
  }
  std::vector<KroneckerTerm> const terms{{1.0, {h[0], h[1], kIdentity}}, {-1.0, {k[0], k[1], kIdentity}},
                                         {1.0, {h[0], kIdentity, h[2]}}, {-1.0, {k[0], kIdentity, k[2]}},
                                         {1.0, {kIdentity, h[1], h[2]}}, {-1.0, {kIdentity, k[1], k[2]}}};
  for (auto const& sides : kroma::test::process_grids(MPI_COMM_WORLD)) {
    kroma::grid::ArrangedRanks const ranks{MPI_COMM_WORLD, sides};
    KroneckerSum sum{ranks.comm(), {n, n, n}, {n, n, n}, terms};
    sum.apply(Space{}, kroma::test::numbered_tensor(sum.input()), kroma::linalg::make_tensor("y", sum.output()));
    kroma::grid::ProcessGrid const planned{sides, {0, 0}};
    auto const traffic = kroma::linalg::KroneckerPlan<double>{{planned, {n, n, n}}, {n, n, n}, terms}.traffic();
    auto const counted = sum.work().turns;
    EXPECT_EQ(counted.exchanges, traffic.exchanges);
    EXPECT_EQ(counted.messages, traffic.messages);
    EXPECT_EQ(counted.bytes, traffic.bytes);
    if (sides[0] > 1 && sides[1] > 1) {
      EXPECT_EQ(traffic.exchanges, 7);
    }
  }
}

}  // namespace
