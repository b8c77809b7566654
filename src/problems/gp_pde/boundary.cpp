#include "problems/gp_pde/boundary.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "linalg/kronecker.hpp"
#include "linalg/mode_product.hpp"
#include "problems/gp_pde/kernels.hpp"

namespace kroma::gp_pde {
namespace {

std::string face_name(deck::Function const& f, std::size_t axis, int side) {
  return fmt::format("{}: gp_pde.boundary.{}_{}", to_string(f.mark()), "xyz"[axis], side == 0 ? "low" : "high");
}

PointSet nodes_or_ends(std::vector<grid::Axis> const& axes, std::vector<bool> const& clamped) {
  PointSet points;
  for (std::size_t d = 0; d < axes.size(); ++d) {
    points.push_back(clamped[d] ? std::vector<double>{axes[d].low, axes[d].high} : axes[d].nodes);
  }
  return points;
}

/// From values at the nodes, or at the ends, of one axis to coefficients: Q^T sqrt(weights), or C.
HostMatrix to_coefficients(AxisBasis const& basis, bool clamped) {
  if (clamped) return basis.lifting;
  auto projection = linalg::transposed(basis.values);
  for (int i = 0; i < projection.extent_int(0); ++i) {
    for (int j = 0; j < projection.extent_int(1); ++j) {
      projection(i, j) *= std::sqrt(basis.axis.weights[static_cast<std::size_t>(j)]);
    }
  }
  return projection;
}

/// One product of the Boolean sum: the clamped axes lifted, the others projected; this rank's part only.
Tensor lifted(Space const& space, std::vector<AxisBasis> const& bases, HostTensor values,
              std::vector<bool> const& clamped, grid::Layout const& coefficients) {
  Tensor current = Kokkos::create_mirror_view_and_copy(Space{}, values);
  for (std::size_t step = bases.size(); step-- > 0;) {  // axis 0 last, when the others are already short
    auto matrix = to_coefficients(bases[step], clamped[step]);
    int const axis = static_cast<int>(step);
    matrix = linalg::rows(matrix, coefficients.begin(axis), coefficients.count(axis));
    grid::Extents n{current.extent_int(0), current.extent_int(1), current.extent_int(2)};
    n[step] = matrix.extent_int(0);
    Tensor next{"gp_pde::lifted", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                static_cast<std::size_t>(n[2])};
    linalg::mode_product(space, 1.0, linalg::to_device(matrix), current, static_cast<int>(step), 0.0, next);
    current = next;
  }
  return current;
}

}  // namespace

HostTensor sample_faces(Boundary const& boundary, PointSet const& points, std::vector<bool> const& clamped) {
  auto const first = static_cast<std::size_t>(std::find(clamped.begin(), clamped.end(), true) - clamped.begin());
  require(first < clamped.size() && points[first].size() == 2, "a face is clamped at its two ends");
  auto const n = extents_of(points);
  HostTensor all{"gp_pde::faces", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                 static_cast<std::size_t>(n[2])};
  for (int side = 0; side < 2; ++side) {
    auto const& f = boundary.faces[first][static_cast<std::size_t>(side)];
    auto face = points;
    face[first] = {points[first][static_cast<std::size_t>(side)]};
    auto const values = sample_here(f, face_name(f, first, side), face);
    for (int i = 0; i < values.extent_int(0); ++i) {
      for (int j = 0; j < values.extent_int(1); ++j) {
        for (int k = 0; k < values.extent_int(2); ++k) {
          all(first == 0 ? side : i, first == 1 ? side : j, first == 2 ? side : k) = values(i, j, k);
        }
      }
    }
  }
  return all;
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

/// Both faces at the corners (in 2-D), or at the nodes of the edges (in 3-D), where those of axes d and e meet.
Edges compare_edges(Boundary const& boundary, std::vector<grid::Axis> const& axes, std::size_t d, std::size_t e) {
  Edges edges;
  std::size_t const along = 3 - d - e;
  auto const& places = along < axes.size() ? axes[along].nodes : std::vector<double>{0.0};
  for (std::size_t sides = 0; sides < 4; ++sides) {
    std::size_t const side_d = sides / 2, side_e = sides % 2;
    for (double place : places) {
      std::array<double, 3> point{0.0, 0.0, 0.0};
      point[d] = side_d == 0 ? axes[d].low : axes[d].high;
      point[e] = side_e == 0 ? axes[e].low : axes[e].high;
      if (along < axes.size()) point[along] = place;
      edges.compare(boundary.faces[d][side_d](point), boundary.faces[e][side_e](point));
    }
  }
  return edges;
}

}  // namespace

void check_corners(Boundary const& boundary, std::vector<grid::Axis> const& axes) {
  for (std::size_t d = 0; d < axes.size(); ++d) {
    for (std::size_t e = d + 1; e < axes.size(); ++e) {
      auto const edges = compare_edges(boundary, axes, d, e);
      if (edges.jump <= 1e-8 * edges.largest) continue;
      throw bad_input(fmt::format("the faces of {} and {} disagree where they meet: {:.6g} and {:.6g}", axes[d].name,
                                  axes[e].name, edges.here, edges.there),
                      "Give data that are continuous around edges and corners");
    }
  }
}

Tensor lift(std::vector<AxisBasis> const& bases, Boundary const& boundary, grid::Layout const& coefficients) {
  Space const space;
  auto sum = linalg::make_tensor("gp_pde::lift", coefficients);
  std::vector<grid::Axis> axes;
  for (auto const& basis : bases) axes.push_back(basis.axis);
  for (unsigned subset = 1; subset < (1U << bases.size()); ++subset) {
    std::vector<bool> clamped;
    int count = 0;
    for (std::size_t d = 0; d < bases.size(); ++d) {
      clamped.push_back((subset >> d & 1U) != 0);
      count += clamped.back() ? 1 : 0;
    }
    auto const values = sample_faces(boundary, nodes_or_ends(axes, clamped), clamped);
    auto const part = lifted(space, bases, values, clamped, coefficients);
    add(space, count % 2 == 1 ? 1.0 : -1.0, part, sum);
  }
  space.fence();
  return sum;
}

}  // namespace kroma::gp_pde
