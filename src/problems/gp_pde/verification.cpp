#include "problems/gp_pde/verification.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "linalg/dense.hpp"
#include "linalg/kronecker.hpp"
#include "problems/gp_pde/collocation.hpp"
#include "problems/gp_pde/kernels.hpp"
#include "problems/gp_pde/nonlinear.hpp"

namespace kroma::gp_pde {
namespace {

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

}  // namespace

int most_check_points(std::size_t axes) { return std::array{2000, 300, 80}[axes - 1]; }

int error_points(std::size_t axes) { return std::array{307, 307, 83}[axes - 1]; }

Tensor evaluate(MPI_Comm comm, std::vector<AxisBasis> const& bases, std::vector<Term> const& terms,
                PointSet const& points, ConstTensor coefficients) {
  std::array<std::array<Matrix, kHighestOrder + 1>, 3> made;  // [axis][order], each made once so that terms share it
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

Tensor evaluate(MPI_Comm comm, std::vector<AxisBasis> const& bases, Equation const& equation, PointSet const& points,
                ConstTensor coefficients) {
  Space const space;
  auto const sum = linalg::make_tensor("gp_pde::left_side", {comm, extents_of(points)});
  for (auto const& group : grouped(equation.terms)) {
    auto const part = evaluate(comm, bases, group.terms, points, coefficients);
    if (group.factor) {
      add_product(space, sample(*group.factor, "gp_pde.equation", points, comm), part, sum);
    } else {
      add(space, 1.0, part, sum);
    }
  }
  if (auto const& n = equation.nonlinear) {
    Jet jet;
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      if (n->slopes[slot]) jet[slot] = evaluate(comm, bases, {{1.0, orders_of_slot(slot), {}}}, points, coefficients);
    }
    add(space, 1.0, pointwise(n->value, jet, points, comm), sum);
  }
  space.fence();
  return sum;
}

namespace {

/// Modulus of the operator at the lowest frequencies of the box, sum |coefficient| (pi / L)^order: for Poisson's
/// equation its lowest eigenvalue. An equation's residual divided by it bounds the error of u, so that times the size
/// of u it is the yardstick where the source is small.
double lowest_symbol(Equation const& equation, std::vector<AxisBasis> const& bases) {
  std::vector<double> low, high;
  for (auto const& basis : bases) {
    low.push_back(basis.axis.low);
    high.push_back(basis.axis.high);
  }
  auto const constant = frozen(equation, low, high);
  double sum = std::abs(constant.reaction());
  for (std::size_t d = 0; d < bases.size(); ++d) {
    sum += axis_symbol(constant, static_cast<int>(d), std::numbers::pi / bases[d].axis.length());
  }
  return sum;
}

/// The largest miss of a set of conditions, relative to their data or to u in the condition's units.
double face_misses(MPI_Comm comm, std::vector<AxisBasis> const& bases, std::vector<Condition> const& conditions,
                   std::size_t axis, PointSet points, ConstTensor coefficients, double size_u) {
  Space const space;
  double worst = 0;
  for (auto const& condition : conditions) {
    points[axis] = {condition.place};
    double const length = bases[axis].axis.length();
    std::vector<Term> terms;
    double size = 0;
    for (std::size_t order = 0; order < condition.weights.size(); ++order) {
      if (condition.weights[order] == 0.0) continue;
      Term term{condition.weights[order], {0, 0, 0}, {}};
      term.orders[axis] = static_cast<int>(order);
      terms.push_back(term);
      size += std::abs(term.coefficient) * std::pow(std::numbers::pi / length, static_cast<double>(order));
    }
    auto const left = evaluate(comm, bases, terms, points, coefficients);
    auto const data = sample(condition.data, condition.key, points, comm);
    grid::Layout const layout{comm, extents_of(points)};
    double const yardstick =
        std::max({size * size_u, root_mean_square(space, layout, data), root_mean_square(space, layout, left)});
    subtract_from(space, data, left);
    if (yardstick > 0) worst = std::max(worst, root_mean_square(space, layout, left) / yardstick);
  }
  return worst;
}

}  // namespace

OffGridCheck check_off_grid(MPI_Comm comm, std::vector<AxisBasis> const& bases, Equation const& equation,
                            deck::Function const& source, Boundary const& boundary, ConstTensor coefficients) {
  Space const space;
  auto const points = check_points(bases);
  grid::Layout const layout{comm, extents_of(points)};
  auto const rms = [&](ConstTensor x) { return root_mean_square(space, layout, x); };
  auto const f = sample(source, "gp_pde.source", points, comm);
  double const size_u = rms(evaluate(comm, bases, std::vector<Term>{Term{}}, points, coefficients));
  auto const residual = evaluate(comm, bases, equation, points, coefficients);
  subtract_from(space, f, residual);
  OffGridCheck check;
  double const size = std::max(rms(f), lowest_symbol(equation, bases) * size_u);
  if (size > 0) check.equation = rms(residual) / size;
  for (std::size_t axis = 0; axis < bases.size(); ++axis) {
    auto conditions = boundary.conditions(axis);
    for (auto const& side : boundary.surplus[axis]) conditions.insert(conditions.end(), side.begin(), side.end());
    check.boundary = std::max(check.boundary, face_misses(comm, bases, conditions, axis, points, coefficients, size_u));
  }
  return check;
}

ErrorNorms measure_error(MPI_Comm comm, std::vector<AxisBasis> const& bases, deck::Function const& exact,
                         ConstTensor coefficients) {
  Space const space;
  PointSet points;
  for (auto const& basis : bases)
    points.push_back(midpoints(basis.axis.low, basis.axis.high, error_points(bases.size())));
  auto const u = evaluate(comm, bases, std::vector<Term>{Term{}}, points, coefficients);
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
