#include "problems/gp_pde/support.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "linalg/dense.hpp"
#include "linalg/kronecker.hpp"
#include "linalg/mode_product.hpp"
#include "problems/gp_pde/kernels.hpp"

namespace kroma::gp_pde {
namespace {

using std::numbers::pi;

constexpr int kPadding = 4;  // frequency step 1 / (4 length): no peak of the window falls between two rows

/// Largest modulus over this rank's fibres along `mode`, for each frequency.
std::vector<double> fibre_modulus(Space const& space, WindowedTransform const& transform, ConstTensor x, int mode) {
  std::vector<double> modulus(transform.frequency.size(), 0.0);
  if (x.size() == 0) return modulus;
  int const total = static_cast<int>(modulus.size());
  for (int begin = 0; begin < total; begin += kRowsAtOnce) {
    int const count = std::min(kRowsAtOnce, total - begin);
    grid::Extents n{x.extent_int(0), x.extent_int(1), x.extent_int(2)};
    n[static_cast<std::size_t>(mode)] = count;
    auto const cosine = linalg::make_tensor("gp_pde::cosine", {MPI_COMM_SELF, n});
    auto const sine = linalg::make_tensor("gp_pde::sine", {MPI_COMM_SELF, n});
    linalg::mode_product(space, 1.0, linalg::to_device(linalg::rows(transform.cosine, begin, count)), x, mode, 0.0,
                         cosine);
    linalg::mode_product(space, 1.0, linalg::to_device(linalg::rows(transform.sine, begin, count)), x, mode, 0.0, sine);
    Vector power{"gp_pde::power", static_cast<std::size_t>(count)};
    largest_power(space, cosine, sine, mode, power);
    auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, power);
    for (int i = 0; i < count; ++i) modulus[static_cast<std::size_t>(begin + i)] = std::sqrt(host(i));
  }
  return modulus;
}

void raise_to(std::vector<double>& a, std::vector<double> const& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::max(a[i], b[i]);
}

double peak(std::vector<double> const& a) { return *std::max_element(a.begin(), a.end()); }

/// The source's modulus along every axis, over all ranks.
std::vector<std::vector<double>> source_modulus(std::vector<WindowedTransform> const& transforms, Tensor source,
                                                grid::Layout const& nodes) {
  Space const space;
  std::vector<std::vector<double>> moduli;
  for (std::size_t d = 0; d < transforms.size(); ++d) {
    auto const axis = static_cast<int>(d);
    auto const mine = fibre_modulus(space, transforms[d], grid::with_whole_axis(space, nodes, source, axis), axis);
    std::vector<double> all(mine.size());
    MPI_Allreduce(mine.data(), all.data(), static_cast<int>(mine.size()), MPI_DOUBLE, MPI_MAX, nodes.comm());
    moduli.push_back(std::move(all));
  }
  return moduli;
}

/// Modulus along axis d of the data on the faces normal to axis e.
std::vector<double> face_modulus(WindowedTransform const& transform, std::vector<grid::Axis> const& axes,
                                 Boundary const& boundary, std::size_t e, std::size_t d) {
  PointSet points;
  for (auto const& axis : axes) points.push_back(axis.nodes);
  auto conditions = boundary.conditions(e);
  for (auto const& side : boundary.surplus[e]) conditions.insert(conditions.end(), side.begin(), side.end());
  if (conditions.empty()) return std::vector<double>(transform.frequency.size(), 0.0);
  auto const values = Kokkos::create_mirror_view_and_copy(Space{}, sample_faces(conditions, points, e));
  return fibre_modulus(Space{}, transform, values, static_cast<int>(d));
}

/// Intervals where modulus > cutoff, widened by `margin` on both sides.
std::vector<FrequencyBand> bands_above(std::vector<double> const& frequency, std::vector<double> const& modulus,
                                       double cutoff, double margin) {
  std::vector<FrequencyBand> bands;
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (modulus[i] > cutoff) bands.push_back({frequency[i] - margin, frequency[i] + margin});
  }
  return bands;
}

/// Frequency along axis e at which its part of the operator balances a part of the given size: how fast a homogeneous
/// solution varies along e (waves, layers exp(-k s), transported profiles).
double matching_frequency(Equation const& equation, grid::Axis const& axis, std::size_t e, double size) {
  double low = 0, high = axis.nyquist();
  for (int step = 0; step < 60; ++step) {  // the symbol rises
    double const middle = 0.5 * (low + high);
    (axis_symbol(equation, static_cast<int>(e), 2 * pi * middle) < size ? low : high) = middle;
  }
  return high;
}

}  // namespace

double kaiser_window(double t, double tolerance) {
  double const beta = 2.3 * 1.05 * -std::log10(tolerance);
  return std::cyl_bessel_i(0.0, beta * std::sqrt(std::max(0.0, 1.0 - t * t))) / std::cyl_bessel_i(0.0, beta);
}

int window_frequencies(grid::Axis const& axis) {
  return 1 + static_cast<int>(kPadding * axis.length() * axis.nyquist());
}

WindowedTransform windowed_transform(grid::Axis const& axis, double tolerance, double limit) {
  WindowedTransform result;
  double const step = 1.0 / (kPadding * axis.length());
  for (int j = 0; j * step <= limit; ++j) result.frequency.push_back(j * step);
  auto const n = static_cast<std::size_t>(axis.size());
  result.cosine = HostMatrix{"cosine", result.frequency.size(), n};
  result.sine = HostMatrix{"sine", result.frequency.size(), n};
  for (std::size_t i = 0; i < n; ++i) {
    double const offset = axis.nodes[i] - axis.centre();
    double const weight = axis.weights[i] * kaiser_window(2 * offset / axis.length(), tolerance);
    for (std::size_t j = 0; j < result.frequency.size(); ++j) {
      double const phase = 2 * pi * result.frequency[j] * offset;
      result.cosine(j, i) = weight * std::cos(phase);
      result.sine(j, i) = weight * std::sin(phase);
    }
  }
  return result;
}

std::vector<AxisSupport> detect_support(Equation const& equation, std::vector<grid::Axis> const& axes,
                                        Boundary const& boundary, Tensor source, grid::Layout const& nodes,
                                        double tolerance) {
  std::vector<WindowedTransform> transforms;
  for (auto const& axis : axes) transforms.push_back(windowed_transform(axis, tolerance, axis.nyquist()));
  auto moduli = source_modulus(transforms, source, nodes);
  double const reaction = std::abs(equation.reaction());
  for (std::size_t d = 0; d < axes.size(); ++d) {
    int const axis = static_cast<int>(d);
    double const lowest = axis_symbol(equation, axis, 2 * pi / axes[d].length()) + reaction;
    for (std::size_t i = 0; i < moduli[d].size(); ++i) {
      moduli[d][i] /= axis_symbol(equation, axis, 2 * pi * transforms[d].frequency[i]) + lowest;
    }
  }
  // Data on the faces normal to e, along d; then into the normal direction as far as they reach along the face.
  std::vector<std::vector<std::pair<std::size_t, std::vector<double>>>> on_faces(axes.size());
  for (std::size_t d = 0; d < axes.size(); ++d) {
    for (std::size_t e = 0; e < axes.size(); ++e) {
      if (e == d) continue;
      on_faces[d].emplace_back(e, face_modulus(transforms[d], axes, boundary, e, d));
      raise_to(moduli[d], on_faces[d].back().second);
    }
  }
  std::vector<std::vector<FrequencyBand>> bands(axes.size());
  for (std::size_t d = 0; d < axes.size(); ++d) {
    double const cutoff = tolerance * peak(moduli[d]), margin = 1 / axes[d].length();
    auto const& frequency = transforms[d].frequency;
    bands[d].push_back({0.0, 8 / axes[d].length()});
    bands[d].push_back({0.0, matching_frequency(equation, axes[d], d, reaction) + 2 * margin});
    auto const own = bands_above(frequency, moduli[d], cutoff, margin);
    bands[d].insert(bands[d].end(), own.begin(), own.end());
    for (auto const& [e, modulus] : on_faces[d]) {
      auto const along = bands_above(frequency, modulus, cutoff, margin);
      if (along.empty()) continue;
      double const size = axis_symbol(equation, static_cast<int>(d), 2 * pi * along.back().high) + reaction;
      bands[e].push_back({0.0, matching_frequency(equation, axes[e], e, size)});
    }
  }
  std::vector<AxisSupport> result;
  for (std::size_t d = 0; d < axes.size(); ++d) {
    double const largest = peak(moduli[d]);
    if (largest > 0) {
      for (double& m : moduli[d]) m /= largest;
    }
    result.push_back({transforms[d].frequency, moduli[d], merged(bands[d], axes[d].nyquist())});
  }
  return result;
}

}  // namespace kroma::gp_pde
