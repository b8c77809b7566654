#pragma once

#include <complex>
#include <functional>
#include <vector>

#include "core/space.hpp"
#include "problems/chromatography/column.hpp"
#include "problems/chromatography/transfer.hpp"

namespace kroma::chromatography {

/// Every component of a column with linear sorption, as its transfer function needs it.
std::vector<ColumnTransfer> make_transfers(Column const& column);

/// Where the transform is evaluated, sigma + i k step: the sum over k repeats itself after the period 2 pi / step and
/// is off by e^{-2 pi sigma / step} of the values there. Nodes are added until what is left out of the outlet is below
/// `tail`, relative to Column::scales().
struct Contour {
  double sigma = 0, step = 0, tail = 1e-18;
  /// For times up to `end`, to rounding: a period of 2 `periods` times that, and e^-34.
  static Contour up_to(double end, double periods);
  /// Both errors at most a quarter of `error`, relative to Column::scales().
  static Contour with_period(double period, double error);
  /// The shortest period for which rounding does not do more than that to values up to `end`. error > 1e-13.
  static double needed_period(double end, double error);
};

using Images = Kokkos::View<Kokkos::complex<double>**, Kokkos::LayoutRight, Space>;
/// Fills image (row, node) at s = sigma + i (first + node) step, and doubt, a bound of the modulus of its error.
using ImageEvaluator = std::function<void(Contour const&, int first, Images const& image, Matrix const& doubt)>;

/// Images at the nodes of a contour, as G(s) c_in(s) of the components of a column.
struct Spectrum {
  std::vector<std::vector<std::complex<double>>> image;  // (row, node)
  std::vector<double> doubt;  // (row), mol/m^3: what the doubt about a compressible carrier makes of the outlet
  bool decayed = false;       // within kMostNodes
};

inline constexpr int kMostNodes = 1 << 18;

/// For an outlet up to time `end`. Host and device.
Spectrum make_spectrum(Column const& column, Contour const& contour, double end);
/// The same of any images, to rounding.
Spectrum make_spectrum(std::size_t rows, ImageEvaluator const& evaluate, Contour const& contour, double end);

}  // namespace kroma::chromatography
