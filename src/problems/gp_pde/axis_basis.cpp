#include "problems/gp_pde/axis_basis.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

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

/// W, stiffness: singular vectors of the second derivative on the functions that vanish at both ends.
void diagonalise_interior(AxisBasis& basis) {
  auto const vanishing = linalg::null_space(basis.ends);
  auto const f = linalg::svd(multiply(basis.second, vanishing));
  int const size = vanishing.extent_int(1);
  HostMatrix vectors{"vectors", static_cast<std::size_t>(size), static_cast<std::size_t>(size)};
  basis.stiffness.resize(static_cast<std::size_t>(size));
  for (int j = 0; j < size; ++j) {  // ascending
    int const from = size - 1 - j;
    basis.stiffness[static_cast<std::size_t>(j)] =
        f.s[static_cast<std::size_t>(from)] * f.s[static_cast<std::size_t>(from)];
    for (int i = 0; i < size; ++i) vectors(i, j) = f.vt(from, i);
  }
  basis.interior = multiply(vanishing, vectors);
  basis.interior_values = multiply(basis.values, basis.interior);
  basis.interior_second = multiply(basis.second, basis.interior);
}

void split_product(AxisBasis& basis) {
  auto const product = multiply(basis.interior_values, basis.interior_second, true);
  auto const n = product.extent(0);
  basis.symmetric = HostMatrix{"symmetric", n, n};
  basis.antisymmetric = HostMatrix{"antisymmetric", n, n};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      basis.symmetric(i, j) = 0.5 * (product(i, j) + product(j, i));
      basis.antisymmetric(i, j) = 0.5 * (product(i, j) - product(j, i));
    }
  }
}

/// c = c0 + vanishing y with ends c0 = I, and y from least squares so that ||second c|| is smallest.
void make_lifting(AxisBasis& basis) {
  HostMatrix unit{"unit", 2, 2};
  unit(0, 0) = unit(1, 1) = 1.0;
  auto lifting = linalg::least_squares(basis.ends, unit, 0.0);
  // In interior coordinates the least squares problem is diagonal: y = -diag(1/stiffness) Z2^T second c0.
  auto y = multiply(basis.interior_second, multiply(basis.second, lifting), true);
  for (int i = 0; i < y.extent_int(0); ++i) {
    for (int j = 0; j < 2; ++j) y(i, j) /= -basis.stiffness[static_cast<std::size_t>(i)];
  }
  auto const correction = multiply(basis.interior, y);
  for (int i = 0; i < lifting.extent_int(0); ++i) {
    for (int j = 0; j < 2; ++j) lifting(i, j) += correction(i, j);
  }
  basis.lifting = lifting;
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

AxisBasis make_axis_basis(grid::Axis const& axis, Features const& features, Truncation const& truncation) {
  if (features.frequency.empty()) {
    throw bad_input(
        fmt::format("axis {}: the covariance has no frequency that the nodes carry, which is up to {:.4g} cycles "
                    "per unit length",
                    axis.name, axis.nyquist()),
        "Give lower frequencies, or more nodes.");
  }
  AxisBasis basis;
  basis.axis = axis;
  basis.features = features;
  truncate(basis, truncation);
  basis.second = evaluate(basis, axis.nodes, 2);
  weigh_rows(basis.second, axis.weights);
  basis.ends = evaluate(basis, {axis.low, axis.high}, 0);
  diagonalise_interior(basis);
  split_product(basis);
  make_lifting(basis);
  return basis;
}

std::vector<AxisBasis> make_bases(MPI_Comm comm, std::vector<grid::Axis> const& axes,
                                  std::vector<Features> const& features, std::vector<Truncation> const& truncation) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  std::vector<AxisBasis> bases(axes.size());
  agreed(comm, [&] {
    for (std::size_t d = 0; d < axes.size(); ++d) {
      bases[d].axis = axes[d];
      bases[d].features = features[d];
      if (static_cast<int>(d) % ranks == rank) bases[d] = make_axis_basis(axes[d], features[d], truncation[d]);
    }
  });
  for (std::size_t d = 0; d < axes.size(); ++d) {
    int const root = static_cast<int>(d) % ranks;
    auto& b = bases[d];
    for (auto* matrix : {&b.from_features, &b.values, &b.second, &b.ends, &b.lifting, &b.interior, &b.interior_values,
                         &b.interior_second, &b.symmetric, &b.antisymmetric}) {
      *matrix = linalg::broadcast(comm, root, *matrix);
    }
    for (auto* list : {&b.stiffness, &b.features.frequency, &b.features.deviation}) {
      *list = linalg::broadcast(comm, root, *list);
    }
  }
  return bases;
}

}  // namespace kroma::gp_pde
