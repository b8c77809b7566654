#pragma once

#include <complex>
#include <string>
#include <vector>

#include "problems/chromatography/column.hpp"
#include "problems/chromatography/transfer.hpp"

namespace kroma::chromatography {

/// Every component of a column with linear sorption, as its transfer function needs it.
std::vector<ColumnTransfer> make_transfers(Column const& column);

/// Where the transform is evaluated, sigma + i k step: the sum over k repeats itself after 2 pi / step and is off by
/// e^{-2 pi sigma / step} of the values there.
struct Contour {
  double sigma = 0, step = 0;
  /// For times up to `end`: a period of 2 `periods` times that, and e^-34.
  static Contour up_to(double end, double periods);
};

struct Inverse {
  std::vector<double> values;  // (time, component), mol/m^3
  int nodes = 0;               // of the contour; 0 if the transform does not decay within kMostNodes
  double doubt = 0;            // bound of the error made along a compressible carrier, mol/m^3
};

inline constexpr int kMostNodes = 1 << 18;

/// Outlet of a column by the Fourier series method (Dubner and Abate 1968) on a contour: by a fast transform if `times`
/// are multiples of one interval and `contour` is empty, else by the sum itself. Host and device.
Inverse invert_transform(Column const& column, std::vector<double> const& times, Contour const& contour);
Inverse invert_transform(Column const& column, std::vector<double> const& times);

}  // namespace kroma::chromatography
