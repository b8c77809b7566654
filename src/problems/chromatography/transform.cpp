#include "problems/chromatography/transform.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "core/vectorised.hpp"
#include "problems/chromatography/fourier.hpp"

namespace kroma::chromatography {
namespace {

constexpr double kPeriods = 4;     // of a contour for rounding
constexpr std::size_t kTimes = 8;  // side by side in sums

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

/// Values at some times by the sum itself.
KROMA_VECTORISED void direct_sum(std::vector<std::complex<double>> const& image, Contour const& contour,
                                 Lanes<kTimes> const& t, Lanes<kTimes>& values) {
  using Phase = Complex<Lanes<kTimes>>;
  Lanes<kTimes> sum(0.5 * image[0].real());
  Phase turn, phase;
  sine_cosine(Lanes<kTimes>(contour.step) * t, turn.im, turn.re);
  for (std::size_t k = 1; k < image.size(); ++k) {
    // multiplying phases loses a digit in a hundred steps
    if (k % 32 == 1) {
      sine_cosine(Lanes<kTimes>(contour.step * static_cast<double>(k)) * t, phase.im, phase.re);
    } else {
      phase = phase * turn;
    }
    sum += Lanes<kTimes>(image[k].real()) * phase.re - Lanes<kTimes>(image[k].imag()) * phase.im;
  }
  values = Lanes<kTimes>(contour.step / std::numbers::pi) * exponential(Lanes<kTimes>(contour.sigma) * t) * sum;
}

Inverse finish(Spectrum const& spectrum) {
  Inverse inverse;
  if (spectrum.decayed) inverse.nodes = static_cast<int>(spectrum.image[0].size());
  inverse.doubt = *std::max_element(spectrum.doubt.begin(), spectrum.doubt.end());
  return inverse;
}

/// Makes a spectrum for times up to `end`.
using MakeSpectrum = std::function<Spectrum(Contour const&, double end)>;

Inverse invert_on(std::size_t rows, MakeSpectrum const& make, std::vector<double> const& times,
                  Contour const& contour) {
  auto const spectrum = make(contour, times.back());
  auto inverse = finish(spectrum);
  if (!spectrum.decayed) return inverse;
  inverse.values.resize(times.size() * rows);
  for (std::size_t first = 0; first < times.size(); first += kTimes) {
    auto const count = std::min(kTimes, times.size() - first);
    Lanes<kTimes> t(times[first]), values;
    for (std::size_t l = 0; l < count; ++l) t.lane[l] = times[first + l];
    for (std::size_t i = 0; i < rows; ++i) {
      direct_sum(spectrum.image[i], contour, t, values);
      for (std::size_t l = 0; l < count; ++l) inverse.values[(first + l) * rows + i] = values.lane[l];
    }
  }
  return inverse;
}

Inverse invert_to(std::size_t rows, MakeSpectrum const& make, std::vector<double> const& times, double error) {
  bool const rounding = error < kLeastError;
  double const h = common_interval(times), end = times.back();
  double const period = rounding ? 2 * kPeriods * end : Contour::needed_period(end, error);
  auto const contour = [&](double with) {
    return rounding ? Contour::up_to(with / (2 * kPeriods), kPeriods) : Contour::with_period(with, error);
  };
  if (h == 0) return invert_on(rows, make, times, contour(period));
  std::size_t bins = 1;
  while (static_cast<double>(bins) * h < period) bins *= 2;
  auto const chosen = contour(static_cast<double>(bins) * h);
  auto const spectrum = make(chosen, end);
  auto inverse = finish(spectrum);
  if (!spectrum.decayed) return inverse;
  auto const offset = static_cast<std::size_t>(std::llround(times[0] / h));
  inverse.values.resize(times.size() * rows);
  for (std::size_t i = 0; i < rows; ++i) {
    auto const values = fast_sum(spectrum.image[i], chosen, h, bins);
    for (std::size_t j = 0; j < times.size(); ++j) inverse.values[j * rows + i] = values[offset + j];
  }
  return inverse;
}

MakeSpectrum spectra_of(std::size_t rows, ImageEvaluator const& evaluate) {
  return [=](Contour const& contour, double end) { return make_spectrum(rows, evaluate, contour, end); };
}
MakeSpectrum spectra_of(Column const& column) {
  return [&column](Contour const& contour, double end) { return make_spectrum(column, contour, end); };
}

}  // namespace

Inverse invert_images(std::size_t rows, ImageEvaluator const& evaluate, std::vector<double> const& times,
                      Contour const& contour) {
  return invert_on(rows, spectra_of(rows, evaluate), times, contour);
}

Inverse invert_images(std::size_t rows, ImageEvaluator const& evaluate, std::vector<double> const& times) {
  return invert_to(rows, spectra_of(rows, evaluate), times, 0);
}

Inverse invert_transform(Column const& column, std::vector<double> const& times, Contour const& contour) {
  return invert_on(column.count(), spectra_of(column), times, contour);
}

Inverse invert_transform(Column const& column, std::vector<double> const& times, double error) {
  return invert_to(column.count(), spectra_of(column), times, error);
}

}  // namespace kroma::chromatography
