#include <algorithm>
#include <cmath>

#include "problems/chromatography/bed.hpp"
#include "problems/chromatography/gas.hpp"

namespace kroma::chromatography {
namespace {

constexpr double kTemperatureStep = 1e-3;  // K, of central differences: rates change over tens of K

}  // namespace

/// b(T) / b(T_0) for concentrations: per pressure it is b / (R_g T), which goes as exp(Q / (R_g T)), so that Q is the
/// isosteric heat; and k(T) / k(T_0) by Arrhenius.
void Bed::set_thermal(double temperature) {
  auto const& e = *column_.energy;
  double const t = std::max(temperature, 1.0), t0 = column_.flow.temperature;
  double const inverse = (1 / t - 1 / t0) / kGasConstant;
  for (std::size_t i = 0; i < affinity_.size(); ++i)
    affinity_[i] = t / t0 * std::exp(e.heat_of_adsorption[i] * inverse);
  for (std::size_t b = 0; b < speed_.size(); ++b) {
    speed_[b] = std::exp(-e.activation_energy[sorption_.component[b]] * inverse);
  }
}

/// r(c, q, T) = k(T) / k(T_0) r(b(T) / b(T_0) c, q, T_0): in the laws that energy allows, c stands beside b only.
void Bed::rates(double const* liquid, double const* bound, double temperature, double* r) {
  if (column_.energy) set_thermal(temperature);
  for (std::size_t i = 0; i < liquid_.size(); ++i) liquid_[i] = affinity_[i] * liquid[i];
  with_law(sorption_.law, [&](auto const& law) { law(liquid_.data(), bound, r); });
  for (std::size_t b = 0; b < speed_.size(); ++b) r[b] *= speed_[b];
}

/// Adds what goes into particles, and sets the equations of what is in them.
void Bed::sorb(double const* y, double* r) {
  for (int j = 0; j < l_.cells; ++j) {
    double const* here = y + l_.at(j);
    double* to = r + l_.at(j);
    for (int k = 0; k < l_.places; ++k) {
      auto const first = k * l_.components;
      for (int i = 0; i < l_.components && l_.pores; ++i) {
        double const gap = here[i] - here[l_.liquid(k) + i];
        to[i] += film_[first + i] * gap;
        to[l_.liquid(k) + i] = -inner_[first + i] * gap;
      }
      rates(here + l_.liquid(k), here + l_.bound_at(k), temperature(y, j), rate_.data());
      for (int b = 0; b < l_.bound; ++b) to[l_.bound_at(k) + b] = -rate_[b];
    }
  }
}

void Bed::residual(Feed const& feed, double const* y, double* r) {
  transport(feed, y, r);
  sorb(y, r);
}

void Bed::sorb_jacobian(double const* y, linalg::BandMatrix<double>& jacobian) {
  auto const nb = l_.bound;
  std::vector<double> colder(nb), warmer(nb);
  for (int j = 0; j < l_.cells; ++j) {
    double const* here = y + l_.at(j);
    auto const entry = [&](int row, int column) -> double& {
      int const first = static_cast<int>(l_.at(j));
      return jacobian(first + row, first + column);
    };
    for (int k = 0; k < l_.places; ++k) {
      int const liquid = l_.liquid(k), bound = l_.bound_at(k);
      auto const first = k * l_.components;
      for (int i = 0; i < l_.components && l_.pores; ++i) {
        double const film = film_[first + i], inner = inner_[first + i];
        entry(i, i) += film;
        entry(i, liquid + i) -= film;
        entry(liquid + i, i) -= inner;
        entry(liquid + i, liquid + i) += inner;
      }
      if (l_.temperature >= 0) {
        double const t = temperature(y, j);
        rates(here + liquid, here + bound, t - kTemperatureStep, colder.data());
        rates(here + liquid, here + bound, t + kTemperatureStep, warmer.data());
        for (int b = 0; b < l_.bound; ++b) {
          auto const at = b;
          entry(bound + b, l_.temperature) -= (warmer[at] - colder[at]) / (2 * kTemperatureStep);
        }
        rates(here + liquid, here + bound, t, rate_.data());
      } else {
        std::copy_n(here + liquid, l_.components, liquid_.begin());
      }
      std::fill(by_c_.begin(), by_c_.end(), 0.0);
      std::fill(by_q_.begin(), by_q_.end(), 0.0);
      with_law(sorption_.law,
               [&](auto const& law) { law.jacobian(liquid_.data(), here + bound, by_c_.data(), by_q_.data()); });
      for (int b = 0; b < l_.bound; ++b) {
        double const speed = speed_[b];
        for (int i = 0; i < l_.components; ++i) {
          entry(bound + b, liquid + i) -= speed * affinity_[i] * by_c_[b * l_.components + i];
        }
        for (int m = 0; m < l_.bound; ++m) {
          entry(bound + b, bound + m) -= speed * by_q_[b * l_.bound + m];
        }
      }
    }
  }
}

void Bed::linearise(Feed const& feed, double const* y, std::vector<double>& mass,
                    linalg::BandMatrix<double>& jacobian) {
  jacobian.set_zero();
  transport_jacobian(feed, y, jacobian);
  sorb_jacobian(y, jacobian);
  auto const w = l_.width;
  mass.assign(l_.cells * w * w, 0.0);
  for (int j = 0; j < l_.cells; ++j) {
    double* m = mass.data() + j * w * w;
    auto const entry = [&](int row, int column) -> double& { return m[row * w + column]; };
    for (int v = 0; v < l_.width; ++v) entry(v, v) = differential_[v];
    for (int k = 0; k < l_.places; ++k) {
      for (int b = 0; b < l_.bound; ++b) {
        for (int i = 0; i < l_.components; ++i) {
          entry(l_.liquid(k) + i, l_.bound_at(k) + b) += ratio_[k] * uptake_[i * l_.bound + b];
        }
      }
    }
    if (total_) total_mass(y, j, m);
  }
}

/// dU/dy of all the gas and of heat, into the cell's m (width, width).
void Bed::total_mass(double const* y, int cell, double* m) const {
  double const* here = y + l_.at(cell);
  double const f = column_.phase_ratio, density = stored_density(y, cell), t = temperature(y, cell);
  double const per_flow = transient_ ? column_.flow.inlet_pressure / (kGasConstant * t) : 0;
  double* gas = m + l_.flow * l_.width;
  gas[l_.flow] = per_flow;
  for (int b = 0; b < l_.bound; ++b) gas[l_.bound_at(0) + b] = f;
  if (l_.temperature < 0) return;
  auto const& e = *column_.energy;
  double const rise = t - column_.flow.temperature;
  gas[l_.temperature] = -density / t;
  double* heat = m + l_.temperature * l_.width;
  double stored = e.gas_heat_capacity * (density - density / t * rise) + f * e.solid_heat_capacity;
  for (int b = 0; b < l_.bound; ++b) {
    int const i = sorption_.component[b];
    stored += f * here[l_.bound_at(0) + b] * e.adsorbed_heat_capacity[i];
    heat[l_.bound_at(0) + b] = f * (e.adsorbed_heat_capacity[i] * rise - e.heat_of_adsorption[i]) / heat_scale_;
  }
  heat[l_.temperature] = stored / heat_scale_;
  if (transient_) heat[l_.flow] = (e.gas_heat_capacity * rise * per_flow - column_.flow.inlet_pressure) / heat_scale_;
}

}  // namespace kroma::chromatography
