#pragma once

#include <optional>

namespace kroma::chromatography {

enum class Scheme { automatic, discontinuous_galerkin, finite_volume };

/// Keys of an expert: what is given is not chosen from the accuracy.
struct NumericOptions {
  std::optional<int> elements, degree, particle_points, stages;
  std::optional<double> tolerance;
  Scheme scheme = Scheme::automatic;

  /// Whether the grid is given, so that there is nothing to refine.
  bool fixed() const { return elements.has_value(); }
};

}  // namespace kroma::chromatography
