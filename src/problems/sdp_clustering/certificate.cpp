#include "problems/sdp_clustering/certificate.hpp"

#include <algorithm>
#include <cmath>

#include "linalg/dense.hpp"
#include "problems/sdp_clustering/kernels.hpp"
#include "problems/sdp_clustering/mixture.hpp"
#include "problems/sdp_clustering/spectral_set.hpp"

namespace kroma::sdp_clustering {
namespace {

using Rows = Kokkos::RangePolicy<Space>;

HostMatrix zeros(std::size_t rows, std::size_t columns) {
  return HostMatrix{"sdp_clustering::certificate", rows, columns};
}

/// Replaces x_i . s_l by b(i,l) at shift 0, with s_l the sum of cluster l, y and Y the multipliers of the row sums:
///   Y_k = -|s_k|^2 / n_k,   y_i = (-2 x_i.s_k - Y_k) / n_k,   b_il = -x_i.s_l - (n_l y_i + Y_l) / 2.
void slopes(Space const& space, VectorOn<Space, int const> label, ConstVector size, ConstVector total, Matrix b) {
  int const clusters = b.extent_int(1);
  Kokkos::parallel_for(
      "sdp_clustering::slopes", Rows(space, 0, b.extent_int(0)), KOKKOS_LAMBDA(int const i) {
        int const k = label(i);
        double const y = (-2.0 * b(i, k) - total(k)) / size(k);
        for (int l = 0; l < clusters; ++l) b(i, l) = l == k ? 0.0 : -b(i, l) - 0.5 * (size(l) * y + total(l));
      });
}

/// The smallest shift with all b >= 0: b grows by (n_k + n_l) / (2 n_k) with it.
double smallest_shift(Space const& space, VectorOn<Space, int const> label, ConstVector size, ConstMatrix b) {
  int const clusters = b.extent_int(1);
  double shift = 0;
  Kokkos::parallel_reduce(
      "sdp_clustering::smallest_shift", Rows(space, 0, b.extent_int(0)),
      KOKKOS_LAMBDA(int const i, double& most) {
        int const k = label(i);
        for (int l = 0; l < clusters; ++l) {
          double const needed = -2.0 * size(k) * b(i, l) / (size(k) + size(l));
          if (l != k && needed > most) most = needed;
        }
      },
      Kokkos::Max<double>(shift));
  return shift;
}

/// features(i, d + l) = b(i,l) at a shift, clipped at 0.
void shift_slopes(Space const& space, VectorOn<Space, int const> label, ConstVector size, double shift, ConstMatrix b,
                  Matrix features, int d) {
  int const clusters = b.extent_int(1);
  Kokkos::parallel_for(
      "sdp_clustering::shift_slopes", Rows(space, 0, b.extent_int(0)), KOKKOS_LAMBDA(int const i) {
        int const k = label(i);
        for (int l = 0; l < clusters; ++l) {
          double const value = b(i, l) + shift * (size(k) + size(l)) / (2.0 * size(k));
          features(i, d + l) = l == k || value < 0 ? 0.0 : value;
        }
      });
}

/// Copies coordinates and the feature of ones into rows with space for K slopes between them.
Matrix widened(Points const& points, int clusters) {
  int const d = points.dimension(), last = d + clusters;
  auto const from = points.features;
  Matrix to{"sdp_clustering::widened", from.extent(0), static_cast<std::size_t>(last) + 1};
  Kokkos::parallel_for(
      "sdp_clustering::widened", Rows(0, points.local()), KOKKOS_LAMBDA(int const i) {
        for (int j = 0; j < d; ++j) to(i, j) = from(i, j);
        to(i, last) = 1.0;
      });
  return to;
}

/// The value of the bound from the moments of [x, b, 1] of each cluster, less |X|^2; fills T.
struct Low {
  double value;   // <C, Z> >= value for all feasible Z
  double lowest;  // lowest eigenvalue of E
};

/// Number of the column of F for the ordered pair (k, l).
std::size_t column(std::size_t d, std::size_t k, std::size_t l, std::size_t clusters) {
  return d + k * (clusters - 1) + (l < k ? l : l - 1);
}

Low low_of(Moments const& moments, std::size_t d, double n, HostMatrix total) {
  auto const clusters = moments.size(), m = d + clusters * (clusters - 1), one = d + clusters;
  for (std::size_t k = 0; k < clusters; ++k) {
    for (std::size_t l = 0; l < clusters; ++l) total(k, l) = std::max(moments[k](d + l, one), moments[l](d + k, one));
  }
  auto const factor = [&](std::size_t k, std::size_t l) {
    return total(k, l) > 0 ? 1.0 / std::sqrt(total(k, l)) : 0.0;
  };
  auto g = zeros(m, m);
  std::vector<double> sum(m, 0.0);
  for (std::size_t k = 0; k < clusters; ++k) {
    for (std::size_t i = 0; i < d; ++i) {
      sum[i] += moments[k](i, one);
      for (std::size_t j = 0; j < d; ++j) g(i, j) += moments[k](i, j);
    }
    for (std::size_t l = 0; l < clusters; ++l) {
      if (l == k) continue;
      auto const a = column(d, k, l, clusters);
      sum[a] = moments[k](d + l, one) * factor(k, l);
      for (std::size_t i = 0; i < d; ++i) g(i, a) = g(a, i) = moments[k](i, d + l) * factor(k, l);
      for (std::size_t o = 0; o < clusters; ++o) {
        if (o != k) g(a, column(d, k, o, clusters)) = moments[k](d + l, d + o) * factor(k, l) * factor(k, o);
      }
    }
  }
  double crossing = 0;
  for (std::size_t k = 0; k < clusters; ++k) {
    for (std::size_t l = 0; l < clusters; ++l) {
      if (l != k) crossing += sum[column(d, k, l, clusters)] * sum[column(d, l, k, clusters)];
    }
  }
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < m; ++j) g(i, j) -= sum[i] * sum[j] / n;
  }
  // The nonzero eigenvalues of F M F^T are those of R^T M R with G = R R^T.
  auto const eigen = linalg::symmetric_eigen(g);
  auto root = zeros(m, m), turned = zeros(m, m);
  for (std::size_t j = 0; j < m; ++j) {
    for (std::size_t i = 0; i < m; ++i) root(i, j) = eigen.vectors(i, j) * std::sqrt(std::max(eigen.values[j], 0.0));
  }
  for (std::size_t j = 0; j < m; ++j) {
    for (std::size_t i = 0; i < d; ++i) turned(i, j) = -root(i, j);
    for (std::size_t k = 0; k < clusters; ++k) {
      for (std::size_t l = 0; l < clusters; ++l) {
        if (l != k) turned(column(d, k, l, clusters), j) = -root(column(d, l, k, clusters), j);
      }
    }
  }
  auto const values = linalg::symmetric_eigen(linalg::multiply(root, turned, true)).values;
  double low = -crossing / n;
  for (std::size_t j = 0; j + 1 < clusters && j < m; ++j) low += std::min(values[j], 0.0);
  return {low, values.front()};
}

Vector device_copy(std::vector<double> const& values) {
  Vector copy{"sdp_clustering::values", values.size()};
  Kokkos::deep_copy(copy, VectorOn<Host, double const>(values.data(), values.size()));
  return copy;
}

}  // namespace

Certificate certify(Points const& points, Partition const& partition, int most_shifts) {
  Space const space;
  auto const clusters = partition.size.size(), d = static_cast<std::size_t>(points.dimension());
  auto const local = static_cast<std::size_t>(points.local());
  auto sums = zeros(d + 1, clusters);
  std::vector<double> total(clusters, 0.0);
  for (std::size_t k = 0; k < clusters; ++k) {
    for (std::size_t j = 0; j < d; ++j) {
      sums(j, k) = partition.mean(k, j) * partition.size[k];
      total[k] -= partition.mean(k, j) * sums(j, k);
    }
  }
  Matrix b{"sdp_clustering::slopes", local, clusters}, member{"sdp_clustering::member", local, clusters};
  auto const size = device_copy(partition.size);
  multiply(space, points.features, on_device(sums), b);
  slopes(space, partition.label, size, device_copy(total), b);
  indicate(space, partition.label, member);
  double first = points.local() > 0 ? smallest_shift(space, partition.label, size, b) : -1e300;
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_DOUBLE, MPI_MAX, points.comm);

  auto const wide = widened(points, static_cast<int>(clusters));
  Points const extended{points.comm, points.count, points.offset, wide};
  double const trace = [&] {
    auto const moment = gram(points);
    double sum = 0;
    for (std::size_t i = 0; i < d; ++i) sum += moment(i, i);
    return sum;
  }();
  Certificate best{-1e300, 0, b, zeros(clusters, clusters)};
  double step = 0, best_shift = first;
  for (int trial = 0; trial <= most_shifts; ++trial) {
    double const shift = first - trial * step;
    auto const t = zeros(clusters, clusters);
    shift_slopes(space, partition.label, size, shift, b, wide, static_cast<int>(d));
    auto const low = low_of(moments_of(extended, member), d, static_cast<double>(points.count), t);
    double const bound = trace + low.value - rounding_of(static_cast<std::size_t>(points.count), trace);
    if (bound > best.bound) {
      best.bound = bound;
      best.total = t;
      best_shift = shift;
    }
    if (best.proves(partition)) break;
    if (trial == 0)
      step = std::max(std::abs(first), std::abs(low.lowest) / static_cast<double>(clusters)) / std::max(most_shifts, 1);
  }
  best.shift = best_shift;
  shift_slopes(space, partition.label, size, best_shift, b, b, 0);
  space.fence();
  best.bound = std::max(best.bound, 0.0);
  return best;
}

HostMatrix multiplier_of(Certificate const& certificate, Labels label) {
  auto const b = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, certificate.slope);
  auto const k = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, label);
  auto const n = b.extent(0);
  auto p = zeros(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      double const total = certificate.total(static_cast<std::size_t>(k(i)), static_cast<std::size_t>(k(j)));
      if (k(i) != k(j) && total > 0) p(i, j) = b(i, k(j)) * b(j, k(i)) / total;
    }
  }
  return p;
}

}  // namespace kroma::sdp_clustering
