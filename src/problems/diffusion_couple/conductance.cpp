#include "problems/diffusion_couple/conductance.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::diffusion_couple {
namespace {

using Index = std::array<int, 3>;

/// Row-major arrays of this rank: padded cells, corners.
struct Grid {
  explicit Grid(grid::Extents const& extents) : n{extents} {}
  std::size_t size() const { return at({n[0], 0, 0}); }
  std::size_t at(Index const& i) const {
    return (static_cast<std::size_t>(i[0]) * static_cast<std::size_t>(n[1]) + static_cast<std::size_t>(i[1])) *
               static_cast<std::size_t>(n[2]) +
           static_cast<std::size_t>(i[2]);
  }
  template <class Visit>
  void each(Visit const& visit) const {
    for (int i = 0; i < n[0]; ++i) {
      for (int j = 0; j < n[1]; ++j) {
        for (int k = 0; k < n[2]; ++k) visit(Index{i, j, k});
      }
    }
  }
  grid::Extents n;
};

grid::Extents corners_of(Box const& box) {
  auto n = box.local();
  for (auto d = static_cast<std::size_t>(box.first()); d < 3; ++d) ++n[d];
  return n;
}

double harmonic(double a, double b) { return 2 * a * b / (a + b); }

class Conductances {
 public:
  Conductances(Box const& box, Options const& options, CornerTensor const& corner)
      : box_{box},
        options_{options},
        anisotropy_{anisotropy_of(options)},
        corners_{corners_of(box)},
        padded_{box.padded()} {
    bool const sheared = anisotropy_[0][1] != 0 || anisotropy_[0][2] != 0 || anisotropy_[1][2] != 0;
    links_.dimension = box.dimension();
    links_.edges = sheared || corner;
    links_.n0 = box.local()[0];
    links_.n1 = box.local()[1];
    links_.n2 = box.local()[2];
    host_ = HostMatrix{"links", static_cast<std::size_t>(links_.rows()), corners_.size()};
    agreed(box.comm(), [&] {
      fill_factor();
      links_.edges ? from_corners(corner) : from_cells();
    });
    links_.value = kroma::Matrix{"links", host_.extent(0), host_.extent(1)};
    Kokkos::deep_copy(links_.value, host_);
  }

  Links const& links() const { return links_; }

 private:
  std::size_t row_of_face(int axis) const { return static_cast<std::size_t>(axis - box_.first()); }
  double width(int axis) const { return box_.widths()[static_cast<std::size_t>(axis)]; }

  /// Number among the faces of all ranks, and what happens there.
  int global(Index const& i, int axis) const {
    auto const d = static_cast<std::size_t>(axis);
    return i[d] + box_.begin()[d];
  }
  bool at_end(Index const& i, int axis) const {
    return !box_.joined(axis) &&
           (global(i, axis) == 0 || global(i, axis) == box_.global()[static_cast<std::size_t>(axis)]);
  }
  bool fixed(Index const& i, int axis) const {
    if (axis != box_.first() || !at_end(i, axis)) return false;
    return (global(i, axis) == 0 ? options_.left_end : options_.right_end).kind == EndKind::fixed;
  }

  /// The factor of the deck at the centres of padded cells; beyond ends and sealed sides that of the next cell.
  void fill_factor() {
    factor_.assign(padded_.size(), 1.0);
    if (!options_.diffusivity.position) return;
    padded_.each([&](Index const& i) {
      std::array<double, 3> centre{};
      for (int axis = box_.first(); axis < 3; ++axis) {
        auto const d = static_cast<std::size_t>(axis);
        int const n = box_.global()[d], at = i[d] - 1 + box_.begin()[d];
        centre[d] = (box_.joined(axis) ? (at + n) % n : std::clamp(at, 0, n - 1)) + 0.5;
      }
      auto const x = box_.place(centre);
      double const value = (*options_.diffusivity.position)({x[0], x[1], x[2]});
      if (!(value > 0 && std::isfinite(value))) {
        throw bad_input(fmt::format("diffusion_couple.diffusivity.position: is {} at x = {} m, y = {} m, z = {} m",
                                    value, x[0], x[1], x[2]),
                        "It must be above 0 everywhere.");
      }
      factor_[padded_.at(i)] = value;
    });
  }

  /// The padded cell on the high side of a corner's face, moved by `shift` along `axis`.
  double factor_at(Index i, int axis, int shift) const {
    for (int d = box_.first(); d < 3; ++d) ++i[static_cast<std::size_t>(d)];
    i[static_cast<std::size_t>(axis)] += shift;
    return factor_[padded_.at(i)];
  }

  void from_cells() {
    for (int axis = box_.first(); axis < 3; ++axis) {
      auto const d = static_cast<std::size_t>(axis);
      double const scale = anisotropy_[d][d] / (width(axis) * width(axis));
      corners_.each([&](Index const& i) {
        for (int other = box_.first(); other < 3; ++other) {
          if (other != axis && i[static_cast<std::size_t>(other)] == box_.local()[static_cast<std::size_t>(other)])
            return;
        }
        double const low = factor_at(i, axis, -1), high = factor_at(i, axis, 0);
        double const sealed = at_end(i, axis) ? (fixed(i, axis) ? 2.0 : 0.0) : 1.0;
        host_(row_of_face(axis), corners_.at(i)) = sealed * scale * harmonic(low, high);
      });
    }
  }

  /// Harmonic mean of the factor over the cells around a corner.
  double factor_at_corner(Index const& corner) const {
    double sum = 0;
    int count = 0;
    for (int bits = 0; bits < 8; ++bits) {
      Index i = corner;
      if (box_.first() == 1 && (bits & 1) != 0) continue;
      for (int d = box_.first(); d < 3; ++d) i[static_cast<std::size_t>(d)] += (bits >> d) & 1;
      sum += 1 / factor_[padded_.at(i)];
      ++count;
    }
    return count / sum;
  }

  SymmetricTensor tensor(Index const& i, CornerTensor const& corner) const {
    SymmetricTensor K = anisotropy_;
    if (corner) {
      auto const boundaries = corner({global(i, 0), global(i, 1), global(i, 2)});
      for (std::size_t a = 0; a < 3; ++a) {
        for (std::size_t b = 0; b < 3; ++b) K[a][b] += boundaries[a][b];
      }
    }
    double const factor = factor_at_corner(i);
    for (auto& row : K) {
      for (auto& value : row) value *= factor;
    }
    for (int axis = box_.first(); axis < 3; ++axis) {
      if (at_end(i, axis) && !fixed(i, axis)) seal(K, static_cast<std::size_t>(axis));
    }
    return K;
  }

  /// What is left of a tensor when the gradient along an axis is such that nothing flows along it.
  static void seal(SymmetricTensor& K, std::size_t axis) {
    auto const whole = K;
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t b = 0; b < 3; ++b) K[a][b] -= whole[a][axis] * whole[axis][b] / whole[axis][axis];
    }
    for (std::size_t a = 0; a < 3; ++a) K[a][axis] = K[axis][a] = 0;
  }

  void from_corners(CornerTensor const& corner) {
    std::vector<SymmetricTensor> tensors(corners_.size());
    corners_.each([&](Index const& i) { tensors[corners_.at(i)] = tensor(i, corner); });
    for (int axis = box_.first(); axis < 3; ++axis) {
      corners_.each([&](Index const& i) {
        double const both = fixed(i, axis) ? 2.0 : 1.0;
        host_(row_of_face(axis), corners_.at(i)) = both * mean(tensors, i, axis, axis) / (width(axis) * width(axis));
      });
    }
    auto row = static_cast<std::size_t>(box_.dimension());
    for (int a = box_.first(); a < 3; ++a) {
      for (int b = a + 1; b < 3; ++b, ++row) {
        corners_.each(
            [&](Index const& i) { host_(row, corners_.at(i)) = mean(tensors, i, a, b) / (2 * width(a) * width(b)); });
      }
    }
  }

  /// Mean of K_ab over the corners of the face across a (a = b), or of the edge across a and b, that begins at i; 0
  /// where that reaches out of this rank's corners.
  double mean(std::vector<SymmetricTensor> const& tensors, Index const& i, int a, int b) const {
    double sum = 0;
    int count = 0;
    for (int bits = 0; bits < 8; ++bits) {
      Index corner = i;
      bool own = true;
      for (int axis = 0; axis < 3; ++axis) {
        auto const d = static_cast<std::size_t>(axis);
        int const step = (bits >> axis) & 1;
        own = own && (step == 0 || (axis != a && axis != b && axis >= box_.first()));
        corner[d] += step;
      }
      if (!own) continue;
      for (std::size_t d = 0; d < 3; ++d) {
        if (corner[d] >= corners_.n[d]) return 0;
      }
      sum += tensors[corners_.at(corner)][static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
      ++count;
    }
    return sum / count;
  }

  Box const& box_;
  Options const& options_;
  SymmetricTensor anisotropy_;
  Grid corners_, padded_;
  std::vector<double> factor_;  // padded cells
  Links links_;
  HostMatrix host_;
};

bool positive_definite(SymmetricTensor const& K) {
  double const minor = K[0][0] * K[1][1] - K[0][1] * K[0][1];
  double const whole = K[2][2] * minor - K[0][2] * (K[0][2] * K[1][1] - K[0][1] * K[1][2]) +
                       K[1][2] * (K[0][1] * K[0][2] - K[0][0] * K[1][2]);
  return K[0][0] > 0 && minor > 0 && whole > 0;
}

}  // namespace

SymmetricTensor anisotropy_of(Options const& o) {
  SymmetricTensor K{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  auto const& given = o.diffusivity.anisotropy;
  std::size_t const first = o.couple.z > 0 ? 0 : 1;
  if (!given.empty()) {
    for (std::size_t d = first; d < 3; ++d) K[d][d] = given[d - first];
  }
  if (given.size() > 3 - first) {
    auto next = given.begin() + static_cast<std::ptrdiff_t>(3 - first);
    for (std::size_t a = first; a < 3; ++a) {
      for (std::size_t b = a + 1; b < 3; ++b) K[a][b] = K[b][a] = *next++;
    }
  }
  if (positive_definite(K)) return K;
  throw bad_input("diffusion_couple.diffusivity.anisotropy: is not positive definite",
                  "Factors along the axes must be above 0, and the others small enough that no direction has a "
                  "coefficient below 0.");
}

Links make_links(Box const& box, Options const& options, CornerTensor const& corner) {
  return Conductances{box, options, corner}.links();
}

}  // namespace kroma::diffusion_couple
