#include "problems/diffusion_couple/face_law.hpp"

#include <utility>

namespace kroma::diffusion_couple {

BinaryFace::BinaryFace(std::function<double(double, double)> coefficient, double low, double high,
                       bool uses_temperature, bool scales)
    : coefficient_{std::move(coefficient)},
      low_{low},
      high_{high},
      uses_temperature_{uses_temperature},
      scales_{scales} {}

void BinaryFace::fill(double temperature) {
  table_ =
      tabulate([&](double c) { return coefficient_(c, temperature); }, low_, high_, "diffusion_couple.diffusivity");
  reference_ = coefficient_(0.5 * (low_ + high_), temperature);
}

void BinaryFace::set_temperature(double temperature) {
  if (temperature == temperature_) return;
  bool const first = table_.potentials.extent(0) == 0;
  if (first || (uses_temperature_ && !scales_)) {
    fill(temperature);
  } else if (uses_temperature_) {
    factor_ = coefficient_(0.5 * (low_ + high_), temperature) / reference_;
  }
  temperature_ = temperature;
}

void BinaryFace::flux(double const* a, double const* b, double distance, double* F, double* by_a, double* by_b) const {
  auto const from = at(*a), to = at(*b);
  *F = (from.potential - to.potential) / distance;
  *by_a = from.coefficient / distance;
  *by_b = -to.coefficient / distance;
}

void MatrixFace::flux(double const* a, double const* b, double distance, double* F, double* by_a, double* by_b) const {
  constexpr double nudge = 1e-7;
  auto const m = law_.size();
  std::vector<double> mean(m), D(m * m), moved(m * m);
  for (std::size_t i = 0; i < m; ++i) mean[i] = 0.5 * (a[i] + b[i]);
  law_.matrix(mean, temperature_, D);
  for (std::size_t i = 0; i < m; ++i) {
    F[i] = 0;
    for (std::size_t j = 0; j < m; ++j) F[i] -= D[i * m + j] * (b[j] - a[j]) / distance;
  }
  for (std::size_t k = 0; k < m; ++k) {
    double const own = mean[k];
    mean[k] += nudge;
    law_.matrix(mean, temperature_, moved);
    mean[k] = own;
    for (std::size_t i = 0; i < m; ++i) {
      double change = 0;
      for (std::size_t j = 0; j < m; ++j) change -= (moved[i * m + j] - D[i * m + j]) * (b[j] - a[j]);
      change *= 0.5 / (nudge * distance);
      by_a[i * m + k] = change + D[i * m + k] / distance;
      by_b[i * m + k] = change - D[i * m + k] / distance;
    }
  }
}

}  // namespace kroma::diffusion_couple
