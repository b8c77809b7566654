#include "problems/gp_pde/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/gp_pde/kernels.hpp"

namespace kroma::gp_pde {
namespace {

void refuse_point(deck::Function const& f, std::string const& name, PointSet const& points, std::array<int, 3> index,
                  double value) {
  std::string where;
  for (std::size_t d = 0; d < points.size(); ++d) {
    where += fmt::format("{}{} = {:.6g}", d > 0 ? ", " : "", f.arguments()[d],
                         points[d][static_cast<std::size_t>(index[d])]);
  }
  throw bad_input(fmt::format("{}: \"{}\" is {} at {}", name, f.text(), value, where),
                  "A function must be finite on the whole domain");
}

/// f on the box of the point set that begins at `begin` and has n points along each axis, row-major.
void sample_box(deck::Function const& f, std::string const& name, PointSet const& points,
                std::array<int, 3> const& begin, grid::Extents const& n, double* values) {
  std::size_t const axes = points.size(), row = static_cast<std::size_t>(n[1]) * static_cast<std::size_t>(n[2]);
  std::vector<double> arguments(3 * row, 0.0);  // of three coordinates, whatever axes there are
  for (int i = 0; i < n[0]; ++i) {
    std::size_t at = 0;
    for (int j = 0; j < n[1]; ++j) {
      for (int k = 0; k < n[2]; ++k) {
        std::array const index{begin[0] + i, begin[1] + j, begin[2] + k};
        for (std::size_t d = 0; d < axes; ++d) arguments[at + d] = points[d][static_cast<std::size_t>(index[d])];
        at += 3;
      }
    }
    double* const out = values + static_cast<std::size_t>(i) * row;
    f.evaluate(arguments, {out, row});
    auto const* const bad = std::find_if(out, out + row, [](double v) { return !std::isfinite(v); });
    if (bad != out + row) {
      auto const flat = static_cast<int>(bad - out);
      refuse_point(f, name, points, {begin[0] + i, begin[1] + flat / n[2], begin[2] + flat % n[2]}, *bad);
    }
  }
}

/// f on the part of the point set that `layout` gives this rank.
HostTensor sample_part(deck::Function const& f, std::string const& name, PointSet const& points,
                       grid::Layout const& layout) {
  auto const n = layout.local();
  HostTensor values{"gp_pde::sample", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                    static_cast<std::size_t>(n[2])};
  sample_box(f, name, points, {layout.begin(0), layout.begin(1), layout.begin(2)}, n, values.data());
  return values;
}

}  // namespace

grid::Extents extents_of(PointSet const& points) {
  grid::Extents n{1, 1, 1};
  for (std::size_t d = 0; d < points.size(); ++d) n[d] = static_cast<int>(points[d].size());
  return n;
}

Tensor sample(deck::Function const& f, std::string const& key, PointSet const& points, MPI_Comm comm) {
  grid::Layout const layout{comm, extents_of(points)};
  auto const host = agreed(comm, [&] { return sample_part(f, to_string(f.mark()) + ": " + key, points, layout); });
  return Kokkos::create_mirror_view_and_copy(Space{}, host);
}

HostTensor sample_here(deck::Function const& f, std::string const& name, PointSet const& points) {
  return sample_part(f, name, points, {MPI_COMM_SELF, extents_of(points)});
}

std::vector<double> sample_values(deck::Function const& f, std::string const& name, PointSet const& points) {
  auto const n = extents_of(points);
  std::vector<double> values(static_cast<std::size_t>(n[0]) * static_cast<std::size_t>(n[1]) *
                             static_cast<std::size_t>(n[2]));
  sample_box(f, name, points, {0, 0, 0}, n, values.data());
  return values;
}

void weigh(std::vector<grid::Axis> const& axes, grid::Layout const& nodes, Tensor values) {
  std::array<Vector, 3> roots;
  for (std::size_t d = 0; d < 3; ++d) {
    int const begin = nodes.begin(static_cast<int>(d)), count = nodes.count(static_cast<int>(d));
    roots[d] = Vector{"gp_pde::roots", static_cast<std::size_t>(count)};
    auto const host = Kokkos::create_mirror_view(roots[d]);
    for (int i = 0; i < count; ++i) {
      host(i) = d < axes.size() ? std::sqrt(axes[d].weights[static_cast<std::size_t>(begin + i)]) : 1.0;
    }
    Kokkos::deep_copy(roots[d], host);
  }
  scale_axes(Space{}, roots[0], roots[1], roots[2], values);
}

std::vector<double> jittered(double low, double high, int count, std::uint64_t seed) {
  std::mt19937_64 generator{seed};
  std::vector<double> points(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    double const fraction = static_cast<double>(generator() >> 11) * 0x1p-53;
    points[static_cast<std::size_t>(i)] = low + (high - low) * (i + fraction) / count;
  }
  return points;
}

std::vector<double> midpoints(double low, double high, int count) {
  std::vector<double> points(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) points[static_cast<std::size_t>(i)] = low + (high - low) * (i + 0.5) / count;
  return points;
}

}  // namespace kroma::gp_pde
