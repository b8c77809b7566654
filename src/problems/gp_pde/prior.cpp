#include "problems/gp_pde/prior.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace kroma::gp_pde {
namespace {

/// Bands of axis d after widening.
std::vector<FrequencyBand> widened(std::vector<AxisSupport> const& support, std::vector<grid::Axis> const& axes,
                                   std::size_t d, Widening widening) {
  double const limit = axes[d].nyquist();
  auto bands = support[d].bands;
  if (widening == Widening::whole) bands.push_back({0.0, limit});
  if (widening == Widening::crossed) {
    double highest = 0;
    for (auto const& axis : support) highest = std::max(highest, axis.bands.back().high);
    bands.push_back({0.0, highest});
  }
  return merged(bands, limit);
}

std::vector<FrequencyBand> given_bands(std::vector<deck::Interval> const& intervals, double limit) {
  std::vector<FrequencyBand> bands;
  for (auto const& interval : intervals) bands.push_back({interval.low, interval.high});
  return merged(bands, limit);
}

std::vector<MixtureComponent> given_components(std::vector<ComponentOptions> const& options) {
  std::vector<MixtureComponent> components;
  for (auto const& c : options) components.push_back({c.weight, c.frequency, c.scale});
  return components;
}

/// The frequencies of `bands` with the deviations of a learned mixture, but none below kLearnedFloor times the largest:
/// a learned mixture weighs what the data show, and excludes none of it.
Features weighted_features(MixtureKind kind, std::vector<MixtureComponent> const& components,
                           std::vector<FrequencyBand> const& bands, double length) {
  constexpr double kLearnedFloor = 1e-3;
  auto features = band_features(bands, length);
  for (std::size_t j = 0; j < features.frequency.size(); ++j) {
    features.deviation[j] *= std::sqrt(spectral_density(kind, components, features.frequency[j]));
  }
  double const largest = *std::max_element(features.deviation.begin(), features.deviation.end());
  for (double& deviation : features.deviation) deviation = std::max(deviation, kLearnedFloor * largest);
  return features;
}

}  // namespace

bool is_learned(CovarianceOptions const& covariance) {
  return covariance.learning() == Learn::support || covariance.learns_mixture();
}

MixtureKind mixture_kind(Spectrum spectrum) {
  require(spectrum != Spectrum::band, "a band is no mixture");
  bool const gaussian = spectrum == Spectrum::gaussian || spectrum == Spectrum::squared_exponential;
  return gaussian ? MixtureKind::gaussian : MixtureKind::student_t;
}

std::vector<AxisPrior> make_priors(CovarianceOptions const& covariance, std::vector<grid::Axis> const& axes,
                                   std::vector<AxisSupport> const& support, Widening widening, double basis_tolerance) {
  std::vector<AxisPrior> priors;
  for (std::size_t d = 0; d < axes.size(); ++d) {
    AxisPrior prior;
    double const length = axes[d].length(), limit = axes[d].nyquist();
    auto const given = covariance.components.find(axes[d].name);
    if (given != covariance.components.end()) prior.components = given_components(given->second);
    if (covariance.spectrum == Spectrum::band || is_learned(covariance)) {
      prior.bands = is_learned(covariance) ? widened(support, axes, d, widening)
                                           : given_bands(covariance.bands.at(axes[d].name), limit);
      prior.features = prior.components.empty() ? band_features(prior.bands, length)
                                                : weighted_features(mixture_kind(covariance.spectrum), prior.components,
                                                                    prior.bands, length);
    } else {
      prior.features =
          mixture_features(mixture_kind(covariance.spectrum), prior.components, length, limit, basis_tolerance);
    }
    priors.push_back(std::move(prior));
  }
  return priors;
}

int most_functions(grid::Axis const& axis) {
  double const share = axis.kind == grid::Nodes::uniform ? 0.6 : 0.75;
  return static_cast<int>(share * axis.size());
}

std::vector<Features> features_of(std::vector<AxisPrior> const& priors) {
  std::vector<Features> features;
  for (auto const& prior : priors) features.push_back(prior.features);
  return features;
}

std::vector<Truncation> truncation_of(std::vector<grid::Axis> const& axes, double basis_tolerance) {
  std::vector<Truncation> truncation;
  for (auto const& axis : axes) truncation.push_back({basis_tolerance, most_functions(axis)});
  return truncation;
}

}  // namespace kroma::gp_pde
