#pragma once

#include "core/space.hpp"

namespace kroma::sdp_clustering {

/// One row of a trial: gradient from its small factors, a step against it, and what is negative cut off.
///   slope (rows, r) holds F A on entry; u, v (rows, r) are unscaled; columns (5, r) holds scale, sums o and o again
///   times scale, correction gamma
struct TrialKernel {
  ConstMatrix slope, u;
  ConstVector y;
  ConstMatrix columns;
  double penalty, step;
  Matrix v;

  KOKKOS_INLINE_FUNCTION void operator()(int const i) const {
    int const r = u.extent_int(1);
    double sum = -1.0;
    for (int j = 0; j < r; ++j) sum += u(i, j) * columns(2, j);
    double const w = y(i) + penalty * sum;
    for (int j = 0; j < r; ++j) {
      double const value = columns(0, j) * u(i, j);
      double const moved = value - step * (slope(i, j) + w * columns(1, j) - columns(3, j) * value);
      v(i, j) = moved > 0 ? moved : 0.0;
    }
  }
};

/// y += penalty (U o - 1).
inline void raise_multiplier(Space const& space, ConstMatrix u, ConstMatrix columns, double penalty, Vector y) {
  int const r = u.extent_int(1);
  Kokkos::parallel_for(
      "sdp_clustering::raise_multiplier", Kokkos::RangePolicy<Space>(space, 0, u.extent_int(0)),
      KOKKOS_LAMBDA(int const i) {
        double sum = -1.0;
        for (int j = 0; j < r; ++j) sum += u(i, j) * columns(2, j);
        y(i) += penalty * sum;
      });
}

inline void scale_vector(Space const& space, double factor, Vector y) {
  Kokkos::parallel_for(
      "sdp_clustering::scale_vector", Kokkos::RangePolicy<Space>(space, 0, y.extent_int(0)),
      KOKKOS_LAMBDA(int const i) { y(i) *= factor; });
}

inline void scale_columns(Space const& space, ConstMatrix columns, Matrix u) {
  int const r = u.extent_int(1);
  Kokkos::parallel_for(
      "sdp_clustering::scale_columns", Kokkos::RangePolicy<Space>(space, 0, u.extent_int(0)),
      KOKKOS_LAMBDA(int const i) {
        for (int j = 0; j < r; ++j) u(i, j) *= columns(0, j);
      });
}

}  // namespace kroma::sdp_clustering
