#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "numerics/b_spline.hpp"
#include "problems/diffusion_couple/options.hpp"
#include "problems/diffusion_couple/similarity.hpp"

namespace kroma::diffusion_couple {

/// ln D of every phase as parameters: the coefficients of a cubic B-spline over composition, or of a line compound the
/// logarithm of its integrated coefficient.
class LogDiffusivity {
 public:
  struct Part {
    double low = 0, high = 1;  // composition; equal for a compound
    std::optional<numerics::BSplineBasis> basis;
    std::size_t first = 0;  // parameter

    std::size_t size() const { return basis ? static_cast<std::size_t>(basis->size()) : 1; }
  };

  /// One part for each phase that [low, high] touches; without phases one for it all. `knots` breakpoints in each.
  LogDiffusivity(std::vector<PhaseOptions> const& phases, double low, double high, int knots);

  std::vector<Part> const& parts() const { return parts_; }
  std::size_t size() const { return size_; }

  /// ln D of a part at composition c.
  double value(std::vector<double> const& parameters, std::size_t part, double c) const;
  double diffusivity(std::vector<double> const& parameters, std::size_t part, double c) const;
  /// The part whose range holds c; nothing in a gap.
  std::optional<std::size_t> part_of(double c) const;
  /// Parameters of the spline nearest to f at the parts' compositions, f(part, c) = ln D; `weight` of each composition.
  std::vector<double> nearest(std::function<double(std::size_t part, double c)> const& f,
                              std::function<double(double c)> const& weight) const;
  /// Rows R (rows, size) with |R p|^2 the roughness of all splines, of composition over their widths.
  HostMatrix roughness_root() const;

 private:
  std::vector<Part> parts_;
  std::size_t size_ = 0;
};

}  // namespace kroma::diffusion_couple
