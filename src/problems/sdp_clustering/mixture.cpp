#include "problems/sdp_clustering/mixture.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "problems/sdp_clustering/kernels.hpp"

namespace kroma::sdp_clustering {
namespace {

HostMatrix square(std::size_t d) { return HostMatrix{"sdp_clustering::covariance", d, d}; }

/// Moments about the own mean, not yet divided by the size.
HostMatrix scatter_of(HostMatrix moment) {
  auto const d = moment.extent(0) - 1;
  auto scatter = square(d);
  double const size = moment(d, d);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) scatter(i, j) = moment(i, j) - moment(i, d) * moment(j, d) / size;
  }
  return scatter;
}

double mean_variance(HostMatrix covariance) {
  double trace = 0;
  for (std::size_t i = 0; i < covariance.extent(0); ++i) trace += covariance(i, i);
  return trace / static_cast<double>(covariance.extent(0));
}

HostMatrix scaled_identity(std::size_t d, double value) {
  auto matrix = square(d);
  for (std::size_t i = 0; i < d; ++i) matrix(i, i) = value;
  return matrix;
}

/// Whether any eigenvalue had to be raised to the floor.
bool raise_to(double floor, HostMatrix covariance) {
  auto const d = covariance.extent(0);
  auto const eigen = linalg::symmetric_eigen(covariance);
  if (eigen.values.front() >= floor) return false;
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) {
      covariance(i, j) = 0;
      for (std::size_t k = 0; k < d; ++k) {
        covariance(i, j) += eigen.vectors(i, k) * std::max(eigen.values[k], floor) * eigen.vectors(j, k);
      }
    }
  }
  return true;
}

/// The maximum-likelihood covariance of a kind, from the sample's.
HostMatrix of_kind(Kind kind, HostMatrix sample) {
  auto const d = sample.extent(0);
  if (kind == Kind::full || kind == Kind::common) return sample;
  if (kind != Kind::diagonal) return scaled_identity(d, mean_variance(sample));
  auto diagonal = square(d);
  for (std::size_t i = 0; i < d; ++i) diagonal(i, i) = sample(i, i);
  return diagonal;
}

void divide(HostMatrix matrix, double by) {
  for (std::size_t i = 0; i < matrix.size(); ++i) matrix.data()[i] /= by;
}

/// Factors (d + 1, d) of x -> W^T (x - mean), as a product with the features.
Matrix residual_factors(HostMatrix whitener, HostMatrix mean, std::size_t k) {
  auto const d = whitener.extent(0);
  HostMatrix factors{"sdp_clustering::residual_factors", d + 1, d};
  for (std::size_t j = 0; j < d; ++j) {
    for (std::size_t i = 0; i < d; ++i) {
      factors(i, j) = whitener(i, j);
      factors(d, j) -= mean(k, i) * whitener(i, j);
    }
  }
  return on_device(factors);
}

/// Log densities of all points under all components, tile by tile, and moments with what `work` makes of them.
class Expectation {
 public:
  Expectation(Points const& points, Mixture const& mixture) : points_{points} {
    auto const clusters = static_cast<std::size_t>(mixture.clusters());
    auto const p = static_cast<std::size_t>(points.width());
    auto const rows = static_cast<std::size_t>(std::min(points.local(), kTile));
    double const constant = 0.5 * points.dimension() * std::log(2 * std::numbers::pi);
    for (std::size_t k = 0; k < clusters; ++k) {
      auto const white = whitening(mixture.covariance[k], static_cast<int>(k));
      factors_.push_back(residual_factors(white.factor, mixture.mean, k));
      offsets_.push_back(std::log(mixture.weight[k]) - 0.5 * white.log_determinant - constant);
      moments_.emplace_back("sdp_clustering::moment", p, p);
    }
    score_ = Matrix{"sdp_clustering::score", rows, clusters};
    residual_ = Matrix{"sdp_clustering::residual", rows, p - 1};
    weighted_ = Matrix{"sdp_clustering::weighted", rows, p};
  }

  /// work(score, begin, count) turns log densities into memberships. Returns the moments. Collective.
  template <class Work>
  Moments sweep(Work&& work) {
    for_tiles(points_.local(), [&](int begin, int count) {
      auto const rows = tile(points_.features, begin, count);
      auto const score = tile(score_, 0, count), residual = tile(residual_, 0, count);
      auto const weighted = tile(weighted_, 0, count);
      for (std::size_t k = 0; k < factors_.size(); ++k) {
        multiply(space_, rows, factors_[k], residual);
        log_density(space_, residual, offsets_[k], score, static_cast<int>(k));
      }
      work(score, begin, count);
      for (std::size_t k = 0; k < factors_.size(); ++k) {
        scale_rows(space_, rows, score, static_cast<int>(k), weighted);
        accumulate(space_, weighted, rows, moments_[k]);
      }
    });
    space_.fence();
    Moments all;
    for (auto const& moment : moments_) all.push_back(summed(points_.comm, moment));
    return all;
  }

 private:
  Space space_;
  Points const& points_;
  std::vector<Matrix> factors_, moments_;
  std::vector<double> offsets_;
  Matrix score_, residual_, weighted_;
};

Labels part(Labels label, int begin, int count) {
  return Labels(label.data() + begin, static_cast<std::size_t>(count));
}

bool has_empty(Moments const& moments) {
  for (auto const& moment : moments) {
    auto const d = moment.extent(0) - 1;
    if (!(moment(d, d) > 1e-8)) return true;
  }
  return false;
}

Labels copy_of(Labels label) {
  Labels copy{"sdp_clustering::label", label.extent(0)};
  Kokkos::deep_copy(copy, label);
  return copy;
}

Moments moments_of_labels(Points const& points, Labels label, int clusters) {
  Matrix member{"sdp_clustering::member", static_cast<std::size_t>(points.local()), static_cast<std::size_t>(clusters)};
  indicate(Space{}, label, member);
  return moments_of(points, member);
}

}  // namespace

Moments moments_of(Points const& points, Matrix member) {
  Space const space;
  auto const p = static_cast<std::size_t>(points.width());
  Matrix weighted{"sdp_clustering::weighted", static_cast<std::size_t>(std::min(points.local(), kTile)), p};
  std::vector<Matrix> sums;
  for (int k = 0; k < member.extent_int(1); ++k) sums.emplace_back("sdp_clustering::moment", p, p);
  for_tiles(points.local(), [&](int begin, int count) {
    auto const rows = tile(points.features, begin, count);
    for (std::size_t k = 0; k < sums.size(); ++k) {
      scale_rows(space, rows, tile(member, begin, count), static_cast<int>(k), tile(weighted, 0, count));
      accumulate(space, tile(weighted, 0, count), rows, sums[k]);
    }
  });
  space.fence();
  Moments all;
  for (auto const& sum : sums) all.push_back(summed(points.comm, sum));
  return all;
}

Mixture mixture_of(Moments const& moments, Estimation const& estimation) {
  auto const d = moments.front().extent(0) - 1;
  Mixture mixture;
  mixture.kind = estimation.kind;
  mixture.mean = HostMatrix{"sdp_clustering::mean", moments.size(), d};
  bool const common = estimation.kind == Kind::common || estimation.kind == Kind::common_isotropic;
  auto pooled = square(d);
  double total = 0;
  for (auto const& moment : moments) total += moment(d, d);
  for (std::size_t k = 0; k < moments.size(); ++k) {
    double const size = moments[k](d, d);
    if (!(size > 0))
      throw solver_failed(fmt::format("cluster {} has lost all its points", k), "Ask for fewer clusters.");
    mixture.weight.push_back(estimation.weights ? size / total : 1.0 / static_cast<double>(moments.size()));
    for (std::size_t j = 0; j < d; ++j) mixture.mean(k, j) = moments[k](j, d) / size;
    auto const scatter = scatter_of(moments[k]);
    for (std::size_t i = 0; i < pooled.size(); ++i) pooled.data()[i] += scatter.data()[i] / total;
    divide(scatter, size);
    mixture.covariance.push_back(of_kind(estimation.kind, scatter));
  }
  if (!estimation.known.empty()) {
    mixture.covariance = estimation.known;
    return mixture;
  }
  if (common) {
    auto const one = of_kind(estimation.kind, pooled);
    mixture.floored = raise_to(estimation.floor, one) ? 1 : 0;
    mixture.covariance.assign(moments.size(), one);
    return mixture;
  }
  for (auto const& covariance : mixture.covariance) mixture.floored += raise_to(estimation.floor, covariance) ? 1 : 0;
  return mixture;
}

Fit expectation_maximisation(Points const& points, Labels start, int clusters, Estimation const& estimation, bool hard,
                             double tolerance, int most) {
  Fit fit;
  fit.label = copy_of(start);
  fit.mixture = mixture_of(moments_of_labels(points, start, clusters), estimation);
  auto const label = fit.label;
  for (double before = -std::numeric_limits<double>::infinity(); fit.iterations < most; before = fit.log_likelihood) {
    std::int64_t changed = 0;
    double sum = 0;
    auto const moments = Expectation{points, fit.mixture}.sweep([&](Matrix score, int begin, int count) {
      Space const space;
      if (hard) {
        sum += classify(space, score, part(label, begin, count), changed);
      } else {
        sum += responsibilities(space, score);
      }
    });
    fit.log_likelihood = sum_over_ranks(points.comm, sum);
    MPI_Allreduce(MPI_IN_PLACE, &changed, 1, MPI_INT64_T, MPI_SUM, points.comm);
    ++fit.iterations;
    if (!std::isfinite(fit.log_likelihood)) {
      throw solver_failed("EM: the likelihood is not finite", "Raise covariance.floor.");
    }
    if (has_empty(moments)) break;
    bool const done = hard ? changed == 0 : fit.log_likelihood - before < tolerance * static_cast<double>(points.count);
    if (done) break;
    fit.mixture = mixture_of(moments, estimation);
  }
  if (hard) return fit;
  std::int64_t ignored = 0;
  Expectation{points, fit.mixture}.sweep(
      [&](Matrix score, int begin, int count) { classify(Space{}, score, part(label, begin, count), ignored); });
  return fit;
}

double labelled_log_likelihood(Points const& points, Labels label, int clusters, Estimation const& estimation,
                               Mixture& mixture) {
  auto const moments = moments_of_labels(points, label, clusters);
  if (has_empty(moments)) return -std::numeric_limits<double>::infinity();
  mixture = mixture_of(moments, estimation);
  auto const d = static_cast<std::size_t>(points.dimension());
  double sum = 0;
  for (std::size_t k = 0; k < moments.size(); ++k) {
    auto const white = whitening(mixture.covariance[k], static_cast<int>(k));
    auto const scatter = scatter_of(moments[k]);
    auto const turned = linalg::multiply(linalg::multiply(white.factor, scatter, true), white.factor);
    double trace = 0;
    for (std::size_t i = 0; i < d; ++i) trace += turned(i, i);
    double const size = moments[k](d, d);
    sum += size * (std::log(mixture.weight[k]) - 0.5 * white.log_determinant) - 0.5 * trace;
  }
  return sum - 0.5 * static_cast<double>(points.count * points.dimension()) * std::log(2 * std::numbers::pi);
}

int parameters(Kind kind, int clusters, int d, bool weights) {
  int const matrix = d * (d + 1) / 2;
  int const covariances = kind == Kind::common_isotropic ? 1
                          : kind == Kind::common         ? matrix
                          : kind == Kind::spherical      ? clusters
                          : kind == Kind::diagonal       ? clusters * d
                                                         : clusters * matrix;
  return clusters * d + covariances + (weights ? clusters - 1 : 0);
}

double covariance_floor(Points const& points, CovarianceOptions const& options, int clusters) {
  auto const scatter = scatter_of(gram(points));
  auto const n = static_cast<double>(points.count);
  bool const few = n < 5.0 * points.dimension() * clusters;
  double const relative = options.floor > 0 ? options.floor : few ? 0.05 : 1e-3;
  return relative * mean_variance(scatter) / n;
}

Whitening whitening(HostMatrix covariance, int cluster) {
  auto const d = covariance.extent(0);
  auto const eigen = linalg::symmetric_eigen(covariance);
  if (!(eigen.values.front() > 0)) {
    throw bad_input(
        fmt::format("the covariance of cluster {} is not positive definite: its lowest eigenvalue is {:.3g}",
                    cluster + 1, eigen.values.front()));
  }
  Whitening white{square(d), 0.0};
  for (std::size_t k = 0; k < d; ++k) {
    white.log_determinant += std::log(eigen.values[k]);
    for (std::size_t i = 0; i < d; ++i) white.factor(i, k) = eigen.vectors(i, k) / std::sqrt(eigen.values[k]);
  }
  return white;
}

}  // namespace kroma::sdp_clustering
