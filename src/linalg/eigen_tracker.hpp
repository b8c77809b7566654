#pragma once

#include <optional>
#include <vector>

#include "linalg/dense.hpp"

namespace kroma::linalg {

/// The highest eigenpairs of a symmetric matrix that changes little from one call to the next: LAPACK once, then
/// subspace iteration from the last vectors, filtered by a Chebyshev polynomial (Zhou, Saad, Tiago and Chelikowsky
/// 2006), at the cost of a few products of the matrix with a thin block. On one host rank; not collective.
class EigenTracker {
 public:
  /// The `count` highest pairs by LAPACK, remembered with some more below them. Throws as `highest_eigen`.
  Eigen exact(HostMatrix a, int count);

  /// One filter and one Rayleigh-Ritz step from what is remembered: the `count` highest pairs, ascending, of a matrix
  /// with no eigenvalue below `floor`, roughly. Nothing where too few are remembered. Pairs between or above these can
  /// be missed; `defects` only says how well each is one.
  std::optional<Eigen> improved(HostMatrix a, int count, double floor);

  /// |A v - lambda v| of the pairs last returned.
  std::vector<double> const& defects() const { return defects_; }

  /// What is remembered, at the end of a list of numbers; and back.
  void save(std::vector<double>& to) const;
  void load(double const*& from);

 private:
  Eigen top(Eigen const& all, int count);

  HostMatrix last_;                  // (n, width)
  double lowest_ = 0, highest_ = 0;  // values of what is remembered
  std::vector<double> defects_;
};

}  // namespace kroma::linalg
