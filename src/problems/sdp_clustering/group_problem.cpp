#include "problems/sdp_clustering/group_problem.hpp"

#include <cmath>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "problems/sdp_clustering/gather.hpp"
#include "problems/sdp_clustering/kernels.hpp"

namespace kroma::sdp_clustering {
namespace {

using Rows = Kokkos::RangePolicy<Space>;

/// l_k = log |S_k| - 2 log weight_k.
double offset_of(Whitening const& white, std::vector<double> const& weights, std::size_t k) {
  return white.log_determinant - (weights.empty() ? 0.0 : 2 * std::log(weights[k]));
}

/// Copies coordinates and ones, with space for K columns between them.
void copy_ends(Points const& points, Matrix to) {
  int const d = points.dimension(), last = to.extent_int(1) - 1;
  auto const from = points.features;
  Kokkos::parallel_for(
      "sdp_clustering::copy_ends", Rows(0, points.local()), KOKKOS_LAMBDA(int const i) {
        for (int j = 0; j < d; ++j) to(i, j) = from(i, j);
        to(i, last) = 1.0;
      });
}

}  // namespace

FactorProblem make_group_problem(Points const& points, std::vector<HostMatrix> const& covariances,
                                 std::vector<double> const& weights, int rank) {
  Space const space;
  auto const d = static_cast<std::size_t>(points.dimension()), clusters = covariances.size(), p = d + clusters + 1;
  auto const local = static_cast<std::size_t>(points.local());
  Matrix features{"sdp_clustering::features", local, p};
  copy_ends(points, features);
  Matrix residual{"sdp_clustering::residual", static_cast<std::size_t>(std::min(points.local(), kTile)), d};
  FactorProblem problem{{points.comm, points.count, points.offset, features}, {}, {}, rank > 0 ? rank : 2};
  for (std::size_t k = 0; k < clusters; ++k) {
    auto const white = whitening(covariances[k], static_cast<int>(k));
    HostMatrix factors{"sdp_clustering::factors", d + 1, d}, cost{"sdp_clustering::cost", p, p};
    auto const inverse = linalg::multiply(white.factor, white.factor, false, true);
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        factors(i, j) = white.factor(i, j);
        cost(i, j) = inverse(i, j);
      }
    }
    cost(d + k, p - 1) = cost(p - 1, d + k) = 1.0;
    cost(p - 1, p - 1) = -offset_of(white, weights, k);
    auto const on_space = on_device(factors);
    for_tiles(points.local(), [&](int begin, int count) {
      multiply(space, tile(points.features, begin, count), on_space, tile(residual, 0, count));
      log_density(space, tile(residual, 0, count), 0.0, tile(features, begin, count), static_cast<int>(d + k));
    });
    problem.cost.push_back(cost);
    problem.trace.push_back(1.0);
  }
  space.fence();
  return problem;
}

GroupSolution solve_group_problem(FactorProblem const& problem, Labels start, FactorLimits const& limits,
                                  std::uint64_t seed) {
  int const r = problem.rank, columns = problem.columns(), clusters = columns / r;
  auto const local = static_cast<std::size_t>(problem.points.local());
  auto const u = labelled_factor(problem.points, start, clusters, columns, seed);
  GroupSolution solution{solve_low_rank(problem, u, limits),
                         Matrix{"sdp_clustering::member", local, static_cast<std::size_t>(clusters)}};
  auto const last = static_cast<std::size_t>(problem.points.width()) - 1;
  HostMatrix sums{"sdp_clustering::sums", 1, static_cast<std::size_t>(columns)};
  for (int j = 0; j < columns; ++j) sums(0, j) = solution.factor.projected(last, j);
  auto const o = on_device(sums);
  auto const factor = solution.factor.factor;
  auto const member = solution.member;
  Kokkos::parallel_for(
      "sdp_clustering::member", Rows(0, problem.points.local()), KOKKOS_LAMBDA(int const i) {
        for (int k = 0; k < clusters; ++k) {
          double sum = 0;
          for (int j = k * r; j < (k + 1) * r; ++j) sum += factor(i, j) * o(0, j);
          member(i, k) = sum;
        }
      });
  Space{}.fence();
  return solution;
}

Labels hard_labels(Matrix member) {
  int const clusters = member.extent_int(1);
  Labels label{"sdp_clustering::label", member.extent(0)};
  Kokkos::parallel_for(
      "sdp_clustering::hard_labels", Rows(0, member.extent_int(0)), KOKKOS_LAMBDA(int const i) {
        int best = 0;
        for (int k = 1; k < clusters; ++k) best = member(i, k) > member(i, best) ? k : best;
        label(i) = best;
      });
  return label;
}

Moments lifted_moments(Points const& points, FactorProblem const& problem, GroupSolution const& solution) {
  auto moments = moments_of(points, solution.member);
  auto const d = static_cast<std::size_t>(points.dimension()), r = static_cast<std::size_t>(problem.rank);
  for (std::size_t k = 0; k < moments.size(); ++k) {
    auto const m = moments[k];
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        for (std::size_t c = k * r; c < (k + 1) * r; ++c) {
          m(i, j) -= solution.factor.projected(i, c) * solution.factor.projected(j, c);
        }
        m(i, j) += m(i, d) * m(j, d) / m(d, d);
      }
    }
  }
  return moments;
}

double group_cost(HostMatrix moment, Whitening const& white) {
  auto const d = moment.extent(0) - 1;
  double const size = moment(d, d);
  if (!(size > 0)) return 0;
  HostMatrix scatter{"sdp_clustering::scatter", d, d};
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) scatter(i, j) = moment(i, j) - moment(i, d) * moment(j, d) / size;
  }
  auto const turned = linalg::multiply(linalg::multiply(white.factor, scatter, true), white.factor);
  double cost = size * white.log_determinant;
  for (std::size_t i = 0; i < d; ++i) cost += turned(i, i);
  return cost;
}

DenseGroups solve_dense_groups(Points const& points, std::vector<HostMatrix> const& covariances,
                               std::vector<double> const& weights, Labels start, Solver const& solver, double upper) {
  auto const all = all_of(points);
  auto const label = all_labels(points, start);
  bool const first = is_first(points.comm);
  auto groups = agreed(points.comm, [&] {
    if (!first) return DenseGroups{};
    auto const x = coordinates(all);
    auto const n = x.extent(0);
    std::vector<HostMatrix> costs;
    for (std::size_t k = 0; k < covariances.size(); ++k) {
      auto const white = whitening(covariances[k], static_cast<int>(k));
      auto const y = linalg::multiply(x, white.factor);
      auto const gram = linalg::multiply(y, y, false, true);
      double const offset = offset_of(white, weights, k);
      HostMatrix cost{"sdp_clustering::cost", n, n};
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) cost(i, j) = 0.5 * (gram(i, i) + gram(j, j)) - gram(i, j) + offset;
      }
      costs.push_back(cost);
    }
    HostMatrix member{"sdp_clustering::member", n, covariances.size()};
    auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, label);
    for (std::size_t i = 0; i < n; ++i) member(i, static_cast<std::size_t>(host(i))) = 1.0;
    return solve_groups(costs, member, {solver.tolerance, solver.gap, solver.max_iterations, upper});
  });
  share_numbers(points.comm, groups.sum);
  return groups;
}

}  // namespace kroma::sdp_clustering
