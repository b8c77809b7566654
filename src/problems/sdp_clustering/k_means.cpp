#include "problems/sdp_clustering/k_means.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/sdp_clustering/kernels.hpp"

namespace kroma::sdp_clustering {
namespace {

/// Factors of the scores |mu|^2 - 2 x.mu as a product with the features: (d + 1, K).
Matrix score_factors(HostMatrix mean) {
  auto const clusters = mean.extent(0), d = mean.extent(1);
  HostMatrix factors{"sdp_clustering::score_factors", d + 1, clusters};
  for (std::size_t k = 0; k < clusters; ++k) {
    for (std::size_t j = 0; j < d; ++j) {
      factors(j, k) = -2.0 * mean(k, j);
      factors(d, k) += mean(k, j) * mean(k, j);
    }
  }
  return on_device(factors);
}

Matrix workspace(int rows, int columns) {
  return Matrix{"sdp_clustering::workspace", static_cast<std::size_t>(std::min(rows, kTile)),
                static_cast<std::size_t>(columns)};
}

template <class T>
VectorOn<Space, T> part(VectorOn<Space, T> const& v, int begin, int count) {
  return VectorOn<Space, T>(v.data() + begin, static_cast<std::size_t>(count));
}

/// Sums of the features of each cluster, (K, d + 1), to means and sizes.
void set_means(HostMatrix sums, Partition& partition) {
  auto const clusters = sums.extent(0), d = sums.extent(1) - 1;
  partition.mean = HostMatrix{"sdp_clustering::mean", clusters, d};
  partition.size.assign(clusters, 0.0);
  for (std::size_t k = 0; k < clusters; ++k) {
    partition.size[k] = sums(k, d);
    if (sums(k, d) == 0) continue;
    for (std::size_t j = 0; j < d; ++j) partition.mean(k, j) = sums(k, j) / sums(k, d);
  }
}

/// Where the lowest of all ranks' values lies. Collective.
struct Place {
  double value;
  int rank;
};
Place lowest_place(MPI_Comm comm, double value) {
  Place mine{value, 0}, best{};
  MPI_Comm_rank(comm, &mine.rank);
  MPI_Allreduce(&mine, &best, 1, MPI_DOUBLE_INT, MPI_MINLOC, comm);
  return best;
}

/// One sweep of Lloyd and what it needs again in the next.
class Sweep {
 public:
  Sweep(Points const& points, int clusters)
      : points_{points},
        score_{workspace(points.local(), clusters)},
        member_{workspace(points.local(), clusters)},
        lowest_{"sdp_clustering::lowest", static_cast<std::size_t>(points.local())},
        norm_{"sdp_clustering::norm", static_cast<std::size_t>(points.local())},
        sums_{"sdp_clustering::sums", static_cast<std::size_t>(clusters), static_cast<std::size_t>(points.width())} {
    squared_norms(space_, points.features, norm_);
  }

  /// Assigns all points to the means; returns the sums of the clusters' features. Collective.
  HostMatrix assign(HostMatrix mean, Labels label, std::int64_t& changed) {
    auto const factors = score_factors(mean);
    Kokkos::deep_copy(sums_, 0.0);
    changed = 0;
    for_tiles(points_.local(), [&](int begin, int count) {
      auto const rows = tile(points_.features, begin, count);
      auto const score = tile(score_, 0, count), member = tile(member_, 0, count);
      multiply(space_, rows, factors, score);
      changed += assign_lowest(space_, score, member, part(label, begin, count), part(lowest_, begin, count));
      accumulate(space_, member, rows, sums_);
    });
    space_.fence();
    MPI_Allreduce(MPI_IN_PLACE, &changed, 1, MPI_INT64_T, MPI_SUM, points_.comm);
    return summed(points_.comm, sums_);
  }

  /// Coordinates of the point farthest from its mean. Collective.
  std::vector<double> worst_fitted() {
    Vector distance{"sdp_clustering::distance", lowest_.extent(0)};
    auto const lowest = lowest_, norm = norm_;
    Kokkos::MinLoc<double, int>::value_type far;
    Kokkos::parallel_reduce(
        "sdp_clustering::farthest", Kokkos::RangePolicy<Space>(space_, 0, points_.local()),
        KOKKOS_LAMBDA(int const i, Kokkos::MinLoc<double, int>::value_type& best) {
          double const negative = -(lowest(i) + norm(i));
          if (negative < best.val) {
            best.val = negative;
            best.loc = i;
          }
        },
        Kokkos::MinLoc<double, int>(far));
    auto const place = lowest_place(points_.comm, points_.local() > 0 ? far.val : 1e300);
    std::int64_t row = points_.offset + far.loc;
    MPI_Bcast(&row, 1, MPI_INT64_T, place.rank, points_.comm);
    if (points_.local() > 0 && points_.offset + far.loc == row) {
      auto const self = far.loc;
      Kokkos::parallel_for(
          "sdp_clustering::taken", Kokkos::RangePolicy<Space>(space_, self, self + 1),
          KOKKOS_LAMBDA(int const i) { lowest(i) = -norm(i); });  // not the worst for the next empty cluster as well
    }
    return row_of(points_, row);
  }

  /// The best single move over all ranks: its gain, and which rank's row. Collective.
  Move best(Partition const& partition, int& rank) {
    auto const factors = score_factors(partition.mean);
    Vector size{"sdp_clustering::size", partition.size.size()};
    Kokkos::deep_copy(size, VectorOn<Host, double const>(partition.size.data(), partition.size.size()));
    Move most;
    for_tiles(points_.local(), [&](int begin, int count) {
      auto const score = tile(score_, 0, count);
      multiply(space_, tile(points_.features, begin, count), factors, score);
      auto const move = best_move(space_, score, part<double const>(norm_, begin, count), size,
                                  part<int const>(partition.label, begin, count));
      if (move.gain > most.gain) most = {move.gain, move.row + begin};
    });
    auto const place = lowest_place(points_.comm, -most.gain);
    rank = place.rank;
    return {-place.value, most.row};
  }

 private:
  Space space_;
  Points const& points_;
  Matrix score_, member_;
  Vector lowest_, norm_;
  Matrix sums_;
};

/// The means of clusters without points become the points that fit worst.
void refill(Sweep& sweep, Partition& partition) {
  for (std::size_t k = 0; k < partition.size.size(); ++k) {
    if (partition.size[k] > 0) continue;
    auto const row = sweep.worst_fitted();
    for (std::size_t j = 0; j < partition.mean.extent(1); ++j) partition.mean(k, j) = row[j];
  }
}

/// Sum over ranks of |x|^2 less what the means explain, without cancellation.
double within_of(Points const& points, Partition const& partition) {
  Space const space;
  auto const mean = on_device(partition.mean);
  auto const label = partition.label;
  auto const features = points.features;
  int const d = points.dimension();
  double sum = 0;
  Kokkos::parallel_reduce(
      "sdp_clustering::within", Kokkos::RangePolicy<Space>(space, 0, points.local()),
      KOKKOS_LAMBDA(int const i, double& total) {
        for (int j = 0; j < d; ++j) {
          double const difference = features(i, j) - mean(label(i), j);
          total += difference * difference;
        }
      },
      sum);
  return sum_over_ranks(points.comm, sum);
}

Labels no_labels(Points const& points) {
  Labels label{"sdp_clustering::label", static_cast<std::size_t>(points.local())};
  Kokkos::deep_copy(label, -1);
  return label;
}

/// Moves one point, on rank `rank`, to where it gains most, and its old and new means with it. Collective.
void apply(Points const& points, Move const& move, int rank, Partition& partition) {
  int mine = 0;
  MPI_Comm_rank(points.comm, &mine);
  std::int64_t row = points.offset + move.row;
  MPI_Bcast(&row, 1, MPI_INT64_T, rank, points.comm);
  auto const x = row_of(points, row);
  auto const clusters = partition.size.size(), d = partition.mean.extent(1);
  std::vector<double> distance(clusters, 0.0);
  for (std::size_t k = 0; k < clusters; ++k) {
    for (std::size_t j = 0; j < d; ++j) distance[k] += (x[j] - partition.mean(k, j)) * (x[j] - partition.mean(k, j));
  }
  int from_to[2] = {0, 0};
  if (mine == rank) {
    auto const at = Kokkos::subview(partition.label, static_cast<std::size_t>(move.row));
    Kokkos::deep_copy(from_to[0], at);
    from_to[1] = destination(distance, partition.size, from_to[0]);
    Kokkos::deep_copy(at, from_to[1]);
  }
  MPI_Bcast(from_to, 2, MPI_INT, rank, points.comm);
  auto const from = static_cast<std::size_t>(from_to[0]), to = static_cast<std::size_t>(from_to[1]);
  for (std::size_t j = 0; j < d; ++j) {
    partition.mean(from, j) += (partition.mean(from, j) - x[j]) / (partition.size[from] - 1);
    partition.mean(to, j) += (x[j] - partition.mean(to, j)) / (partition.size[to] + 1);
  }
  --partition.size[from];
  ++partition.size[to];
}

}  // namespace

HostMatrix seed_means(Points const& points, int clusters, std::uint64_t seed) {
  Space const space;
  auto const local = static_cast<std::size_t>(points.local()), d = static_cast<std::size_t>(points.dimension());
  Vector norm{"sdp_clustering::norm", local}, nearest{"sdp_clustering::nearest", local};
  squared_norms(space, points.features, norm);
  Kokkos::deep_copy(nearest, 1.0);
  HostMatrix mean{"sdp_clustering::seeds", static_cast<std::size_t>(clusters), d};
  for (int k = 0; k < clusters; ++k) {
    int const candidates = k == 0 ? 1 : 2 + static_cast<int>(std::log(clusters));
    HostMatrix candidate{"sdp_clustering::candidates", static_cast<std::size_t>(candidates), d};
    for (int c = 0; c < candidates; ++c) {
      auto const stream = static_cast<std::uint64_t>(k) * 64 + static_cast<std::uint64_t>(c);
      auto winner = race(space, nearest, points.offset, seed, stream);
      auto const place = lowest_place(points.comm, winner.row >= 0 ? winner.time : 1e300);
      if (place.value >= 1e300) {
        throw bad_input(fmt::format("the data have only {} distinct points, fewer than {} clusters", k, clusters));
      }
      MPI_Bcast(&winner.row, 1, MPI_INT64_T, place.rank, points.comm);
      auto const x = row_of(points, winner.row);
      for (std::size_t j = 0; j < d; ++j) candidate(static_cast<std::size_t>(c), j) = x[j];
    }
    if (k == 0) Kokkos::deep_copy(nearest, 1e300);
    Matrix score{"sdp_clustering::score", local, static_cast<std::size_t>(candidates)};
    multiply(space, points.features, score_factors(candidate), score);
    lower_to_candidates(space, nearest, norm, score);
    std::vector<double> left(static_cast<std::size_t>(candidates), 0.0);
    for (int c = 0; c < candidates; ++c) {
      Kokkos::parallel_reduce(
          "sdp_clustering::left", Kokkos::RangePolicy<Space>(space, 0, points.local()),
          KOKKOS_LAMBDA(int const i, double& sum) { sum += score(i, c); }, left[static_cast<std::size_t>(c)]);
    }
    sum_over_ranks(points.comm, left.data(), left.size());
    int const best = static_cast<int>(std::min_element(left.begin(), left.end()) - left.begin());
    for (std::size_t j = 0; j < d; ++j)
      mean(static_cast<std::size_t>(k), j) = candidate(static_cast<std::size_t>(best), j);
    Kokkos::parallel_for(
        "sdp_clustering::lower", Kokkos::RangePolicy<Space>(space, 0, points.local()),
        KOKKOS_LAMBDA(int const i) { nearest(i) = score(i, best); });
  }
  return mean;
}

Partition lloyd(Points const& points, HostMatrix mean, int most_sweeps) {
  Partition partition;
  partition.label = no_labels(points);
  partition.mean = mean;
  Sweep sweep{points, mean.extent_int(0)};
  for (std::int64_t changed = 1; changed > 0 && partition.iterations < most_sweeps; ++partition.iterations) {
    set_means(sweep.assign(partition.mean, partition.label, changed), partition);
    refill(sweep, partition);
  }
  partition.within = within_of(points, partition);
  return partition;
}

Partition partition_of(Points const& points, Labels label, int clusters) {
  Space const space;
  Matrix sums{"sdp_clustering::sums", static_cast<std::size_t>(clusters), static_cast<std::size_t>(points.width())};
  auto const member = workspace(points.local(), clusters);
  for_tiles(points.local(), [&](int begin, int count) {
    indicate(space, part<int const>(label, begin, count), tile(member, 0, count));
    accumulate(space, tile(member, 0, count), tile(points.features, begin, count), sums);
  });
  space.fence();
  Partition partition;
  partition.label = label;
  set_means(summed(points.comm, sums), partition);
  partition.within = within_of(points, partition);
  return partition;
}

Partition polished(Points const& points, Partition partition) {
  constexpr int most_moves = 100;
  Sweep sweep{points, partition.clusters()};
  for (int moves = 0; moves < most_moves; ++moves) {
    int rank = 0;
    auto const move = sweep.best(partition, rank);
    if (!(move.gain > 1e-12 * partition.within)) break;
    apply(points, move, rank, partition);
    auto const sweeps = partition.iterations;
    partition = lloyd(points, partition.mean);
    partition.iterations += sweeps + 1;
  }
  return partition;
}

Partition k_means(Points const& points, int clusters, int starts, std::uint64_t seed) {
  Partition best;
  int sweeps = 0;
  for (int start = 0; start < starts; ++start) {
    auto trial = lloyd(points, seed_means(points, clusters, seed + 7919 * static_cast<std::uint64_t>(start)));
    sweeps += trial.iterations;
    if (start == 0 || trial.within < best.within) best = std::move(trial);
  }
  best.iterations = sweeps;
  return best;
}

}  // namespace kroma::sdp_clustering
