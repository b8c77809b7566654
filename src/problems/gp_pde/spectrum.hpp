#pragma once

#include <vector>

namespace kroma::gp_pde {

/// An interval of frequencies, cycles per unit length.
struct FrequencyBand {
  double low = 0, high = 0;
  bool operator==(FrequencyBand const&) const = default;
};

/// Sorted, merged where they touch, clipped to [0, limit].
std::vector<FrequencyBand> merged(std::vector<FrequencyBand> bands, double limit);

/// One component of a spectral mixture (Wilson and Adams 2013). With t the distance along the axis:
///   gaussian   weight exp(-t^2 / length^2) cos(2 pi frequency t)
///   student_t  weight (1 + a t + a^2 t^2 / 3) exp(-a t) cos(2 pi frequency t), a = sqrt(5) / length,
/// the latter the Matern-5/2 envelope, whose spectral density is a Student t density.
struct MixtureComponent {
  double weight = 1;     // variance
  double frequency = 0;  // cycles per unit length, >= 0
  double length = 1;     // correlation length of the envelope
};

enum class MixtureKind { gaussian, student_t };

/// Covariance of a mixture at distance t, and its derivative of order 0..4 with respect to t.
double covariance(MixtureKind kind, std::vector<MixtureComponent> const& components, double t, int order = 0);

/// Two-sided spectral density at frequency s (even in s), the Fourier transform of `covariance`.
double spectral_density(MixtureKind kind, std::vector<MixtureComponent> const& components, double s);

/// Random-phase features of a stationary prior on one axis: u(x) = sum_j deviation_j (z_j cos + z'_j sin)(2 pi f_j x)
/// with z, z' independent standard normal. A trapezoidal rule in frequency with step 1 / (2 length) replaces the
/// covariance by its periodic repetition with period 2 length, equal to it on the axis once the envelope has decayed
/// over one length.
struct Features {
  std::vector<double> frequency;  // ascending, >= 0; a frequency 0 has a cosine only
  std::vector<double> deviation;  // > 0
  int columns() const;            // cosines and sines
};

/// All frequencies of the rule inside `bands`, with the flat density 1.
Features band_features(std::vector<FrequencyBand> const& bands, double length);

/// All frequencies up to `limit` whose deviation is above `cutoff` times the largest.
Features mixture_features(MixtureKind kind, std::vector<MixtureComponent> const& components, double length,
                          double limit, double cutoff);

}  // namespace kroma::gp_pde
