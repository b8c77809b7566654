#include "problems/sdp_clustering/kernels.hpp"

#include <cmath>

#include "problems/sdp_clustering/random.hpp"

namespace kroma::sdp_clustering {
namespace {

using Rows = Kokkos::RangePolicy<Space>;
using First = Kokkos::MinLoc<double, std::int64_t>;

/// Decrease of the within sum of squares when a row at squared distances `own`, `other` moves between clusters of these
/// sizes.
KOKKOS_INLINE_FUNCTION double gain_of_move(double own, double own_size, double other, double other_size) {
  return own_size / (own_size - 1.0) * own - other_size / (other_size + 1.0) * other;
}

}  // namespace

void squared_norms(Space const& space, ConstMatrix features, Vector distance) {
  int const d = features.extent_int(1) - 1;
  Kokkos::parallel_for(
      "sdp_clustering::squared_norms", Rows(space, 0, features.extent_int(0)), KOKKOS_LAMBDA(int const i) {
        double sum = 0;
        for (int j = 0; j < d; ++j) sum += features(i, j) * features(i, j);
        distance(i) = sum;
      });
}

std::int64_t assign_lowest(Space const& space, ConstMatrix score, Matrix member, Labels label, Vector lowest) {
  int const clusters = score.extent_int(1);
  std::int64_t changed = 0;
  Kokkos::parallel_reduce(
      "sdp_clustering::assign_lowest", Rows(space, 0, score.extent_int(0)),
      KOKKOS_LAMBDA(int const i, std::int64_t& sum) {
        int best = 0;
        for (int k = 1; k < clusters; ++k) {
          if (score(i, k) < score(i, best)) best = k;
        }
        for (int k = 0; k < clusters; ++k) member(i, k) = k == best ? 1.0 : 0.0;
        lowest(i) = score(i, best);
        if (label(i) != best) ++sum;
        label(i) = best;
      },
      changed);
  return changed;
}

void indicate(Space const& space, VectorOn<Space, int const> label, Matrix member) {
  int const clusters = member.extent_int(1);
  Kokkos::parallel_for(
      "sdp_clustering::indicate", Rows(space, 0, member.extent_int(0)), KOKKOS_LAMBDA(int const i) {
        for (int k = 0; k < clusters; ++k) member(i, k) = label(i) == k ? 1.0 : 0.0;
      });
}

void lower_to_candidates(Space const& space, ConstVector nearest, ConstVector norm, Matrix score) {
  int const candidates = score.extent_int(1);
  Kokkos::parallel_for(
      "sdp_clustering::lower_to_candidates", Rows(space, 0, score.extent_int(0)), KOKKOS_LAMBDA(int const i) {
        for (int c = 0; c < candidates; ++c) {
          double distance = score(i, c) + norm(i);
          if (distance < 1e-14 * norm(i)) distance = 0;  // the same point, but for rounding
          score(i, c) = distance < nearest(i) ? distance : nearest(i);
        }
      });
}

Winner race(Space const& space, ConstVector weight, std::int64_t offset, std::uint64_t seed, std::uint64_t stream) {
  First::value_type first;
  Kokkos::parallel_reduce(
      "sdp_clustering::race", Rows(space, 0, weight.extent_int(0)),
      KOKKOS_LAMBDA(int const i, First::value_type& best) {
        if (!(weight(i) > 0)) return;
        auto const row = offset + i;
        double const time = -std::log(uniform(seed, stream, static_cast<std::uint64_t>(row))) / weight(i);
        if (time < best.val) {
          best.val = time;
          best.loc = row;
        }
      },
      First(first));
  bool const any = first.val < Kokkos::reduction_identity<double>::min();
  return {first.val, any ? first.loc : -1};
}

void scale_rows(Space const& space, ConstMatrix from, ConstMatrix factor, int column, Matrix to) {
  int const n = from.extent_int(1);
  Kokkos::parallel_for(
      "sdp_clustering::scale_rows", Rows(space, 0, from.extent_int(0)), KOKKOS_LAMBDA(int const i) {
        double const f = factor(i, column);
        for (int j = 0; j < n; ++j) to(i, j) = f * from(i, j);
      });
}

void log_density(Space const& space, ConstMatrix residual, double constant, Matrix score, int column) {
  int const n = residual.extent_int(1);
  Kokkos::parallel_for(
      "sdp_clustering::log_density", Rows(space, 0, residual.extent_int(0)), KOKKOS_LAMBDA(int const i) {
        double sum = 0;
        for (int j = 0; j < n; ++j) sum += residual(i, j) * residual(i, j);
        score(i, column) = constant - 0.5 * sum;
      });
}

double responsibilities(Space const& space, Matrix score) {
  int const clusters = score.extent_int(1);
  double total = 0;
  Kokkos::parallel_reduce(
      "sdp_clustering::responsibilities", Rows(space, 0, score.extent_int(0)),
      KOKKOS_LAMBDA(int const i, double& sum) {
        double most = score(i, 0);
        for (int k = 1; k < clusters; ++k) most = score(i, k) > most ? score(i, k) : most;
        double all = 0;
        for (int k = 0; k < clusters; ++k) {
          score(i, k) = std::exp(score(i, k) - most);
          all += score(i, k);
        }
        for (int k = 0; k < clusters; ++k) score(i, k) /= all;
        sum += most + std::log(all);
      },
      total);
  return total;
}

double classify(Space const& space, Matrix score, Labels label, std::int64_t& changed) {
  int const clusters = score.extent_int(1);
  double total = 0;
  std::int64_t moved = 0;
  Kokkos::parallel_reduce(
      "sdp_clustering::classify", Rows(space, 0, score.extent_int(0)),
      KOKKOS_LAMBDA(int const i, double& sum, std::int64_t& count) {
        int best = 0;
        for (int k = 1; k < clusters; ++k) {
          if (score(i, k) > score(i, best)) best = k;
        }
        sum += score(i, best);
        for (int k = 0; k < clusters; ++k) score(i, k) = k == best ? 1.0 : 0.0;
        if (label(i) != best) ++count;
        label(i) = best;
      },
      total, moved);
  changed += moved;
  return total;
}

Move best_move(Space const& space, ConstMatrix score, ConstVector norm, ConstVector size,
               VectorOn<Space, int const> label) {
  int const clusters = score.extent_int(1);
  First::value_type first;
  Kokkos::parallel_reduce(
      "sdp_clustering::best_move", Rows(space, 0, score.extent_int(0)),
      KOKKOS_LAMBDA(int const i, First::value_type& best) {
        int const own = label(i);
        if (size(own) < 2) return;
        for (int k = 0; k < clusters; ++k) {
          if (k == own) continue;
          double const gain = gain_of_move(score(i, own) + norm(i), size(own), score(i, k) + norm(i), size(k));
          if (-gain < best.val) {
            best.val = -gain;
            best.loc = i;
          }
        }
      },
      First(first));
  bool const any = first.val < 0;
  return {any ? -first.val : 0.0, any ? first.loc : -1};
}

int destination(std::vector<double> const& distance, std::vector<double> const& size, int from) {
  int best = -1;
  double most = 0;
  for (int k = 0; k < static_cast<int>(size.size()); ++k) {
    if (k == from) continue;
    auto const own = static_cast<std::size_t>(from), other = static_cast<std::size_t>(k);
    double const gain = gain_of_move(distance[own], size[own], distance[other], size[other]);
    if (best < 0 || gain > most) {
      best = k;
      most = gain;
    }
  }
  return best;
}

}  // namespace kroma::sdp_clustering
