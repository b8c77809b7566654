#pragma once

#include <span>
#include <vector>

#include "core/space.hpp"

namespace kroma::linalg {

/// Anderson acceleration of a fixed-point iteration s <- g(s) (Anderson 1965; "type II" in Walker and Ni 2011,
/// eq. 2.1): the next point is the combination of the last images whose combined residual g(s) - s is smallest. A point
/// whose residual is more than twice that of the one before is given up for the plain image of the latter, and the past
/// with it, so that the acceleration can only delay a convergent iteration. On one host rank; not collective.
class Anderson {
 public:
  /// `size` numbers in a point; `memory` >= 1 differences are remembered.
  Anderson(std::size_t size, int memory);

  /// point (size) is s on entry and the next point on return; image (size) is g(s).
  void advance(std::span<double> point, std::span<double const> image);

  /// To be called where g changes: nothing of the past counts.
  void forget();

  /// How often a point was given up.
  int rejected() const { return rejected_; }

  /// What is remembered, at the end of a list of numbers; and back.
  void save(std::vector<double>& to) const;
  void load(double const*& from);

 private:
  bool remember(std::span<double const> residual, std::span<double const> image);
  std::vector<double> weights() const;

  std::size_t size_, memory_, count_ = 0, next_ = 0;  // differences held; row of the next one
  HostMatrix residuals_, images_;                     // differences (memory, size)
  HostMatrix gram_;                                   // residuals_ residuals_^T
  std::vector<double> residual_, image_, product_;    // of the last point, and residuals_ times its residual
  double norm_ = 0;                                   // of the last residual
  bool has_last_ = false, extrapolated_ = false;
  int rejected_ = 0;
};

}  // namespace kroma::linalg
