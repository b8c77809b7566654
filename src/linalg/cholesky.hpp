#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/space.hpp"

namespace kroma::linalg {

/// A = L L^T of a symmetric positive definite matrix on one host rank, through LAPACK; only the lower triangle of A is
/// read. Not collective.
class Cholesky {
 public:
  /// Throws solver_failed if A is not positive definite.
  explicit Cholesky(HostMatrix a);
  /// The same; nothing if A is not positive definite.
  static std::optional<Cholesky> of(HostMatrix a);

  int size() const { return factor_.extent_int(0); }
  /// A^-1 b, b (n).
  std::vector<double> solve(std::vector<double> b) const;
  /// A^-1 (n, n), symmetric.
  HostMatrix inverse() const;
  /// R (n, n) with R R^T = A^-1: the inverse of L^T.
  HostMatrix inverse_root() const;
  /// ln det A.
  double log_determinant() const;

 private:
  struct Factored {
    HostMatrix l;
  };
  explicit Cholesky(Factored f) : factor_{f.l} {}
  HostMatrix factor_;
};

}  // namespace kroma::linalg
