#include "problems/gp_pde/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "problems/gp_pde/covariance_kernels.hpp"

namespace kroma::gp_pde {
namespace {

using std::numbers::pi;
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
  require(order >= 0 && order <= kHighestDerivative, "order of a covariance's derivative is 0 to 4");
  double sum = 0;
  for (auto const& component : components) {
    sum += ComponentKernel{kind, component, DerivativeSum::order(order)}(t).value;
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
