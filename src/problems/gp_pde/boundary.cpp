#include "problems/gp_pde/boundary.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "linalg/kronecker.hpp"
#include "linalg/mode_product.hpp"
#include "problems/gp_pde/kernels.hpp"

namespace kroma::gp_pde {
namespace {

std::string face_key(std::size_t axis, int side) {
  return fmt::format("gp_pde.boundary.{}_{}", "xyz"[axis], side == 0 ? "low" : "high");
}

double largest(HostTensor values) {
  double result = 0;
  for (std::size_t i = 0; i < values.size(); ++i) result = std::max(result, std::abs(values.data()[i]));
  return result;
}

PointSet nodes_or_ends(std::vector<grid::Axis> const& axes, std::vector<bool> const& clamped) {
  PointSet points;
  for (std::size_t d = 0; d < axes.size(); ++d) {
    points.push_back(clamped[d] ? std::vector<double>{axes[d].low, axes[d].high} : axes[d].nodes);
  }
  return points;
}

/// Rows [begin, begin + count) of a matrix.
HostMatrix rows(HostMatrix a, int begin, int count) {
  HostMatrix part{"rows", static_cast<std::size_t>(count), a.extent(1)};
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < a.extent_int(1); ++j) part(i, j) = a(begin + i, j);
  }
  return part;
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

/// One product of the Boolean sum: the clamped axes lifted, the others projected; this rank's rows of axis 0 only.
Tensor lifted(Space const& space, std::vector<AxisBasis> const& bases, HostTensor values, std::vector<bool> const& clamped,
              grid::Layout const& coefficients) {
  Tensor current = Kokkos::create_mirror_view_and_copy(Space{}, values);
  for (std::size_t step = bases.size(); step-- > 0;) {  // axis 0 last, when the others are already short
    auto matrix = to_coefficients(bases[step], clamped[step]);
    if (step == 0) matrix = rows(matrix, coefficients.begin(), coefficients.local()[0]);
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
    auto const values = sample_here(f, face_key(first, side), face);
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

void check_corners(Boundary const& boundary, std::vector<grid::Axis> const& axes) {
  for (std::size_t d = 0; d < axes.size(); ++d) {
    for (std::size_t e = d + 1; e < axes.size(); ++e) {
      std::vector<bool> both(axes.size(), false);
      both[d] = both[e] = true;
      auto const points = nodes_or_ends(axes, both);
      auto const here = sample_faces(boundary, points, both);
      auto swapped = both;  // the other face of the pair decides
      swapped[d] = false;
      auto const there = sample_faces(boundary, points, swapped);
      double const tolerance = 1e-8 * std::max(largest(here), largest(there));
      for (std::size_t i = 0; i < here.size(); ++i) {
        if (std::abs(here.data()[i] - there.data()[i]) <= tolerance) continue;
        throw bad_input(fmt::format("{}: gp_pde.boundary: the faces of {} and {} disagree where they meet: {:.6g} and {:.6g}",
                                    to_string(boundary.faces[e][0].mark()), axes[d].name, axes[e].name, here.data()[i],
                                    there.data()[i]),
                        "Give boundary data that are continuous around edges and corners.");
      }
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
