#include "problems/chromatography/transform.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/space.hpp"
#include "problems/chromatography/fourier.hpp"
#include "problems/chromatography/inlet_image.hpp"

namespace kroma::chromatography {
namespace {

using Complex = Kokkos::complex<double>;
using Transfers = Kokkos::View<ColumnTransfer*, Space>;

constexpr int kBlock = 512;  // nodes of the contour evaluated at once

ParticleTransfer make_particle(Column const& c, Particle const& p, std::size_t i) {
  ParticleTransfer t;
  double const a = p.shape_factor();
  t.phase_ratio = p.phase_ratio();
  t.capture = a * p.film_coefficient[i] * (1 - c.bed_porosity) * p.fraction / (c.bed_porosity * p.radius);
  t.exchange = a * p.film_coefficient[i] / (p.porosity * p.radius);
  t.shape = static_cast<int>(a);
  t.diffuses = c.model == ColumnModel::general_rate;
  if (t.diffuses) {
    double const k = c.binding.adsorption_rate[i] / c.binding.desorption_rate[i];
    double const d = p.pore_diffusion[i] + p.phase_ratio() * k * p.surface_diffusion[i];
    t.biot = p.film_coefficient[i] * p.radius / (p.porosity * d);
    t.diffusion = p.radius * p.radius / d;
  }
  return t;
}

/// Chebyshev points in ln p of a compressible carrier, weights, and the derivative by x; (0, 0) for a constant
/// velocity.
Matrix make_stations(Column const& c) {
  if (c.flow.closure == Closure::constant) return Matrix{"stations", 0, 0};
  double const end = std::log(c.flow.outlet_pressure / c.flow.inlet_pressure);
  auto const n = static_cast<std::size_t>(std::min(16 + 8 * std::ceil(-end), kMostStations * 1.0));
  double const stretch = -std::expm1(2 * end) / (2 * c.length);  // -dx e^{2 y} = stretch^-1 dy
  HostMatrix const host{"stations", kStationRows + n, n};
  auto const angle = [&](std::size_t i) {
    return std::numbers::pi * static_cast<double>(i) / static_cast<double>(n - 1);
  };
  auto const at = [&](std::size_t i) { return 0.5 * end * (1 - std::cos(angle(i))); };
  for (std::size_t i = 0; i < n; ++i) {
    double const y = at(i), dy_dx = -stretch * std::exp(-2 * y), u = c.flow.velocity * std::exp(-y);
    double weight = 0;  // Clenshaw and Curtis
    for (std::size_t k = 0; k < n; k += 2) {
      double const term = std::cos(static_cast<double>(k) * angle(i)) / (1.0 - static_cast<double>(k * k));
      weight += (k == 0 || k == n - 1 ? 0.5 : 1.0) * 2 * term;
    }
    bool const edge = i == 0 || i == n - 1;
    weight *= (edge ? 1.0 : 2.0) / static_cast<double>(n - 1);
    host(kVelocity, i) = u;
    host(kGradient, i) = -u * dy_dx;
    host(kWeight, i) = weight * 0.5 * end / dy_dx;
    double diagonal = 0;
    for (std::size_t j = 0; j < n; ++j) {
      if (j == i) continue;
      double const ci = edge ? 2 : 1, cj = j == 0 || j == n - 1 ? 2 : 1, sign = (i + j) % 2 == 0 ? 1 : -1;
      double const entry = sign * ci / cj / (at(i) - at(j));
      host(kStationRows + i, j) = entry * dy_dx;
      diagonal -= entry;
    }
    host(kStationRows + i, i) = diagonal * dy_dx;
  }
  return Kokkos::create_mirror_view_and_copy(Space{}, host);
}

struct Problem {
  std::size_t components;
  Transfers transfers;
  Matrix stations;
  double length;
  Inlet inlet;
};

Problem make_problem(Column const& column) {
  auto const rows = make_transfers(column);
  Kokkos::View<ColumnTransfer*, Kokkos::HostSpace> const host{"transfers", rows.size()};
  for (std::size_t i = 0; i < rows.size(); ++i) host(i) = rows[i];
  return {rows.size(), Kokkos::create_mirror_view_and_copy(Space{}, host), make_stations(column), column.length,
          make_inlet(column)};
}

/// image (component, node) = G(s) c_in(s) at s = sigma + i k step, nodes from `first` on; doubt the same, as a modulus.
void evaluate_images(Space const& space, Problem const& p, Contour const& contour, int first, Images image,
                     Matrix doubt) {
  auto const transfers = p.transfers;
  auto const stations = p.stations;
  auto const inlet = p.inlet;
  double const length = p.length;
  int const nodes = image.extent_int(1);
  Kokkos::parallel_for(
      "chromatography::evaluate_images",
      Kokkos::RangePolicy<Space>(space, 0, image.extent_int(0) * static_cast<std::int64_t>(nodes)),
      KOKKOS_LAMBDA(std::int64_t const index) {
        int const i = static_cast<int>(index / nodes), k = static_cast<int>(index % nodes);
        Complex const s{contour.sigma, contour.step * (first + k)};
        ColumnTransfer const& c = transfers(i);
        double change = 0;
        Complex g;
        if (stations.extent_int(0) > 0 && c.inverse_peclet > 0) {
          g = Kokkos::exp(log_transfer_compressible(c, stations, length, s, change));
        } else {
          g = c.expansion * Kokkos::exp(log_transfer(c, s));
        }
        Complex const f = g * inlet_image(inlet, i, s);
        image(i, k) = f;
        doubt(i, k) = change * Kokkos::abs(f);
      });
  space.fence();
}

ImageEvaluator evaluator_of(Column const& column) {
  return [problem = make_problem(column)](Contour const& contour, int first, Images const& image, Matrix const& doubt) {
    evaluate_images(Space{}, problem, contour, first, image, doubt);
  };
}

/// All nodes of the contour until the image has decayed: (component) lists.
struct Spectrum {
  std::vector<std::vector<std::complex<double>>> image;
  std::vector<double> doubt;  // sum of moduli
  bool decayed = false;
};

Spectrum make_spectrum(std::size_t rows, ImageEvaluator const& evaluate, Contour const& contour) {
  Images const image{"image", rows, kBlock};
  Matrix const doubt{"doubt", rows, kBlock};
  Spectrum spectrum{std::vector<std::vector<std::complex<double>>>(rows), std::vector<double>(rows)};
  std::vector<double> largest(rows, 0.0);
  for (int first = 0; first < kMostNodes && !spectrum.decayed; first += kBlock) {
    evaluate(contour, first, image, doubt);
    auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, image);
    auto const host_doubt = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, doubt);
    spectrum.decayed = true;
    for (std::size_t i = 0; i < rows; ++i) {
      double block = 0;
      for (std::size_t k = 0; k < kBlock; ++k) {
        spectrum.image[i].emplace_back(host(i, k).real(), host(i, k).imag());
        block = std::max(block, std::abs(spectrum.image[i].back()));
        spectrum.doubt[i] += host_doubt(i, k);
      }
      largest[i] = std::max(largest[i], block);
      // what is left out then is less than rounding makes of what is summed
      if (!(block <= 1e-17 * largest[i])) spectrum.decayed = false;
    }
    if (std::isnan(largest[0])) break;
  }
  return spectrum;
}

/// The interval of which all times are multiples, or 0.
double common_interval(std::vector<double> const& times) {
  if (times.size() < 8) return 0;
  double const h = times[1] - times[0], tolerance = 1e-12 * times.back();
  if (std::abs(std::remainder(times[0], h)) > tolerance) return 0;
  for (std::size_t j = 0; j < times.size(); ++j) {
    if (std::abs(times[j] - times[0] - static_cast<double>(j) * h) > tolerance) return 0;
  }
  return h;
}

/// Values at times j h, j < n: the image is folded into as many bins as the period has intervals.
std::vector<double> fast_sum(std::vector<std::complex<double>> const& image, Contour const& contour, double h,
                             std::size_t bins) {
  std::vector<std::complex<double>> folded(bins);
  for (std::size_t k = 0; k < image.size(); ++k) folded[k % bins] += k == 0 ? 0.5 * image[0] : image[k];
  inverse_fourier(folded);
  std::vector<double> values(bins);
  for (std::size_t j = 0; j < bins; ++j) {
    values[j] =
        std::exp(contour.sigma * h * static_cast<double>(j)) * contour.step / std::numbers::pi * folded[j].real();
  }
  return values;
}

/// Value at time t by the sum itself.
double direct_sum(std::vector<std::complex<double>> const& image, Contour const& contour, double t) {
  double sum = 0.5 * image[0].real();
  std::complex<double> const turn = std::polar(1.0, contour.step * t);
  std::complex<double> phase;
  for (std::size_t k = 1; k < image.size(); ++k) {
    // multiplying phases loses a digit in a hundred steps
    if (k % 32 == 1) {
      phase = std::polar(1.0, contour.step * static_cast<double>(k) * t);
    } else {
      phase = {phase.real() * turn.real() - phase.imag() * turn.imag(),
               phase.real() * turn.imag() + phase.imag() * turn.real()};
    }
    sum += image[k].real() * phase.real() - image[k].imag() * phase.imag();
  }
  return std::exp(contour.sigma * t) * contour.step / std::numbers::pi * sum;
}

Inverse finish(Spectrum const& spectrum, Contour const& contour, double end) {
  Inverse inverse;
  if (spectrum.decayed) inverse.nodes = static_cast<int>(spectrum.image[0].size());
  double const most = *std::max_element(spectrum.doubt.begin(), spectrum.doubt.end());
  inverse.doubt = std::exp(contour.sigma * end) * contour.step / std::numbers::pi * most;
  return inverse;
}

}  // namespace

std::vector<ColumnTransfer> make_transfers(Column const& c) {
  std::vector<ColumnTransfer> rows;
  for (std::size_t i = 0; i < c.count(); ++i) {
    ColumnTransfer t;
    t.hold_up = c.hold_up(c.length);
    t.inverse_peclet = c.dispersion[i] / (c.flow.velocity * c.length);
    t.expansion = c.expansion();
    t.phase_ratio = c.phase_ratio;
    t.adsorption = c.binding.adsorption_rate[i];
    t.desorption = c.binding.desorption_rate[i];
    t.kinetic = c.binding.kinetic;
    t.particle_count = static_cast<int>(c.particles.size());
    for (std::size_t j = 0; j < c.particles.size(); ++j) t.particles[j] = make_particle(c, c.particles[j], i);
    rows.push_back(t);
  }
  return rows;
}

Contour Contour::up_to(double end, double periods) {
  return {17 / (periods * end), std::numbers::pi / (periods * end)};
}

Inverse invert_images(std::size_t rows, ImageEvaluator const& evaluate, std::vector<double> const& times,
                      Contour const& contour) {
  auto const spectrum = make_spectrum(rows, evaluate, contour);
  auto inverse = finish(spectrum, contour, times.back());
  if (!spectrum.decayed) return inverse;
  for (double const t : times) {
    for (std::size_t i = 0; i < rows; ++i) inverse.values.push_back(direct_sum(spectrum.image[i], contour, t));
  }
  return inverse;
}

Inverse invert_images(std::size_t rows, ImageEvaluator const& evaluate, std::vector<double> const& times) {
  constexpr double periods = 3;
  double const h = common_interval(times);
  if (h == 0) return invert_images(rows, evaluate, times, Contour::up_to(times.back(), periods));
  std::size_t bins = 1;
  while (static_cast<double>(bins) * h < 2 * periods * times.back()) bins *= 2;
  double const end = static_cast<double>(bins) * h / (2 * periods);
  auto const contour = Contour::up_to(end, periods);
  auto const spectrum = make_spectrum(rows, evaluate, contour);
  auto inverse = finish(spectrum, contour, times.back());
  if (!spectrum.decayed) return inverse;
  auto const offset = static_cast<std::size_t>(std::llround(times[0] / h));
  inverse.values.resize(times.size() * rows);
  for (std::size_t i = 0; i < rows; ++i) {
    auto const values = fast_sum(spectrum.image[i], contour, h, bins);
    for (std::size_t j = 0; j < times.size(); ++j) inverse.values[j * rows + i] = values[offset + j];
  }
  return inverse;
}

Inverse invert_transform(Column const& column, std::vector<double> const& times, Contour const& contour) {
  return invert_images(column.count(), evaluator_of(column), times, contour);
}

Inverse invert_transform(Column const& column, std::vector<double> const& times) {
  return invert_images(column.count(), evaluator_of(column), times);
}

}  // namespace kroma::chromatography
