#pragma once

#include <vector>

#include "problems/chromatography/spectrum.hpp"

namespace kroma::chromatography {

struct Inverse {
  std::vector<double> values;  // (time, component), mol/m^3
  int nodes = 0;               // of the contour; 0 if the transform does not decay within kMostNodes
  double doubt = 0;            // bound of the error made along a compressible carrier, mol/m^3
};

inline constexpr double kLeastError = 1e-12;  // below it, rounding is what is asked for

/// (time, row) whose images are `evaluate`, by the Fourier series method (Dubner and Abate 1968) on a contour, to
/// rounding: by a fast transform if `times` are multiples of one interval and no contour is given, else by the sum
/// itself.
Inverse invert_images(std::size_t rows, ImageEvaluator const& evaluate, std::vector<double> const& times,
                      Contour const& contour);
Inverse invert_images(std::size_t rows, ImageEvaluator const& evaluate, std::vector<double> const& times);

/// Outlet of a column, likewise. Without a contour, by one for at most `error` relative to Column::scales(), or for
/// rounding. Host and device.
Inverse invert_transform(Column const& column, std::vector<double> const& times, Contour const& contour);
Inverse invert_transform(Column const& column, std::vector<double> const& times, double error = 0);

}  // namespace kroma::chromatography
