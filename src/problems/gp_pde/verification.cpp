#include "problems/gp_pde/verification.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "linalg/dense.hpp"
#include "linalg/kronecker.hpp"
#include "problems/gp_pde/collocation.hpp"
#include "problems/gp_pde/kernels.hpp"

namespace kroma::gp_pde {
namespace {

/// Most points per axis of the check, by number of axes: as many as a grid has, as long as checking costs less than
/// solving.
int most_check_points(std::size_t axes) { return std::array{2000, 300, 80}[axes - 1]; }

/// Equispaced points of the error, by number of axes; odd primes, so that they fall between the nodes of common grids.
int error_points(std::size_t axes) { return std::array{307, 307, 83}[axes - 1]; }

PointSet check_points(std::vector<AxisBasis> const& bases) {
  PointSet points;
  for (std::size_t d = 0; d < bases.size(); ++d) {
    auto const& axis = bases[d].axis;
    int const count = std::min(axis.size(), most_check_points(bases.size()));
    points.push_back(jittered(axis.low, axis.high, count, 1000 + d));
  }
  return points;
}

grid::Extents coefficient_extents(std::vector<AxisBasis> const& bases) {
  grid::Extents r{1, 1, 1};
  for (std::size_t d = 0; d < bases.size(); ++d) r[d] = bases[d].size();
  return r;
}

/// Root mean square over all points of all ranks. Collective.
double root_mean_square(Space const& space, grid::Layout const& layout, ConstTensor x) {
  return norm(space, layout.comm(), x) / std::sqrt(static_cast<double>(layout.global_size()));
}

/// Root mean squares of u - g, g and u on the faces normal to one axis. Collective.
std::array<double, 3> face_norms(MPI_Comm comm, std::vector<AxisBasis> const& bases, Boundary const& boundary,
                                 std::size_t axis, PointSet points, ConstTensor coefficients) {
  Space const space;
  std::vector<bool> clamped(bases.size(), false);
  clamped[axis] = true;
  points[axis] = {bases[axis].axis.low, bases[axis].axis.high};
  auto u = evaluate(comm, bases, {Term{}}, points, coefficients);
  auto const all = sample_faces(boundary, points, clamped);
  grid::Layout const layout{comm, extents_of(points)};
  auto const rows = [&](int d) { return std::pair<int, int>(layout.begin(d), layout.begin(d) + layout.count(d)); };
  auto const mine = Kokkos::subview(all, rows(0), rows(1), rows(2));
  auto const g = linalg::make_tensor("gp_pde::face", layout);
  auto const host = Kokkos::create_mirror_view(g);
  Kokkos::deep_copy(host, mine);
  Kokkos::deep_copy(g, host);
  double const size_g = root_mean_square(space, layout, g), size_u = root_mean_square(space, layout, u);
  subtract_from(space, g, u);
  return {root_mean_square(space, layout, u), size_g, size_u};
}

}  // namespace

Tensor evaluate(MPI_Comm comm, std::vector<AxisBasis> const& bases, std::vector<Term> const& terms,
                PointSet const& points, ConstTensor coefficients) {
  std::array<std::array<Matrix, 3>, 3> made;  // [axis][order], each made once so that terms share it
  auto factor = [&](int axis, int order) {
    auto const d = static_cast<std::size_t>(axis);
    if (d >= bases.size()) return Matrix{};
    auto& matrix = made[d][static_cast<std::size_t>(order)];
    if (matrix.data() == nullptr) matrix = linalg::to_device(evaluate(bases[d], points[d], order));
    return matrix;
  };
  linalg::KroneckerSum sum{comm, coefficient_extents(bases), extents_of(points), kronecker_terms(terms, factor)};
  auto const values = linalg::make_tensor("gp_pde::values", sum.output());
  Space const space;
  sum.apply(space, coefficients, values);
  space.fence();
  return values;
}

namespace {

/// Lowest eigenvalue of the operator on functions that vanish on the boundary: sum |a_d| (pi / L_d)^2 + |c|. An
/// equation's residual divided by it bounds the error of u, so that times the size of u it is the yardstick where the
/// source is small.
double lowest_eigenvalue(Equation const& equation, std::vector<AxisBasis> const& bases) {
  double sum = std::abs(equation.reaction());
  for (std::size_t d = 0; d < bases.size(); ++d) {
    double const lowest = std::numbers::pi / bases[d].axis.length();
    sum += std::abs(equation.diffusion(static_cast<int>(d))) * lowest * lowest;
  }
  return sum;
}

}  // namespace

OffGridCheck check_off_grid(MPI_Comm comm, std::vector<AxisBasis> const& bases, Equation const& equation,
                            deck::Function const& source, Boundary const& boundary, ConstTensor coefficients) {
  Space const space;
  auto const points = check_points(bases);
  grid::Layout const layout{comm, extents_of(points)};
  auto const rms = [&](ConstTensor x) { return root_mean_square(space, layout, x); };
  auto const f = sample(source, "gp_pde.source", points, comm);
  auto const u = evaluate(comm, bases, {Term{}}, points, coefficients);
  auto const residual = evaluate(comm, bases, equation.terms, points, coefficients);
  subtract_from(space, f, residual);
  OffGridCheck check;
  double const size = std::max(rms(f), lowest_eigenvalue(equation, bases) * rms(u));
  if (size > 0) check.equation = rms(residual) / size;

  double missed = 0, largest = rms(u);  // data that vanish on every face are measured against the solution inside
  for (std::size_t axis = 0; axis < bases.size(); ++axis) {
    auto const [difference, size_g, size_u] = face_norms(comm, bases, boundary, axis, points, coefficients);
    missed = std::max(missed, difference);
    largest = std::max({largest, size_g, size_u});
  }
  if (largest > 0) check.boundary = missed / largest;
  return check;
}

ErrorNorms measure_error(MPI_Comm comm, std::vector<AxisBasis> const& bases, deck::Function const& exact,
                         ConstTensor coefficients) {
  Space const space;
  PointSet points;
  for (auto const& basis : bases)
    points.push_back(midpoints(basis.axis.low, basis.axis.high, error_points(bases.size())));
  auto const u = evaluate(comm, bases, {Term{}}, points, coefficients);
  auto const truth = sample(exact, "gp_pde.exact", points, comm);
  double const size = norm(space, comm, truth);
  subtract_from(space, truth, u);
  ErrorNorms norms;
  norms.relative_l2 = norm(space, comm, u) / (size > 0 ? size : 1.0);
  double const mine = largest_modulus(space, u);
  MPI_Allreduce(&mine, &norms.largest, 1, MPI_DOUBLE, MPI_MAX, comm);
  return norms;
}

}  // namespace kroma::gp_pde
