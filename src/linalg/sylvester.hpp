#pragma once

#include <complex>
#include <vector>

#include "core/space.hpp"

namespace kroma::linalg {

/// A (n, n) real = U S U^H with unitary U and upper triangular S; row-major.
struct ComplexSchur {
  int size = 0;
  std::vector<std::complex<double>> u, s;
};
/// Through LAPACK. Not collective; throws solver_failed if it does not converge.
ComplexSchur complex_schur(HostMatrix a);

/// Solves (sum_d T_d on axis d + shift) X = G for tensors of three axes, or the transposed system, where every T_d is
/// diagonal or given by its Schur form: the method of Bartels and Stewart (1972), axis inside axis. An axis whose
/// matrix is diagonal costs nothing; the others couple their rows from the last to the first. On the host; not
/// collective.
class SylvesterSum {
 public:
  /// One axis: either `diagonal`, or a Schur form of the same size.
  struct AxisForm {
    std::vector<double> diagonal;
    ComplexSchur schur;
    bool is_diagonal() const { return schur.size == 0; }
  };

  /// Sums of eigenvalues below `floor` in modulus count as that large.
  SylvesterSum(std::vector<AxisForm> axes, double shift, double floor);

  /// x (n0, n1, n2) in place.
  void solve(HostTensor x, bool transposed) const;

 private:
  using Value = std::complex<double>;
  void solve_from(std::size_t axis, Value shift, Value* block, bool transposed) const;

  std::vector<AxisForm> axes_;
  std::vector<std::vector<Value>> adjoint_;  // S^H of every axis with a Schur form
  std::vector<std::size_t> stride_;          // values in one row of an axis and all behind it
  double shift_, floor_;
};

}  // namespace kroma::linalg
