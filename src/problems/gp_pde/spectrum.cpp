#include "problems/gp_pde/spectrum.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace kroma::gp_pde {
namespace {

using std::numbers::pi;
using Derivatives = std::array<double, 5>;

/// Derivatives 0..4 of exp(-rho t^2).
Derivatives gaussian_envelope(double rho, double t) {
  double const g = std::exp(-rho * t * t), r2 = rho * rho, t2 = t * t;
  return {g, -2 * rho * t * g, (4 * r2 * t2 - 2 * rho) * g, (12 * r2 * t - 8 * rho * r2 * t * t2) * g,
          (12 * r2 - 48 * rho * r2 * t2 + 16 * r2 * r2 * t2 * t2) * g};
}

/// Derivatives 0..4 of (1 + a r + a^2 r^2 / 3) exp(-a r), r = |t|; the fourth exists because nu = 5/2 > 2.
Derivatives matern_envelope(double a, double t) {
  double const ar = a * std::abs(t), e = std::exp(-ar), a2 = a * a;
  return {(1 + ar + ar * ar / 3) * e, -a2 / 3 * t * (1 + ar) * e, -a2 / 3 * (1 + ar - ar * ar) * e,
          a2 * a2 / 3 * t * (3 - ar) * e, a2 * a2 / 3 * (3 - 5 * ar + ar * ar) * e};
}

double matern_rate(MixtureComponent const& component) { return std::sqrt(5.0) / component.length; }

/// Fourier transform of the envelope at frequency s.
double envelope_density(MixtureKind kind, MixtureComponent const& component, double s) {
  if (kind == MixtureKind::gaussian) {
    double const x = pi * s * component.length;
    return std::sqrt(pi) * component.length * std::exp(-x * x);
  }
  double const a = matern_rate(component), w = 2 * pi * s;
  return 16.0 / 3.0 * std::pow(a, 5) / std::pow(a * a + w * w, 3);
}

}  // namespace

std::vector<FrequencyBand> merged(std::vector<FrequencyBand> bands, double limit) {
  std::sort(bands.begin(), bands.end(), [](FrequencyBand a, FrequencyBand b) { return a.low < b.low; });
  std::vector<FrequencyBand> result;
  for (auto band : bands) {
    band = {std::clamp(band.low, 0.0, limit), std::clamp(band.high, 0.0, limit)};
    if (!result.empty() && band.low <= result.back().high) {
      result.back().high = std::max(result.back().high, band.high);
    } else if (band.high > band.low) {
      result.push_back(band);
    }
  }
  return result;
}

double covariance(MixtureKind kind, std::vector<MixtureComponent> const& components, double t, int order) {
  require(order >= 0 && order <= 4, "order of a covariance's derivative is 0 to 4");
  constexpr std::array<std::array<int, 5>, 5> binomial{
      {{1, 0, 0, 0, 0}, {1, 1, 0, 0, 0}, {1, 2, 1, 0, 0}, {1, 3, 3, 1, 0}, {1, 4, 6, 4, 1}}};
  double sum = 0;
  for (auto const& component : components) {
    auto const g = kind == MixtureKind::gaussian ? gaussian_envelope(1.0 / (component.length * component.length), t)
                                                 : matern_envelope(matern_rate(component), t);
    double const m = 2 * pi * component.frequency;
    for (int p = 0; p <= order; ++p) {  // Leibniz: envelope differentiated p times, cosine order - p times
      sum += component.weight * binomial[order][p] * g[p] * std::pow(m, order - p) *
             std::cos(m * t + 0.5 * pi * (order - p));
    }
  }
  return sum;
}

double spectral_density(MixtureKind kind, std::vector<MixtureComponent> const& components, double s) {
  double sum = 0;
  for (auto const& component : components) {
    sum += 0.5 * component.weight *
           (envelope_density(kind, component, s - component.frequency) +
            envelope_density(kind, component, s + component.frequency));
  }
  return sum;
}

int Features::columns() const {
  int count = 0;
  for (double f : frequency) count += f == 0.0 ? 1 : 2;
  return count;
}

Features band_features(std::vector<FrequencyBand> const& bands, double length) {
  Features features;
  double const step = 0.5 / length;
  for (auto const& band : bands) {
    // A whole band is covered: the rule's frequencies up to the first at or above its end.
    auto const first = static_cast<long>(std::floor(band.low / step)),
               last = static_cast<long>(std::ceil(band.high / step));
    for (long j = first; j <= last; ++j) {
      double const f = static_cast<double>(j) * step;
      if (!features.frequency.empty() && f <= features.frequency.back()) continue;
      features.frequency.push_back(f);
      features.deviation.push_back(std::sqrt((j == 0 ? 1.0 : 2.0) * step));
    }
  }
  return features;
}

Features mixture_features(MixtureKind kind, std::vector<MixtureComponent> const& components, double length,
                          double limit, double cutoff) {
  Features all;
  double const step = 0.5 / length;
  for (long j = 0; static_cast<double>(j) * step <= limit; ++j) {
    double const f = static_cast<double>(j) * step;
    all.frequency.push_back(f);
    all.deviation.push_back(std::sqrt((j == 0 ? 1.0 : 2.0) * spectral_density(kind, components, f) * step));
  }
  double const largest = *std::max_element(all.deviation.begin(), all.deviation.end());
  Features kept;
  for (std::size_t j = 0; j < all.frequency.size(); ++j) {
    if (all.deviation[j] <= cutoff * largest) continue;
    kept.frequency.push_back(all.frequency[j]);
    kept.deviation.push_back(all.deviation[j]);
  }
  return kept;
}

}  // namespace kroma::gp_pde
