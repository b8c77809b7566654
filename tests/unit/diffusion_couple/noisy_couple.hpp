#pragma once

#include <array>
#include <cmath>
#include <vector>

#include "unit/diffusion_couple/exact_couple.hpp"

namespace kroma::test {

/// The couple of the table of errors: D = 5e-15 exp(2.5 c + 0.48 sin 2 pi c) m^2/s, 100 h, points 4 um apart.
inline double noisy_law(double c) { return 5e-15 * std::exp(2.5 * c + 0.48 * std::sin(2 * M_PI * c)); }

inline diffusion_couple::MeasuredProfile noisy_profile(double deviation, int seed) {
  static auto const exact = exact_profile(noisy_law, diffusion_couple::VolumeLaw{1e-5}, 4e-6);
  return with_noise(exact, deviation, seed);
}

/// Collects relative errors of D in five parts of the profile.
class NoisyErrors {
 public:
  NoisyErrors() {
    for (std::size_t part = 0; part < 5; ++part) {
      for (int i = 0; i < 20; ++i) at_.push_back(kEnds[part] + (kEnds[part + 1] - kEnds[part]) * (i + 0.5) / 20);
    }
  }
  std::vector<double> const& at() const { return at_; }
  void add(std::vector<double> const& d) {
    for (std::size_t i = 0; i < d.size(); ++i) squares_[i / 20] += std::pow(d[i] / noisy_law(at_[i]) - 1, 2);
    ++replicates_;
  }
  std::array<double, 5> root_mean_squares() const {
    std::array<double, 5> result{};
    for (std::size_t part = 0; part < 5; ++part) result[part] = std::sqrt(squares_[part] / (20.0 * replicates_));
    return result;
  }

 private:
  static constexpr std::array<double, 6> kEnds{0.002, 0.02, 0.1, 0.9, 0.98, 0.998};
  std::vector<double> at_;
  std::array<double, 5> squares_{};
  int replicates_ = 0;
};

}  // namespace kroma::test
