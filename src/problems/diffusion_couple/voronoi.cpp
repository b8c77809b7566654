#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "core/mix.hpp"
#include "problems/diffusion_couple/grains.hpp"

namespace kroma::diffusion_couple {
namespace {

using Point = std::array<double, 3>;

/// A number in [0, 1) from the seed of the deck, a grain and an axis.
double uniform(int seed, int grain, std::size_t axis) {
  auto const state = mix(mix(static_cast<std::uint64_t>(seed)) + static_cast<std::uint64_t>(grain) * 3 + axis);
  return static_cast<double>(state >> 11) * 0x1p-53;
}

struct Seed {
  Point x;  // m, along the axes of arrays
  int grain;
};

/// Points in bins of about one each.
class Bins {
 public:
  Bins(std::vector<Seed> seeds, Point const& low, Point const& high, double edge) : low_{low}, edge_{edge} {
    for (std::size_t d = 0; d < 3; ++d) count_[d] = std::max(1, static_cast<int>(std::ceil((high[d] - low[d]) / edge)));
    bins_.resize(static_cast<std::size_t>(count_[0]) * static_cast<std::size_t>(count_[1]) *
                 static_cast<std::size_t>(count_[2]));
    for (auto const& seed : seeds) bins_[at(bin_of(seed.x))].push_back(seed);
  }

  /// visit(seed) for those of the bins at Chebyshev distance `shell` from that of x; false if there are no such bins.
  template <class Visit>
  bool each(Point const& x, int shell, Visit const& visit) const {
    auto const own = bin_of(x);
    std::array<int, 3> from{}, to{};
    bool any = false;
    for (std::size_t d = 0; d < 3; ++d) {
      from[d] = std::max(0, own[d] - shell);
      to[d] = std::min(count_[d] - 1, own[d] + shell);
      any = any || own[d] - shell >= 0 || own[d] + shell < count_[d];
    }
    for (int i = from[0]; i <= to[0]; ++i) {
      for (int j = from[1]; j <= to[1]; ++j) {
        bool const inside = std::max(std::abs(i - own[0]), std::abs(j - own[1])) < shell;
        int const step = inside ? std::max(1, 2 * shell) : 1;
        for (int k = inside ? own[2] - shell : from[2]; k <= to[2]; k += step) {
          if (k < 0) continue;
          for (auto const& seed : bins_[at({i, j, k})]) visit(seed);
        }
      }
    }
    return any;
  }
  double edge() const { return edge_; }

 private:
  std::array<int, 3> bin_of(Point const& x) const {
    std::array<int, 3> bin{};
    for (std::size_t d = 0; d < 3; ++d)
      bin[d] = std::clamp(static_cast<int>(std::floor((x[d] - low_[d]) / edge_)), 0, count_[d] - 1);
    return bin;
  }
  std::size_t at(std::array<int, 3> const& bin) const {
    return (static_cast<std::size_t>(bin[0]) * static_cast<std::size_t>(count_[1]) + static_cast<std::size_t>(bin[1])) *
               static_cast<std::size_t>(count_[2]) +
           static_cast<std::size_t>(bin[2]);
  }

  Point low_;
  double edge_;
  std::array<int, 3> count_{};
  std::vector<std::vector<Seed>> bins_;
};

class VoronoiGrains final : public Grains {
 public:
  VoronoiGrains(Box const& box, GrainOptions const& o)
      : widths_{box.widths()},
        first_{static_cast<std::size_t>(box.first())},
        half_width_{o.smear * *std::max_element(widths_.begin() + box.first(), widths_.end())},
        bins_{make_bins(box, o)} {}

  double grain(std::array<int, 3> const& cell) const override { return near(place(cell, 0.5), 0.0).front().seed.grain; }

  SymmetricTensor boundaries(std::array<int, 3> const& corner) const override {
    SymmetricTensor sum{};
    auto const found = near(place(corner, 0.0), 2 * half_width_);
    auto const& own = found.front();
    for (auto const& other : found) {
      if (other.seed.grain == own.seed.grain) continue;  // itself, or its image: the same crystal
      Point n{};
      double length = 0;
      for (std::size_t d = 0; d < 3; ++d) {
        n[d] = other.seed.x[d] - own.seed.x[d];
        length += n[d] * n[d];
      }
      length = std::sqrt(length);
      double const distance = (other.square - own.square) / (2 * length);
      if (distance >= half_width_) continue;
      for (std::size_t d = 0; d < 3; ++d) n[d] /= length;
      add(sum, n, distance);
    }
    return sum;
  }

 private:
  struct Found {
    double square;  // of the distance, m^2
    Seed seed;
  };

  double square_distance(Point const& a, Point const& b) const {
    double square = 0;
    for (std::size_t d = first_; d < 3; ++d) square += (a[d] - b[d]) * (a[d] - b[d]);
    return square;
  }

  void add(SymmetricTensor& sum, Point const& n, double distance) const {
    double const phi = (1 + std::cos(std::numbers::pi * distance / half_width_)) / (2 * half_width_);
    for (std::size_t a = first_; a < 3; ++a) {
      for (std::size_t b = first_; b < 3; ++b) sum[a][b] += phi * ((a == b ? 1.0 : 0.0) - n[a] * n[b]);
    }
  }

  Point place(std::array<int, 3> const& index, double shift) const {
    Point x{};
    for (std::size_t d = first_; d < 3; ++d) x[d] = (index[d] + shift) * widths_[d];
    return x;
  }

  /// Seeds no farther than the nearest one and `more`, the nearest first.
  std::vector<Found> near(Point const& x, double more) const {
    std::vector<Found> found;
    std::size_t nearest = 0;
    double radius = std::numeric_limits<double>::infinity();
    bool any = true;
    for (int shell = 0; any && (shell - 1) * bins_.edge() <= radius; ++shell) {
      any = bins_.each(x, shell, [&](Seed const& seed) {
        double const square = square_distance(x, seed.x);
        if (std::sqrt(square) > radius) return;
        found.push_back({square, seed});
        if (found.size() == 1 || square < found[nearest].square) nearest = found.size() - 1;
        radius = std::sqrt(found[nearest].square) + more;
      });
    }
    std::swap(found.front(), found[nearest]);
    return found;
  }

  Bins make_bins(Box const& box, GrainOptions const& o) const {
    Point length{1, 1, 1}, low{}, high{};
    double volume = 1;
    std::array<int, 3> images{};
    for (std::size_t d = first_; d < 3; ++d) {
      length[d] = box.global()[d] * widths_[d];
      volume *= length[d];
      images[d] = box.joined(static_cast<int>(d)) ? 1 : 0;
      low[d] = -images[d] * length[d];
      high[d] = (1 + images[d]) * length[d];
    }
    std::vector<Seed> seeds;
    for (int grain = 0; grain < o.number; ++grain) {
      Point x{};
      for (std::size_t d = first_; d < 3; ++d) x[d] = length[d] * uniform(o.seed, grain, d - first_);
      for (int i = -images[0]; i <= images[0]; ++i) {
        for (int j = -images[1]; j <= images[1]; ++j) {
          for (int k = -images[2]; k <= images[2]; ++k)
            seeds.push_back({{x[0] + i * length[0], x[1] + j * length[1], x[2] + k * length[2]}, grain});
        }
      }
    }
    return {std::move(seeds), low, high, std::pow(volume / o.number, 1.0 / box.dimension())};
  }

  std::array<double, 3> widths_;
  std::size_t first_;
  double half_width_;
  Bins bins_;
};

}  // namespace

std::unique_ptr<Grains> voronoi_grains(Box const& box, GrainOptions const& options) {
  return std::make_unique<VoronoiGrains>(box, options);
}

}  // namespace kroma::diffusion_couple
