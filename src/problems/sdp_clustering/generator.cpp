#include "problems/sdp_clustering/generator.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

#include "problems/sdp_clustering/random.hpp"

namespace kroma::sdp_clustering {
namespace {

using Row = std::vector<double>;

Row mean_of(MixtureOptions const& o, int cluster, int clusters) {
  Row mean(static_cast<std::size_t>(o.dimension), 0.0);
  if (o.dimension >= clusters) {
    mean[static_cast<std::size_t>(cluster)] = o.separation / std::numbers::sqrt2;
  } else if (o.dimension == 1) {
    mean[0] = o.separation * cluster;
  } else {
    double const radius = 0.5 * o.separation / std::sin(std::numbers::pi / clusters);
    double const angle = 2 * std::numbers::pi * cluster / clusters;
    mean[0] = radius * std::cos(angle);
    mean[1] = radius * std::sin(angle);
  }
  return mean;
}

/// Orthonormal columns from random ones, by Gram and Schmidt, twice for rounding.
HostMatrix random_rotation(int d, std::uint64_t seed, std::uint64_t stream) {
  auto const n = static_cast<std::size_t>(d);
  HostMatrix q{"sdp_clustering::rotation", n, n};
  for (std::size_t i = 0; i < n * n; ++i) q(i / n, i % n) = normal(seed, stream, i);
  for (std::size_t j = 0; j < n; ++j) {
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t k = 0; k < j; ++k) {
        double dot = 0;
        for (std::size_t i = 0; i < n; ++i) dot += q(i, k) * q(i, j);
        for (std::size_t i = 0; i < n; ++i) q(i, j) -= dot * q(i, k);
      }
    }
    double norm = 0;
    for (std::size_t i = 0; i < n; ++i) norm += q(i, j) * q(i, j);
    for (std::size_t i = 0; i < n; ++i) q(i, j) /= std::sqrt(norm);
  }
  return q;
}

/// A with A A^T = covariance of a cluster.
HostMatrix root_of(MixtureOptions const& o, int cluster) {
  auto const d = static_cast<std::size_t>(o.dimension);
  HostMatrix root{"sdp_clustering::root", d, d};
  if (o.shape == Shape::shape) {
    auto const q =
        random_rotation(o.dimension, static_cast<std::uint64_t>(o.seed), 1000 + static_cast<std::uint64_t>(cluster));
    for (std::size_t j = 0; j < d; ++j) {
      double const step = d > 1 ? static_cast<double>(j) / static_cast<double>(d - 1) : 0.5;
      double const value = 0.1 * std::pow(40.0, step);
      for (std::size_t i = 0; i < d; ++i) root(i, j) = q(i, j) * std::sqrt(value);
    }
    return root;
  }
  for (std::size_t i = 0; i < d; ++i) {
    bool const along = static_cast<int>(i) == cluster % o.dimension;
    double const variance = o.shape == Shape::iso     ? 1.0
                            : o.shape == Shape::scale ? std::pow(4.0, cluster - 1)
                            : along                   ? 4.0
                                                      : 0.05;
    root(i, i) = std::sqrt(variance);
  }
  return root;
}

HostMatrix square_of(HostMatrix root) {
  HostMatrix square{"sdp_clustering::covariance", root.extent(0), root.extent(0)};
  for (std::size_t i = 0; i < root.extent(0); ++i) {
    for (std::size_t j = 0; j < root.extent(0); ++j) {
      for (std::size_t k = 0; k < root.extent(1); ++k) square(i, j) += root(i, k) * root(j, k);
    }
  }
  return square;
}

/// First point of every cluster, and the number of points: shares of `points` by weight.
std::vector<std::int64_t> bounds_of(MixtureOptions const& o, int clusters) {
  auto weights = o.weights.empty() ? std::vector<double>(static_cast<std::size_t>(clusters), 1.0) : o.weights;
  double const total = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::int64_t> bounds{0};
  double sum = 0;
  for (double const weight : weights) {
    sum += weight;
    bounds.push_back(std::llround(static_cast<double>(o.points) * sum / total));
  }
  return bounds;
}

}  // namespace

int clusters_of(MixtureOptions const& o, std::vector<int> const& clusters) {
  return o.weights.empty() ? clusters.front() : static_cast<int>(o.weights.size());
}

Table draw_mixture(MPI_Comm comm, MixtureOptions const& o, std::vector<int> const& clusters, Data& data) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  int const k = clusters_of(o, clusters);
  auto const d = static_cast<std::size_t>(o.dimension);
  std::vector<Row> means;
  std::vector<HostMatrix> roots;
  for (int c = 0; c < k; ++c) {
    means.push_back(mean_of(o, c, k));
    roots.push_back(root_of(o, c));
    data.covariances.push_back(square_of(roots.back()));
    data.label_names.push_back(fmt::format("{}", c));
  }
  auto const bounds = bounds_of(o, k);
  auto const begin = o.points * rank / ranks, end = o.points * (rank + 1) / ranks;
  Table table;
  for (std::size_t j = 0; j < d; ++j) table.names.push_back(fmt::format("x{}", j + 1));
  table.values.resize(static_cast<std::size_t>(end - begin) * d);
  Row noise(d);
  auto* value = table.values.data();
  for (auto i = begin; i < end; ++i) {
    auto const c =
        static_cast<std::size_t>(std::upper_bound(bounds.begin() + 1, bounds.end() - 1, i) - bounds.begin() - 1);
    data.truth.push_back(static_cast<int>(c));
    for (std::size_t j = 0; j < d; ++j) {
      noise[j] = normal(static_cast<std::uint64_t>(o.seed), 0, static_cast<std::uint64_t>(i) * d + j);
    }
    bool const isotropic = o.shape != Shape::shape;
    for (std::size_t j = 0; j < d; ++j) {
      double sum = means[c][j];
      for (std::size_t m = isotropic ? j : 0; m < (isotropic ? j + 1 : d); ++m) sum += roots[c](j, m) * noise[m];
      *value++ = sum;
    }
  }
  return table;
}

}  // namespace kroma::sdp_clustering
