#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/input_file.hpp"
#include "problems/diffusion_couple/grains.hpp"

namespace kroma::diffusion_couple {
namespace {

/// Integrals over the cells about a corner, from -reach to reach, of phi and of minus its derivative, along one axis.
struct Weights {
  std::vector<double> mean, slope;

  Weights(double smear, int reach, double h) {
    auto const phi = [&](double s) {
      return s < smear ? (1 + std::cos(std::numbers::pi * s / smear)) / (2 * smear) : 0.0;
    };
    auto const share = [&](double s) {
      double const at = std::clamp(s / smear, -1.0, 1.0);
      return 0.5 * (at + std::sin(std::numbers::pi * at) / std::numbers::pi);
    };
    for (int m = -reach; m < reach; ++m) {
      mean.push_back(share(m + 1) - share(m));
      slope.push_back((phi(std::abs(m + 1)) - phi(std::abs(m))) / h);
    }
  }
};

class MappedGrains final : public Grains {
 public:
  MappedGrains(Box const& box, GrainOptions const& o)
      : box_{box}, first_{static_cast<std::size_t>(box.first())}, reach_{static_cast<int>(std::ceil(o.smear))} {
    for (std::size_t d = 0; d < 3; ++d) {
      weights_[d] = Weights{o.smear, d < first_ ? 1 : reach_, box.widths()[d]};
      choose_range(d);
    }
    read(o);
  }

  double grain(std::array<int, 3> const& cell) const override { return value(cell); }

  SymmetricTensor boundaries(std::array<int, 3> const& corner) const override {
    struct Side {
      double grain;
      std::array<double, 3> gradient;
    };
    std::vector<Side> sides;
    int const deep = first_ == 0 ? reach_ : 0;
    for (int i = -deep; i < std::max(deep, 1); ++i) {
      for (int j = -reach_; j < reach_; ++j) {
        for (int k = -reach_; k < reach_; ++k) {
          double const here = value({corner[0] + i, corner[1] + j, corner[2] + k});
          auto side = std::find_if(sides.begin(), sides.end(), [&](Side const& s) { return s.grain == here; });
          if (side == sides.end()) side = sides.insert(sides.end(), {here, {}});
          add(side->gradient, {i, j, k});
        }
      }
    }
    SymmetricTensor sum{};
    for (auto const& side : sides) add_side(sum, side.gradient);
    return sum;
  }

 private:
  /// The gradient of the smoothed indicator gains what a cell at these steps from the corner gives.
  void add(std::array<double, 3>& gradient, std::array<int, 3> const& step) const {
    for (std::size_t a = first_; a < 3; ++a) {
      double product = 1;
      for (std::size_t b = first_; b < 3; ++b) {
        auto const at = static_cast<std::size_t>(step[b] + reach_);
        product *= a == b ? weights_[b].slope[at] : weights_[b].mean[at];
      }
      gradient[a] += product;
    }
  }

  /// Half of phi (I - n n): the other half comes from the grain on the other side.
  void add_side(SymmetricTensor& sum, std::array<double, 3> const& gradient) const {
    double square = 0;
    for (double const part : gradient) square += part * part;
    double const phi = std::sqrt(square);
    if (phi * box_.widths()[2] < 1e-12) return;  // rounding inside a grain
    for (std::size_t a = first_; a < 3; ++a) {
      for (std::size_t b = first_; b < 3; ++b)
        sum[a][b] += 0.5 * phi * ((a == b ? 1.0 : 0.0) - gradient[a] * gradient[b] / square);
    }
  }

  /// Rows of the array that this rank needs: its own and `reach` more; all of them where that goes over a seam.
  void choose_range(std::size_t d) {
    int const n = box_.global()[d], more = d < first_ ? 0 : reach_;
    int const low = box_.begin()[d] - more, high = box_.begin()[d] + box_.local()[d] + more;
    bool const over = box_.joined(static_cast<int>(d)) && (low < 0 || high > n);
    from_[d] = over ? 0 : std::max(0, low);
    count_[d] = (over ? n : std::min(n, high)) - from_[d];
  }

  void read(GrainOptions const& o) {
    io::Block block;
    for (std::size_t d = first_; d < 3; ++d) {
      block.offset.push_back(from_[d]);
      block.count.push_back(count_[d]);
    }
    grains_ = io::InputFile::open(box_.comm(), o.file.path).numbers(o.dataset, block);
    agreed(box_.comm(), [&] {
      for (double const grain : grains_) {
        if (!std::isfinite(grain))
          throw bad_input(fmt::format("{}: {} holds a number of a grain that is not finite", o.file.path, o.dataset),
                          "");
      }
    });
  }

  /// The grain of any cell near this rank's: over seams, and beyond the outer faces that of the next cell.
  double value(std::array<int, 3> cell) const {
    std::size_t at = 0;
    for (std::size_t d = 0; d < 3; ++d) {
      int const n = box_.global()[d];
      cell[d] = box_.joined(static_cast<int>(d)) ? (cell[d] + n) % n : std::clamp(cell[d], 0, n - 1);
      at = at * static_cast<std::size_t>(count_[d]) + static_cast<std::size_t>(cell[d] - from_[d]);
    }
    return grains_[at];
  }

  Box const& box_;
  std::size_t first_;
  int reach_;
  std::array<Weights, 3> weights_{Weights{1, 1, 1}, Weights{1, 1, 1}, Weights{1, 1, 1}};
  std::array<int, 3> from_{}, count_{};
  std::vector<double> grains_;
};

}  // namespace

std::unique_ptr<Grains> mapped_grains(Box const& box, GrainOptions const& options) {
  return std::make_unique<MappedGrains>(box, options);
}

}  // namespace kroma::diffusion_couple
