#include "problems/diffusion_couple/face_law.hpp"

#include <utility>

#include "core/vectorised.hpp"

namespace kroma::diffusion_couple {
namespace {

/// Potentials and coefficients of many compositions.
KROMA_VECTORISED void look_up(KirchhoffTable<Host> const& table, double factor, std::size_t n, double const* c,
                              double* KOKKOS_RESTRICT potentials, double* KOKKOS_RESTRICT coefficients) {
  auto const pieces = table.pieces();
  for (std::size_t i = 0; i < n; ++i) {
    auto const at = pieces(c[i]);
    potentials[i] = factor * at.potential;
    coefficients[i] = factor * at.coefficient;
  }
}

/// Fluxes down the potential between each cell and the next, with their derivatives by both compositions.
KROMA_VECTORISED void difference(std::size_t faces, double const* potentials, double const* coefficients,
                                 double const* distance, double* F, double* by_a, double* by_b) {
  for (std::size_t i = 0; i < faces; ++i) {
    double const inverse = 1 / distance[i];
    F[i] = (potentials[i] - potentials[i + 1]) * inverse;
    by_a[i] = coefficients[i] * inverse;
    by_b[i] = -coefficients[i + 1] * inverse;
  }
}

}  // namespace

void FaceLaw::fluxes(std::size_t cells, double const* y, double const* distance, double* F, double* by_a,
                     double* by_b) {
  auto const m = size();
  for (std::size_t i = 0; i + 1 < cells; ++i) {
    flux(y + i * m, y + (i + 1) * m, distance[i], F + i * m, by_a + i * m * m, by_b + i * m * m);
  }
}

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

void BinaryFace::fluxes(std::size_t cells, double const* y, double const* distance, double* F, double* by_a,
                        double* by_b) {
  potentials_.resize(cells);
  coefficients_.resize(cells);
  look_up(table_, factor_, cells, y, potentials_.data(), coefficients_.data());
  difference(cells - 1, potentials_.data(), coefficients_.data(), distance, F, by_a, by_b);
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
