#include "problems/chromatography/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/space.hpp"
#include "core/vectorised.hpp"
#include "linalg/dense.hpp"
#include "problems/chromatography/inlet_image.hpp"

namespace kroma::chromatography {
namespace {

using Complex = Kokkos::complex<double>;
using Transfers = Kokkos::View<ColumnTransfer*, Space>;

constexpr bool kOnHost = Kokkos::SpaceAccessibility<Kokkos::HostSpace, Space::memory_space>::accessible;
constexpr int kWide = kOnHost ? 8 : 1;  // nodes side by side
// Nodes of the contour between two looks at whether a transform has decayed: its own, and that of any other.
constexpr int kBlock = kOnHost ? 64 : 512, kOthersBlock = 512;

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

/// What changes where one straight section follows another: for times from `at` on, value + slope (t - at) is added.
struct Jumps {
  ConstVector at;            // (edge), s
  ConstMatrix value, slope;  // (edge, component)
};

/// Edges where nothing changes are left out, and so is the end of the last section, where it does not grow: what comes
/// after that is not asked for.
Jumps make_jumps(Column const& column) {
  std::vector<double> at;
  std::vector<std::vector<double>> value, slope;
  auto const n = column.count();
  for (std::size_t e = 0; e <= column.sections.size(); ++e) {
    bool const last = e == column.sections.size();
    double const time = last ? column.end() : column.sections[e].begin;
    std::vector<double> dv(n, 0.0), ds(n, 0.0);
    bool changes = false, grows = false;
    for (std::size_t i = 0; i < n; ++i) {
      if (e > 0) {
        auto const& before = column.sections[e - 1];
        dv[i] -= before.concentration[i] + before.slope[i] * (time - before.begin);
        ds[i] -= before.slope[i];
      }
      grows = grows || ds[i] != 0;
      if (!last) {
        dv[i] += column.sections[e].concentration[i];
        ds[i] += column.sections[e].slope[i];
      }
      changes = changes || dv[i] != 0 || ds[i] != 0;
    }
    if (!changes || (last && !grows)) continue;
    at.push_back(time);
    value.push_back(dv);
    slope.push_back(ds);
  }
  HostMatrix const values{"jumps", at.size(), n}, slopes{"jumps", at.size(), n};
  for (std::size_t e = 0; e < at.size(); ++e) {
    for (std::size_t i = 0; i < n; ++i) {
      values(e, i) = value[e][i];
      slopes(e, i) = slope[e][i];
    }
  }
  return {to_device(at), linalg::to_device(values), linalg::to_device(slopes)};
}

/// One jump at the begin as large as all that curved sections do together.
Jumps make_bound(Column const& column) {
  HostMatrix const size{"jumps", 1, column.count()}, nothing{"jumps", 1, column.count()};
  for (std::size_t i = 0; i < column.count(); ++i) {
    for (auto const& section : column.sections) size(0, i) += 8 * section.largest(i);
  }
  return {to_device({0.0}), linalg::to_device(size), linalg::to_device(nothing)};
}

struct Problem {
  std::size_t components;
  Transfers transfers;
  Matrix stations;
  double length;
  Inlet inlet;
  bool straight;  // sections, so that `jumps` say what enters; otherwise they bound it
  Jumps jumps;
};

Problem make_problem(Column const& column) {
  auto const rows = make_transfers(column);
  Kokkos::View<ColumnTransfer*, Kokkos::HostSpace> const host{"transfers", rows.size()};
  for (std::size_t i = 0; i < rows.size(); ++i) host(i) = rows[i];
  bool const straight =
      std::all_of(column.sections.begin(), column.sections.end(), [](Section const& s) { return s.is_straight(); });
  return {rows.size(),
          Kokkos::create_mirror_view_and_copy(Space{}, host),
          make_stations(column),
          column.length,
          make_inlet(column),
          straight,
          straight ? make_jumps(column) : make_bound(column)};
}

/// What a block of nodes is evaluated into: (row, node) images, their doubt as a modulus, and a bound of their modulus
/// that falls steadily where an image waves.
struct Block {
  Images image;
  Matrix doubt, bound;

  Block(std::size_t rows, int nodes)
      : image{"image", rows, static_cast<std::size_t>(nodes)},
        doubt{"doubt", rows, static_cast<std::size_t>(nodes)},
        bound{"bound", rows, static_cast<std::size_t>(nodes)} {}
};

/// Transform of the inlet of component i, and the bound of its modulus.
template <class Pack>
KOKKOS_FORCEINLINE_FUNCTION chromatography::Complex<Pack> jumps_image(Jumps const& jumps, int i,
                                                                      chromatography::Complex<Pack> const& s,
                                                                      Pack& bound) {
  chromatography::Complex<Pack> sum(0.0);
  auto const inverse = 1.0 / s;
  Pack const size = modulus(inverse);
  bound = Pack(0.0);
  for (int e = 0; e < jumps.at.extent_int(0); ++e) {
    double const v = jumps.value(e, i), d = jumps.slope(e, i), at = jumps.at(e);
    auto const wave = inverse * (v + d * inverse);
    sum += at == 0 ? wave : exp(-at * s) * wave;
    Pack const weight = exponential(-Pack(at) * s.re);
    bound += weight * size * (Pack(v < 0 ? -v : v) + Pack(d < 0 ? -d : d) * size);
  }
  return sum;
}

/// Nodes `first` + k ... of the contour, as many as lanes, of component i.
template <int W>
KOKKOS_FORCEINLINE_FUNCTION void evaluate(Problem const& p, Contour const& contour, int first, int i, int k,
                                          Block const& block) {
  chromatography::Complex<Lanes<W>> s(contour.sigma), g, f;
  for (int l = 0; l < W; ++l) s.im[l] = contour.step * (first + k + l);
  ColumnTransfer const& c = p.transfers(i);
  Lanes<W> change(0.0), bound;
  if (p.stations.extent_int(0) > 0 && c.inverse_peclet > 0) {
    for (int l = 0; l < W; ++l) {
      auto const one =
          Kokkos::exp(log_transfer_compressible(c, p.stations, p.length, Complex{s.re[l], s.im[l]}, change[l]));
      g.re[l] = one.real();
      g.im[l] = one.imag();
    }
  } else {
    g = c.expansion * transfer(c, s);
  }
  f = jumps_image(p.jumps, i, s, bound);
  // To rounding, each section's own difference loses less than that of all jumps.
  if (!p.straight || contour.tail <= Contour{}.tail) {
    for (int l = 0; l < W; ++l) {
      auto const one = inlet_image(p.inlet, i, Complex{s.re[l], s.im[l]});
      f.re[l] = one.real();
      f.im[l] = one.imag();
    }
  }
  f = g * f;
  Lanes<W> const size = modulus(f);
  bound = modulus(g) * bound;
  for (int l = 0; l < W; ++l) {
    block.image(i, k + l) = Complex{f.re[l], f.im[l]};
    block.doubt(i, k + l) = change[l] * size[l];
    block.bound(i, k + l) = bound[l];
  }
}

KROMA_VECTORISED void evaluate_on_host(Problem const& p, Contour const& contour, int first, Block const& block) {
  for (int i = 0; i < block.image.extent_int(0); ++i) {
    for (int k = 0; k < kBlock; k += kWide) evaluate<kWide>(p, contour, first, i, k, block);
  }
}

void evaluate_on_device(Problem const& p, Contour const& contour, int first, Block const& block) {
  Space const space;
  Kokkos::parallel_for(
      "chromatography::evaluate_images",
      Kokkos::RangePolicy<Space>(space, 0, block.image.extent_int(0) * std::int64_t{kBlock}),
      KOKKOS_LAMBDA(std::int64_t const index) {
        evaluate<1>(p, contour, first, static_cast<int>(index / kBlock), static_cast<int>(index % kBlock), block);
      });
  space.fence();
}

/// Bound of the sum of what follows a block, from the bounds at its end and at its begin: they fall like an exponential
/// of a root of the frequency, and half as fast as over the block where it matters.
double tail(double end, double begin) {
  if (end == 0) return 0;
  return end < begin ? 2 * end * kBlock / std::log(begin / end) : std::numeric_limits<double>::infinity();
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
  return {17 / (periods * end), std::numbers::pi / (periods * end), 1e-18};
}

Contour Contour::with_period(double period, double error) {
  return {std::log(4 / error) / period, 2 * std::numbers::pi / period, 0.25 * error};
}

double Contour::needed_period(double end, double error) {
  // of the sums, which e^{sigma end} makes larger
  constexpr double rounding = 4e-15;
  return 1.02 * end * std::max(1.0, std::log(4 / error) / std::log(error / (4 * rounding)));
}

namespace {

/// Adds blocks, evaluated by `fill(first)`, until `decayed(row)` of all of them.
template <class Fill, class Decayed>
Spectrum collect(Block const& block, double gain, Fill const& fill, Decayed const& decayed) {
  auto const rows = block.image.extent(0), nodes = block.image.extent(1);
  Spectrum spectrum{std::vector<std::vector<std::complex<double>>>(rows), std::vector<double>(rows), false};
  for (std::size_t first = 0; first < kMostNodes && !spectrum.decayed; first += nodes) {
    fill(static_cast<int>(first));
    auto const image = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, block.image);
    auto const doubt = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, block.doubt);
    spectrum.decayed = true;
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t k = 0; k < nodes; ++k) {
        spectrum.image[i].emplace_back(image(i, k).real(), image(i, k).imag());
        spectrum.doubt[i] += gain * doubt(i, k);
      }
      if (!decayed(i, spectrum.image[i])) spectrum.decayed = false;
    }
    if (std::isnan(spectrum.doubt[0]) || std::isnan(spectrum.image[0].back().real())) break;
  }
  return spectrum;
}

/// What a sum over nodes is multiplied by in an outlet at time `end`.
double gain_of(Contour const& contour, double end) {
  return std::exp(contour.sigma * end) * contour.step / std::numbers::pi;
}

}  // namespace

Spectrum make_spectrum(Column const& column, Contour const& contour, double end) {
  auto const problem = make_problem(column);
  auto const scales = column.scales();
  Block const block{problem.components, kBlock};
  auto const bound = Kokkos::create_mirror_view(Kokkos::HostSpace{}, block.bound);
  double const gain = gain_of(contour, end);
  auto const fill = [&](int first) {
    (kOnHost ? evaluate_on_host : evaluate_on_device)(problem, contour, first, block);
    Kokkos::deep_copy(bound, block.bound);
  };
  return collect(block, gain, fill, [&](std::size_t i, auto const&) {
    return gain * tail(bound(i, kBlock - 1), bound(i, 0)) <= contour.tail * scales[i];
  });
}

Spectrum make_spectrum(std::size_t rows, ImageEvaluator const& evaluate, Contour const& contour, double end) {
  Block const block{rows, kOthersBlock};
  std::vector<double> largest(rows, 0.0);
  auto const fill = [&](int first) { evaluate(contour, first, block.image, block.doubt); };
  return collect(block, gain_of(contour, end), fill, [&](std::size_t i, auto const& image) {
    double last = 0;
    for (auto x = image.end() - kOthersBlock; x != image.end(); ++x) last = std::max(last, std::abs(*x));
    largest[i] = std::max(largest[i], last);
    // what is left out then is less than rounding makes of what is summed
    return last <= 1e-17 * largest[i];
  });
}

}  // namespace kroma::chromatography
