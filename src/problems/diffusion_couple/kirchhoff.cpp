#include "problems/diffusion_couple/kirchhoff.hpp"

#include <array>
#include <string>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr int kFirst = 256, kMost = 1 << 17;
// Tables of straight lines have kinks, at which W settles with the square of the interval: there less will do.
constexpr int kKinks = 1 << 14;
constexpr double kKinkTolerance = 1e-9;

/// Gauss-Legendre nodes and weights of order 8 on [0, 1].
constexpr std::array<std::array<double, 2>, 4> kGauss{{{0.06943184420297371, 0.17392742256872693},
                                                       {0.33000947820757187, 0.32607257743127307},
                                                       {0.6699905217924281, 0.32607257743127307},
                                                       {0.9305681557970262, 0.17392742256872693}}};

/// D at c, refused unless it is above 0.
struct Checked {
  std::function<double(double)> const& diffusivity;
  std::string const& what;

  double operator()(double c) const {
    double const value = diffusivity(c);
    if (value > 0 && std::isfinite(value)) return value;
    throw bad_input(fmt::format("{}: the diffusivity is {} m^2/s at c = {}", what, value, c),
                    "It must be above 0 for all compositions between the end members.");
  }
};

double integral(Checked const& D, double from, double to) {
  double sum = 0;
  for (auto const& [node, weight] : kGauss) sum += weight * D(from + (to - from) * node);
  return sum * (to - from);
}

KirchhoffTable<Host> table_of(Checked const& D, double low, double high, int intervals) {
  auto const n = static_cast<std::size_t>(intervals) + 1;
  VectorOn<Host> potentials{"potentials", n}, coefficients{"coefficients", n};
  double const step = (high - low) / intervals;
  for (int i = 0; i <= intervals; ++i) {
    coefficients(i) = D(low + i * step);
    if (i > 0) potentials(i) = potentials(i - 1) + integral(D, low + (i - 1) * step, low + i * step);
  }
  return {potentials, coefficients, low, step};
}

/// Largest error of W at points a third into the intervals, relative to its range.
double error_of(KirchhoffTable<Host> const& table, Checked const& D) {
  int const n = table.potentials.extent_int(0) - 1;
  double worst = 0;
  for (int i = 0; i < n; ++i) {
    double const from = table.low + i * table.step, at = from + table.step / 3;
    worst = std::max(worst, std::abs(table.potentials(i) + integral(D, from, at) - table(at).potential));
  }
  return worst / table.potentials(n);
}

}  // namespace

KirchhoffTable<Host> tabulate(std::function<double(double)> const& diffusivity, double low, double high,
                              std::string const& what, double tolerance) {
  Checked const D{diffusivity, what};
  for (int intervals = kFirst;; intervals *= 2) {
    auto table = table_of(D, low, high, intervals);
    double const error = error_of(table, D);
    if (error <= tolerance || (intervals >= kKinks && error <= kKinkTolerance)) return table;
    if (intervals == kMost) {
      throw bad_input(fmt::format("{}: the diffusivity changes too fast to be tabulated to {}", what, tolerance),
                      "Look for jumps in it: give phases with ranges instead.");
    }
  }
}

KirchhoffTable<Space> to_device(KirchhoffTable<Host> const& table) {
  return {Kokkos::create_mirror_view_and_copy(Space{}, table.potentials),
          Kokkos::create_mirror_view_and_copy(Space{}, table.coefficients), table.low, table.step};
}

}  // namespace kroma::diffusion_couple
