#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "linalg/eigen_tracker.hpp"

namespace kroma::sdp_clustering {

/// Nearest w to `values` with 0 <= w <= 1 and sum w = total: w = clip(values - shift, 0, 1). Returns the shift.
/// 0 < total <= size.
double capped_simplex_shift(std::vector<double> const& values, double total);

/// Projection onto {Z psd, Z <= I, tr Z = total}, by as many eigenpairs as have a positive weight. With `centred`, on
/// the complement of 1, which is then made an eigenvector of eigenvalue 1: {Z psd, Z <= I, Z 1 = 1, tr Z = total + 1}.
class SpectralSet {
 public:
  SpectralSet(std::size_t n, double total, bool centred);

  /// a (n, n) is overwritten; z gets its projection to within `allowed` in the Frobenius norm (0: to rounding).
  void project(HostMatrix a, HostMatrix z, double allowed);

  /// To be called where the part of the next matrix that is not psd will be that of the last one times `factor`.
  void expect(double factor) { floor_ *= std::max(1.0, factor); }

  /// All that the next projections depend on, to go on bit for bit.
  void save(std::vector<double>& to) const;
  void load(double const*& from);

 private:
  static constexpr double kUnknownFloor = 1;  // any value above 0

  linalg::Eigen exact(HostMatrix a);
  linalg::Eigen pairs(HostMatrix a, double allowed);
  bool is_whole(linalg::Eigen const& eigen, double shift) const;
  void assemble(linalg::Eigen const& eigen, double shift, HostMatrix z);

  std::size_t n_;
  double total_;
  bool centred_;
  int most_, count_;
  double floor_ = kUnknownFloor;  // lowest eigenvalue of the last matrix decomposed, on the complement of 1
  linalg::EigenTracker tracker_;
};

/// J A J - shift 1 1^T / n in place, for symmetric A; returns 1^T A 1 / n. With a shift the eigenvector 1 has the
/// eigenvalue -shift.
double centre(HostMatrix a, double shift);

double norm(HostMatrix a);
/// What rounding may have added to the lowest eigenvalues of a symmetric matrix of this size and norm, together: bounds
/// are lowered by it. Errors of LAPACK's are a few units of the last place of the norm; this is thirty at n = 50.
inline double rounding_of(std::size_t n, double norm) { return 1e-15 * std::sqrt(static_cast<double>(n)) * norm; }
double dot(HostMatrix a, HostMatrix b);

/// The penalty of a two-set ADMM. It follows the ratio of the residuals; an iteration that has not converged by then
/// is annealed: the penalty is driven far up, which settles the primal iterate, and let down again slowly, in ever
/// longer rounds. Where the solution is degenerate this needs a fraction of the iterations of balanced residuals.
class Penalty {
 public:
  /// The factor to multiply the penalty with now; 1: leave it.
  double factor(int iteration, double primal, double dual) const;
};

}  // namespace kroma::sdp_clustering
