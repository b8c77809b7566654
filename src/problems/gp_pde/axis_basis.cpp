#include "problems/gp_pde/axis_basis.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace kroma::gp_pde {
namespace {

using linalg::columns;
using linalg::multiply;

/// Rows times sqrt of the quadrature weights.
void weigh_rows(HostMatrix a, std::vector<double> const& weights) {
  for (int i = 0; i < a.extent_int(0); ++i) {
    double const root = std::sqrt(weights[static_cast<std::size_t>(i)]);
    for (int j = 0; j < a.extent_int(1); ++j) a(i, j) *= root;
  }
}

int count_above(std::vector<double> const& descending, double cutoff) {
  return static_cast<int>(std::count_if(descending.begin(), descending.end(), [&](double s) { return s > cutoff; }));
}

linalg::Svd decompose(AxisBasis const& basis) {
  auto weighted = feature_matrix(basis.features, basis.axis, basis.axis.nodes, 0);
  weigh_rows(weighted, basis.axis.weights);
  return linalg::svd(weighted);
}

/// Q and P diag(1/s) from the weighted features. Where these hold more functions than allowed, the highest frequencies
/// go, not the smallest singular values: those are the functions that reach to the ends of the interval, and without
/// them no function is represented well there.
void truncate(AxisBasis& basis, Truncation const& truncation) {
  auto f = decompose(basis);
  int rank = count_above(f.s, truncation.tolerance * f.s.front());
  while (rank > truncation.largest) {
    // one frequency of the rule adds about one function
    auto const excess =
        std::min<std::size_t>(static_cast<std::size_t>(rank - truncation.largest), basis.features.frequency.size() - 1);
    basis.features.frequency.resize(basis.features.frequency.size() - excess);
    basis.features.deviation.resize(basis.features.frequency.size());
    if (excess == 0) break;
    f = decompose(basis);
    rank = count_above(f.s, truncation.tolerance * f.s.front());
  }
  if (rank < 3 || rank > truncation.largest) {
    throw bad_input(fmt::format("axis {}: {} nodes allow {} basis functions; a solution needs at least 3",
                                basis.axis.name, basis.axis.size(), std::min(rank, truncation.largest)),
                    "Give more nodes, or a covariance with more frequencies.");
  }
  basis.values = columns(f.u, 0, rank);
  basis.from_features = columns(linalg::transposed(f.vt), 0, rank);
  for (int i = 0; i < basis.from_features.extent_int(0); ++i) {
    for (int j = 0; j < rank; ++j) basis.from_features(i, j) /= f.s[static_cast<std::size_t>(j)];
  }
}

/// A periodic axis keeps the frequencies whose period divides its length: every other one of the rule.
Features periodic_part(Features const& features, double length) {
  Features kept;
  for (std::size_t j = 0; j < features.frequency.size(); ++j) {
    double const periods = features.frequency[j] * length;
    if (std::abs(periods - std::round(periods)) > 1e-6) continue;
    kept.frequency.push_back(features.frequency[j]);
    kept.deviation.push_back(features.deviation[j]);
  }
  return kept;
}

HostMatrix end_rows(AxisBasis const& basis) {
  auto const& conditions = basis.setting.conditions;
  HostMatrix rows{"ends", conditions.size(), basis.values.extent(1)};
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    double const end = conditions[i].side == 0 ? basis.axis.low : basis.axis.high;
    for (std::size_t order = 0; order < conditions[i].weights.size(); ++order) {
      double const weight = conditions[i].weights[order];
      if (weight == 0.0) continue;
      auto const values = evaluate(basis, {end}, static_cast<int>(order));
      for (int j = 0; j < rows.extent_int(1); ++j) rows(i, j) += weight * values(0, j);
    }
  }
  return rows;
}

/// sum_p coefficient_p Z^T (derivative p of Z) without order 0, from Z and its derivatives.
HostMatrix galerkin_matrix(std::vector<HostMatrix> const& z, std::array<double, 5> const& coefficients) {
  auto const n = z.front().extent(1);
  HostMatrix sum{"galerkin", n, n};
  for (std::size_t order = 1; order < z.size(); ++order) {
    if (coefficients[order] == 0.0) continue;
    auto const product = multiply(z.front(), z[order], true);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) sum(i, j) += coefficients[order] * product(i, j);
    }
  }
  return sum;
}

HostMatrix symmetric_part(HostMatrix a) {
  HostMatrix half{"symmetric", a.extent(0), a.extent(1)};
  for (std::size_t i = 0; i < a.extent(0); ++i) {
    for (std::size_t j = 0; j < a.extent(1); ++j) half(i, j) = 0.5 * (a(i, j) + a(j, i));
  }
  return half;
}

/// Right singular vectors in columns, and squared singular values, both from the smallest.
std::pair<HostMatrix, std::vector<double>> ascending(linalg::Svd const& f) {
  int const size = f.vt.extent_int(1);
  HostMatrix vectors{"vectors", static_cast<std::size_t>(size), static_cast<std::size_t>(size)};
  std::vector<double> squares(static_cast<std::size_t>(size));
  for (int j = 0; j < size; ++j) {
    int const from = size - 1 - j;
    double const s = f.s[static_cast<std::size_t>(from)];
    squares[static_cast<std::size_t>(j)] = s * s;
    for (int i = 0; i < size; ++i) vectors(i, j) = f.vt(from, i);
  }
  return {vectors, squares};
}

/// c = c0 + vanishing y with ends c0 = I, and y from least squares so that ||second c|| is smallest. `f` decomposes
/// second vanishing; its null space (a constant, where only derivatives are given) stays out.
HostMatrix smoothest_lifting(AxisBasis const& basis, HostMatrix vanishing, linalg::Svd const& f) {
  int const count = basis.ends.extent_int(0);
  // Rows of very different size (values and derivatives) would cost the pseudo-inverse digits.
  auto rows = linalg::rows(basis.ends, 0, count);
  HostMatrix scales{"scales", basis.ends.extent(0), basis.ends.extent(0)};
  for (int i = 0; i < count; ++i) {
    double square = 0;
    for (int j = 0; j < rows.extent_int(1); ++j) square += rows(i, j) * rows(i, j);
    scales(i, i) = 1.0 / std::sqrt(square);
    for (int j = 0; j < rows.extent_int(1); ++j) rows(i, j) *= scales(i, i);
  }
  auto lifting = linalg::least_squares(rows, scales, 0.0);
  auto y = multiply(f.u, multiply(basis.second, lifting), true);
  for (int i = 0; i < y.extent_int(0); ++i) {
    double const s = f.s[static_cast<std::size_t>(i)];
    double const factor = s > 1e-13 * f.s.front() ? -1.0 / s : 0.0;
    for (int j = 0; j < count; ++j) y(i, j) *= factor;
  }
  auto const correction = multiply(vanishing, multiply(f.vt, y, true));
  for (int i = 0; i < lifting.extent_int(0); ++i) {
    for (int j = 0; j < count; ++j) lifting(i, j) += correction(i, j);
  }
  return lifting;
}

std::vector<HostMatrix> products(std::vector<HostMatrix> const& derivatives, HostMatrix w) {
  std::vector<HostMatrix> result;
  for (auto const& derivative : derivatives) result.push_back(multiply(derivative, w));
  return result;
}

/// W and all that follows from it.
void make_interior(AxisBasis& basis) {
  auto const vanishing = linalg::null_space(basis.ends);
  auto const f = linalg::svd(multiply(basis.second, vanishing));
  if (basis.ends.extent(0) > 0) basis.lifting = smoothest_lifting(basis, vanishing, f);
  auto [vectors, values] = ascending(f);
  if (basis.setting.diagonal) {
    auto const z = products(basis.derivatives, vanishing);
    auto const eigen = linalg::symmetric_eigen(symmetric_part(galerkin_matrix(z, basis.setting.operator_part)));
    vectors = eigen.vectors;
    values = eigen.values;
  }
  basis.stiffness = values;
  basis.interior = multiply(vanishing, vectors);
  basis.interior_derivatives = products(basis.derivatives, basis.interior);
  basis.interior_values = basis.interior_derivatives[0];
  basis.interior_second = basis.interior_derivatives[2];
  basis.galerkin = galerkin_matrix(basis.interior_derivatives, basis.setting.operator_part);
}

void split_product(AxisBasis& basis) {
  auto const product = multiply(basis.interior_values, basis.interior_second, true);
  auto const n = product.extent(0);
  basis.symmetric = symmetric_part(product);
  basis.antisymmetric = HostMatrix{"antisymmetric", n, n};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) basis.antisymmetric(i, j) = product(i, j) - basis.symmetric(i, j);
  }
}

/// All matrices of a basis, to be sent.
std::vector<HostMatrix*> matrices_of(AxisBasis& b) {
  std::vector<HostMatrix*> all{&b.from_features, &b.ends,          &b.lifting, &b.interior,
                               &b.symmetric,     &b.antisymmetric, &b.galerkin};
  auto const orders = static_cast<std::size_t>(std::max(2, b.setting.order)) + 1;
  b.derivatives.resize(orders);
  b.interior_derivatives.resize(orders);
  for (auto& matrix : b.derivatives) all.push_back(&matrix);
  for (auto& matrix : b.interior_derivatives) all.push_back(&matrix);
  return all;
}

}  // namespace

HostMatrix feature_matrix(Features const& features, grid::Axis const& axis, std::vector<double> const& points,
                          int order) {
  auto const cosines = features.frequency.size();
  HostMatrix f{"features", points.size(), static_cast<std::size_t>(features.columns())};
  double const turn = 0.5 * std::numbers::pi * order;
  std::size_t sine = cosines;
  for (std::size_t j = 0; j < cosines; ++j) {
    double const omega = 2 * std::numbers::pi * features.frequency[j];
    double const factor = features.deviation[j] * std::pow(omega, order);
    bool const has_sine = features.frequency[j] != 0.0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      double const phase = omega * (points[i] - axis.centre()) + turn;
      f(i, j) = factor * std::cos(phase);
      if (has_sine) f(i, sine) = factor * std::sin(phase);
    }
    if (has_sine) ++sine;
  }
  return f;
}

HostMatrix evaluate(AxisBasis const& basis, std::vector<double> const& points, int order) {
  return multiply(feature_matrix(basis.features, basis.axis, points, order), basis.from_features);
}

AxisBasis make_axis_basis(grid::Axis const& axis, Features const& features, Truncation const& truncation,
                          AxisSetting const& setting) {
  AxisBasis basis;
  basis.axis = axis;
  basis.setting = setting;
  basis.features = setting.periodic ? periodic_part(features, axis.length()) : features;
  if (basis.features.frequency.empty()) {
    throw bad_input(
        fmt::format("axis {}: the covariance has no frequency that the nodes carry, which is up to {:.4g} cycles "
                    "per unit length{}",
                    axis.name, axis.nyquist(), setting.periodic ? ", and that has the period of the axis" : ""),
        "Give lower frequencies, or more nodes.");
  }
  truncate(basis, truncation);
  basis.derivatives.push_back(basis.values);
  for (int order = 1; order <= std::max(2, setting.order); ++order) {
    basis.derivatives.push_back(evaluate(basis, axis.nodes, order));
    weigh_rows(basis.derivatives.back(), axis.weights);
  }
  basis.second = basis.derivatives[2];
  basis.ends = end_rows(basis);
  make_interior(basis);
  split_product(basis);
  return basis;
}

std::vector<AxisBasis> make_bases(MPI_Comm comm, std::vector<grid::Axis> const& axes,
                                  std::vector<Features> const& features, std::vector<Truncation> const& truncation,
                                  std::vector<AxisSetting> const& settings) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  std::vector<AxisBasis> bases(axes.size());
  agreed(comm, [&] {
    for (std::size_t d = 0; d < axes.size(); ++d) {
      bases[d].axis = axes[d];
      if (!settings.empty()) bases[d].setting = settings[d];
      if (static_cast<int>(d) % ranks == rank)
        bases[d] = make_axis_basis(axes[d], features[d], truncation[d], bases[d].setting);
    }
  });
  for (std::size_t d = 0; d < axes.size(); ++d) {
    int const root = static_cast<int>(d) % ranks;
    auto& b = bases[d];
    for (auto* matrix : matrices_of(b)) *matrix = linalg::broadcast(comm, root, *matrix);
    for (auto* list : {&b.stiffness, &b.features.frequency, &b.features.deviation}) {
      *list = linalg::broadcast(comm, root, *list);
    }
    b.values = b.derivatives[0];
    b.second = b.derivatives[2];
    b.interior_values = b.interior_derivatives[0];
    b.interior_second = b.interior_derivatives[2];
  }
  return bases;
}

}  // namespace kroma::gp_pde
