#pragma once

#include <complex>
#include <functional>
#include <string>
#include <vector>

#include "core/space.hpp"
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

using Images = Kokkos::View<Kokkos::complex<double>**, Kokkos::LayoutRight, Space>;
/// Fills image (row, node) at s = sigma + i (first + node) step, and doubt, a bound of the modulus of its error.
using ImageEvaluator = std::function<void(Contour const&, int first, Images const& image, Matrix const& doubt)>;

struct Inverse {
  std::vector<double> values;  // (time, component), mol/m^3
  int nodes = 0;               // of the contour; 0 if the transform does not decay within kMostNodes
  double doubt = 0;            // bound of the error made along a compressible carrier, mol/m^3
};

inline constexpr int kMostNodes = 1 << 18;

/// (time, row) whose images are `evaluate`, by the Fourier series method (Dubner and Abate 1968) on a contour: by a
/// fast transform if `times` are multiples of one interval and no contour is given, else by the sum itself.
Inverse invert_images(std::size_t rows, ImageEvaluator const& evaluate, std::vector<double> const& times,
                      Contour const& contour);
Inverse invert_images(std::size_t rows, ImageEvaluator const& evaluate, std::vector<double> const& times);

/// Outlet of a column by the Fourier series method (Dubner and Abate 1968) on a contour: by a fast transform if `times`
/// are multiples of one interval and `contour` is empty, else by the sum itself. Host and device.
Inverse invert_transform(Column const& column, std::vector<double> const& times, Contour const& contour);
Inverse invert_transform(Column const& column, std::vector<double> const& times);

}  // namespace kroma::chromatography
