#include "problems/gp_pde/joint_objective.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace kroma::gp_pde {
namespace {

using linalg::multiply;
using linalg::transposed;

HostMatrix unflattened(std::span<double const> x, HostMatrix like) {
  HostMatrix u{"gp_pde::joint", like.extent(0), like.extent(1)};
  std::copy_n(x.begin(), u.size(), u.data());
  return u;
}

double inner(HostMatrix a, HostMatrix b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a.data()[i] * b.data()[i];
  return sum;
}

void add(double factor, HostMatrix a, HostMatrix to) {
  for (std::size_t i = 0; i < a.size(); ++i) to.data()[i] += factor * a.data()[i];
}

/// Sums of a square matrix over |i - j| = l, for each l: what its product with a symmetric Toeplitz matrix needs.
std::vector<double> sums_by_distance(HostMatrix a) {
  std::vector<double> sums(a.extent(0), 0.0);
  for (int i = 0; i < a.extent_int(0); ++i) {
    for (int j = 0; j < a.extent_int(1); ++j) sums[static_cast<std::size_t>(std::abs(i - j))] += a(i, j);
  }
  return sums;
}

/// The same sums of the inverse of a symmetric Toeplitz matrix, from the inverse's first column x: the formula of
/// Gohberg and Semencul (1972) summed along diagonals.
std::vector<double> inverse_sums_by_distance(HostMatrix x) {
  auto const n = x.extent(0);
  std::vector<double> sums(n, 0.0);
  for (std::size_t l = 0; l < n; ++l) {
    for (std::size_t k = 0; k + l < n; ++k) {
      sums[l] += (static_cast<double>(n - l) - 2 * static_cast<double>(k)) * x(k, 0) * x(k + l, 0);
    }
    sums[l] *= (l == 0 ? 1 : 2) / x(0, 0);
  }
  return sums;
}

/// K^-1 B from K = L L^T.
HostMatrix solve(HostMatrix lower, HostMatrix b) {
  return linalg::solve_triangular(lower, linalg::solve_triangular(lower, b, false), true);
}

HostMatrix toeplitz(std::vector<double> const& by_distance) {
  HostMatrix a{"gp_pde::toeplitz", by_distance.size(), by_distance.size()};
  for (int i = 0; i < a.extent_int(0); ++i) {
    for (int j = 0; j < a.extent_int(1); ++j) a(i, j) = by_distance[static_cast<std::size_t>(std::abs(i - j))];
  }
  return a;
}

}  // namespace

JointObjective::JointObjective(JointProblem problem) : problem_{std::move(problem)}, count_{problem_.source.size()} {
  auto const axes = problem_.nodes.size();
  require(axes == 1 || axes == 2, "the joint objective has one or two axes");
  require(problem_.nodes[0].size() == problem_.source.extent(0) && problem_.diffusion.size() == axes &&
              (axes == 1 ? 1 : problem_.nodes[1].size()) == problem_.source.extent(1),
          "shapes of the joint objective");
}

std::vector<double> JointObjective::start(double highest_frequency) const {
  std::vector<double> x(size(), 0.0);
  auto const q = components();
  for (std::size_t axis = 0; axis < problem_.nodes.size(); ++axis) {
    for (std::size_t i = 0; i < q; ++i) {
      x[first_of(axis) + i] = -std::log(static_cast<double>(q));
      x[frequencies(axis) + i] = highest_frequency * static_cast<double>(i) / static_cast<double>(q - 1);
    }
  }
  return x;
}

std::vector<MixtureComponent> JointObjective::mixture(std::span<double const> x, std::size_t axis) const {
  double const power = problem_.kind == MixtureKind::gaussian ? -0.5 : -1.0;  // length = rho^power
  std::vector<MixtureComponent> result;
  for (std::size_t i = 0; i < components(); ++i) {
    auto const at = first_of(axis) + i;
    result.push_back({std::exp(x[at]), x[at + 2 * components()], std::exp(power * x[at + components()])});
  }
  return result;
}

JointObjective::AxisMatrices JointObjective::axis_matrices(std::span<double const> x, std::size_t axis) const {
  auto const& nodes = problem_.nodes[axis];
  auto const mixture = this->mixture(x, axis);
  AxisMatrices result;
  std::vector<double> value(nodes.size(), 0.0), second(nodes.size(), 0.0);
  for (auto const& component : mixture) {
    ComponentKernel const k0{problem_.kind, component, DerivativeSum::order(0)};
    ComponentKernel const k2{problem_.kind, component, DerivativeSum::order(2)};
    for (std::size_t l = 0; l < nodes.size(); ++l) {
      auto const shared = k0.at(nodes[l] - nodes[0]);
      result.value_jets.push_back(k0(shared));
      result.second_jets.push_back(k2(shared));
      value[l] += result.value_jets.back().value;
      second[l] += result.second_jets.back().value;
    }
  }
  value[0] += problem_.jitter;
  auto const factor = linalg::cholesky(toeplitz(value));
  if (!factor) {
    throw solver_failed(fmt::format("learn: joint: the covariance matrix of axis {} is not positive definite", axis),
                        "Give a larger gp_pde.covariance.joint.jitter, or a smaller learning_rate.");
  }
  for (int i = 0; i < factor->extent_int(0); ++i) result.log_determinant += 2 * std::log((*factor)(i, i));
  result.lower = *factor;
  result.second = toeplitz(second);
  return result;
}

double JointObjective::faces_at(int i, int j) const {
  int const n0 = problem_.source.extent_int(0), n1 = problem_.source.extent_int(1);
  int const second = problem_.nodes.size() == 1 ? 0 : (j == 0) + (j == n1 - 1);
  return (i == 0) + (i == n0 - 1) + second;
}

/// Boundary and equation terms, their part of dJ/dU that does not pass through K, and dJ/d log tau, dJ/d log v.
double JointObjective::data_terms(std::span<double const> x, HostMatrix u, HostMatrix residual,
                                  std::span<double> gradient) const {
  double const log_tau = x[count_], log_v = x[count_ + 1], tau = std::exp(log_tau), v = std::exp(log_v);
  double const lambda = problem_.boundary_weight;
  double misfit = 0, faces = 0;
  for (int i = 0; i < u.extent_int(0); ++i) {
    for (int j = 0; j < u.extent_int(1); ++j) {
      double const count = faces_at(i, j), difference = u(i, j) - problem_.boundary(i, j);
      auto const at = static_cast<std::size_t>(i) * u.extent(1) + static_cast<std::size_t>(j);
      faces += count;
      misfit += count > 0 ? count * difference * difference : 0.0;
      if (count > 0) gradient[at] += lambda * tau * count * difference;
      gradient[at] += v * problem_.reaction * residual(i, j);
    }
  }
  double const squares = inner(residual, residual), n = static_cast<double>(count_);
  gradient[count_] = -lambda * 0.5 * (faces - tau * misfit);
  gradient[count_ + 1] = -0.5 * (n - v * squares);
  return -lambda * 0.5 * (faces * log_tau - tau * misfit) - 0.5 * (n * log_v - v * squares);
}

void JointObjective::pull_back(AxisMatrices const& axis, std::vector<double> const& g, std::vector<double> const& h,
                               std::size_t index, std::span<double> gradient) const {
  double const power = problem_.kind == MixtureKind::gaussian ? -0.5 : -1.0;
  for (std::size_t q = 0; q < components(); ++q) {
    auto const at = first_of(index) + q;
    for (std::size_t l = 0; l < g.size(); ++l) {
      auto const &a = axis.value_jets[q * g.size() + l], &b = axis.second_jets[q * g.size() + l];
      gradient[at] += g[l] * a.log_weight + h[l] * b.log_weight;
      gradient[at + components()] += power * (g[l] * a.log_length + h[l] * b.log_length);
      gradient[at + 2 * components()] += g[l] * a.frequency + h[l] * b.frequency;
    }
  }
}

double JointObjective::operator()(std::span<double const> x, std::span<double> gradient) const {
  std::fill(gradient.begin(), gradient.end(), 0.0);
  auto const u = unflattened(x, problem_.source);
  bool const plane = problem_.nodes.size() == 2;
  std::vector<AxisMatrices> axes;
  std::vector<HostMatrix> solved;  // A_d = K_d^-1 U, with axis d first
  auto residual = unflattened(x, problem_.source);
  for (std::size_t i = 0; i < residual.size(); ++i) {
    residual.data()[i] = problem_.reaction * u.data()[i] - problem_.source.data()[i];
  }
  for (std::size_t d = 0; d < problem_.nodes.size(); ++d) {
    axes.push_back(axis_matrices(x, d));
    solved.push_back(solve(axes[d].lower, d == 1 ? transposed(u) : u));
    auto const second = multiply(axes[d].second, solved[d]);
    add(problem_.diffusion[d], d == 1 ? transposed(second) : second, residual);
  }
  auto const whitened = plane ? transposed(solve(axes[1].lower, transposed(solved[0]))) : solved[0];  // A = K^-1 U
  double value = 0.5 * inner(u, whitened) + data_terms(x, u, residual, gradient);
  double const v = std::exp(x[count_ + 1]), n = static_cast<double>(count_);
  HostMatrix by_values{gradient.data(), u.extent(0), u.extent(1)};
  add(1.0, whitened, by_values);
  for (std::size_t d = 0; d < axes.size(); ++d) {
    auto const along = [&](HostMatrix a) { return d == 1 ? transposed(a) : a; };
    double const size = static_cast<double>(problem_.nodes[d].size()), weight = v * problem_.diffusion[d];
    value += 0.5 * n / size * axes[d].log_determinant;
    auto const turned = along(residual);
    auto const q = solve(axes[d].lower, multiply(axes[d].second, turned));  // K^-1 K'' R
    add(weight, along(q), by_values);
    // dJ/dK = N / (2 n) K^-1 - (A / 2 + v q) A_d^T, dJ/dK'' = v R A_d^T
    auto const left = unflattened({along(whitened).data(), count_}, turned);
    for (std::size_t i = 0; i < left.size(); ++i) left.data()[i] = -0.5 * left.data()[i] - weight * q.data()[i];
    HostMatrix unit{"gp_pde::unit", problem_.nodes[d].size(), 1};
    unit(0, 0) = 1;
    auto by_value = sums_by_distance(multiply(left, solved[d], false, true));
    auto by_second = sums_by_distance(multiply(turned, solved[d], false, true));
    auto const inverse = inverse_sums_by_distance(solve(axes[d].lower, unit));
    for (std::size_t l = 0; l < inverse.size(); ++l) {
      by_value[l] += 0.5 * n / size * inverse[l];
      by_second[l] *= weight;
    }
    pull_back(axes[d], by_value, by_second, d, gradient);
  }
  return value;
}

HostMatrix JointObjective::predict(std::span<double const> x, std::vector<std::vector<double>> const& points) const {
  auto values = unflattened(x, problem_.source);
  for (std::size_t d = 0; d < problem_.nodes.size(); ++d) {
    auto const& nodes = problem_.nodes[d];
    HostMatrix cross{"gp_pde::cross", points[d].size(), nodes.size()};
    for (auto const& component : mixture(x, d)) {
      ComponentKernel const k{problem_.kind, component, DerivativeSum::order(0)};
      for (std::size_t i = 0; i < points[d].size(); ++i) {
        for (std::size_t j = 0; j < nodes.size(); ++j) cross(i, j) += k(points[d][i] - nodes[j]).value;
      }
    }
    auto const weights = transposed(solve(axis_matrices(x, d).lower, transposed(cross)));
    values = d == 1 ? multiply(values, weights, false, true) : multiply(weights, values);
  }
  return values;
}

}  // namespace kroma::gp_pde
