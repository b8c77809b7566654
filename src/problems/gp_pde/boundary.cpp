#include "problems/gp_pde/boundary.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "linalg/kronecker.hpp"
#include "linalg/mode_product.hpp"
#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/kernels.hpp"

namespace kroma::gp_pde {
namespace {

/// Projection of values at the nodes of an axis to coefficients: Q^T sqrt(weights).
HostMatrix projection(AxisBasis const& basis) {
  auto result = linalg::transposed(basis.values);
  for (int i = 0; i < result.extent_int(0); ++i) {
    for (int j = 0; j < result.extent_int(1); ++j) {
      result(i, j) *= std::sqrt(basis.axis.weights[static_cast<std::size_t>(j)]);
    }
  }
  return result;
}

Tensor along(Space const& space, HostMatrix matrix, ConstTensor x, std::size_t axis) {
  grid::Extents n{x.extent_int(0), x.extent_int(1), x.extent_int(2)};
  n[axis] = matrix.extent_int(0);
  auto const y = linalg::make_tensor("gp_pde::along", {MPI_COMM_SELF, n});
  linalg::mode_product(space, 1.0, linalg::to_device(matrix), x, static_cast<int>(axis), 0.0, y);
  return y;
}

/// Coefficients of the data on the faces of one axis: (b, r1, r2), (r0, b, r2) or (r0, r1, b).
Tensor face_coefficients(Space const& space, std::vector<AxisBasis> const& bases, Boundary const& boundary,
                         std::size_t axis) {
  PointSet points;
  for (auto const& basis : bases) points.push_back(basis.axis.nodes);
  Tensor current = Kokkos::create_mirror_view_and_copy(Space{}, sample_faces(boundary.conditions(axis), points, axis));
  for (std::size_t d = 0; d < bases.size(); ++d) {
    if (d != axis) current = along(space, projection(bases[d]), current, d);
  }
  return current;
}

/// What the lift holds for the faces of one axis: functions along it times coefficients on the others.
struct FaceLift {
  std::size_t axis;
  Tensor coefficients;  // with b rows along the axis; whole on every rank
};

/// This rank's part of a face lift, added to `sum`.
void add_part(Space const& space, std::vector<AxisBasis> const& bases, FaceLift const& face, grid::Layout const& layout,
              Tensor sum) {
  auto const part = [&](std::size_t d) {
    int const axis = static_cast<int>(d), first = d == face.axis ? 0 : layout.begin(axis);
    return std::pair<int, int>(first, d == face.axis ? face.coefficients.extent_int(axis) : first + layout.count(axis));
  };
  auto const mine = Kokkos::subview(face.coefficients, part(0), part(1), part(2));
  Tensor const packed{"gp_pde::face_lift", mine.extent(0), mine.extent(1), mine.extent(2)};
  Kokkos::deep_copy(space, packed, mine);
  int const axis = static_cast<int>(face.axis);
  auto const rows = linalg::rows(bases[face.axis].lifting, layout.begin(axis), layout.count(axis));
  add(space, 1.0, along(space, rows, packed, face.axis), sum);
}

}  // namespace

std::vector<Condition> Boundary::conditions(std::size_t axis) const {
  auto all = faces[axis][0];
  all.insert(all.end(), faces[axis][1].begin(), faces[axis][1].end());
  return all;
}

std::vector<EndCondition> Boundary::end_conditions(std::size_t axis) const {
  std::vector<EndCondition> all;
  for (int side = 0; side < 2; ++side) {
    for (auto const& condition : faces[axis][static_cast<std::size_t>(side)]) all.push_back({side, condition.weights});
  }
  return all;
}

HostTensor sample_faces(std::vector<Condition> const& conditions, PointSet const& points, std::size_t axis) {
  auto n = extents_of(points);
  n[axis] = static_cast<int>(conditions.size());
  HostTensor all{"gp_pde::faces", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                 static_cast<std::size_t>(n[2])};
  auto face = points;
  for (int row = 0; row < n[axis]; ++row) {
    auto const& condition = conditions[static_cast<std::size_t>(row)];
    face[axis] = {condition.place};
    auto const name = fmt::format("{}: {}", to_string(condition.data.mark()), condition.key);
    auto const values = sample_here(condition.data, name, face);
    for (int i = 0; i < values.extent_int(0); ++i) {
      for (int j = 0; j < values.extent_int(1); ++j) {
        for (int k = 0; k < values.extent_int(2); ++k) {
          all(axis == 0 ? row : i, axis == 1 ? row : j, axis == 2 ? row : k) = values(i, j, k);
        }
      }
    }
  }
  return all;
}

deck::Function left_side(Condition const& condition, std::size_t axis, deck::Function const& of) {
  if (condition.is_dirichlet()) return of;
  std::string text;
  for (std::size_t order = 0; order < condition.weights.size(); ++order) {
    if (condition.weights[order] == 0.0) continue;
    std::vector<int> orders(3, 0);
    orders[axis] = static_cast<int>(order);
    text += fmt::format("{}({:.17g})*({})", text.empty() ? "" : "+", condition.weights[order],
                        of.derivative(orders).text());
  }
  return deck::Function::expression(text, of.arguments(), of.mark());
}

namespace {

/// Largest modulus seen so far, and the worst disagreement of two faces on an edge.
struct Edges {
  double largest = 0, jump = -1, here = 0, there = 0;

  void compare(double a, double b) {
    if (!std::isfinite(a) || !std::isfinite(b)) return;  // named with its place when the face is sampled
    largest = std::max({largest, std::abs(a), std::abs(b)});
    if (std::abs(a - b) <= jump) return;
    jump = std::abs(a - b);
    here = a;
    there = b;
  }
};

/// The same, or nothing where these data cannot be differentiated.
std::optional<deck::Function> applied(Condition const& condition, std::size_t axis, deck::Function const& data) {
  try {
    return left_side(condition, axis, data);
  } catch (Error const&) {
    return std::nullopt;
  }
}

/// The condition `here` on a face of axis d, the condition `there` on one of e; each one's left-hand side, applied to
/// the other's data, at the corner (in 2-D) or at the nodes of the edge (in 3-D) where the faces meet.
Edges compare_edge(std::vector<grid::Axis> const& axes, std::size_t d, Condition const& here, std::size_t e,
                   Condition const& there) {
  Edges edge;
  auto const one = applied(there, e, here.data), other = applied(here, d, there.data);
  if (!one || !other) return edge;
  std::size_t const third = 3 - d - e;
  for (double place : third < axes.size() ? axes[third].nodes : std::vector<double>{0.0}) {
    std::array<double, 3> point{0.0, 0.0, 0.0};
    point[d] = here.place;
    point[e] = there.place;
    point[third] = place;
    edge.compare((*one)(point), (*other)(point));
  }
  std::vector<double> low, high;
  for (auto const& axis : axes) {
    low.push_back(axis.low);
    high.push_back(axis.high);
  }
  for (auto point : probes(low, high)) {  // values on the edge may cancel: along the face they show their size
    point[d] = here.place;
    double const value = std::abs((*one)(point));
    if (std::isfinite(value)) edge.largest = std::max(edge.largest, value);
  }
  return edge;
}

void check_edges(Boundary const& boundary, std::vector<grid::Axis> const& axes, std::size_t d, std::size_t e) {
  for (auto const& here : boundary.conditions(d)) {
    for (auto const& there : boundary.conditions(e)) {
      auto const edge = compare_edge(axes, d, here, e, there);
      if (edge.jump <= 1e-8 * edge.largest) continue;
      throw bad_input(fmt::format("the faces of {} and {} disagree where they meet: {:.6g} and {:.6g}", axes[d].name,
                                  axes[e].name, edge.here, edge.there),
                      "Give data that are continuous around edges and corners");
    }
  }
}

}  // namespace

void check_corners(Boundary const& boundary, std::vector<grid::Axis> const& axes) {
  for (std::size_t d = 0; d < axes.size(); ++d) {
    for (std::size_t e = d + 1; e < axes.size(); ++e) check_edges(boundary, axes, d, e);
  }
}

Tensor lift(std::vector<AxisBasis> const& bases, Boundary const& boundary, grid::Layout const& coefficients) {
  Space const space;
  auto const sum = linalg::make_tensor("gp_pde::lift", coefficients);
  std::vector<FaceLift> done;
  for (std::size_t axis = 0; axis < bases.size(); ++axis) {
    if (bases[axis].ends.extent(0) == 0) continue;
    auto const missing = face_coefficients(space, bases, boundary, axis);
    for (auto const& face : done) {  // what the faces so far give on these
      auto const rows = along(space, bases[axis].ends, face.coefficients, axis);
      add(space, -1.0, along(space, bases[face.axis].lifting, rows, face.axis), missing);
    }
    done.push_back({axis, missing});
    add_part(space, bases, done.back(), coefficients, sum);
  }
  space.fence();
  return sum;
}

}  // namespace kroma::gp_pde
