#include "problems/chromatography/bed.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "problems/chromatography/gas.hpp"
#include "problems/chromatography/initial_state.hpp"

namespace kroma::chromatography {
namespace {

constexpr double kTemperatureScale = 30;  // K: errors of temperatures are relative to a usual rise

double square(double x) { return x * x; }

}  // namespace

Bed::Bed(Column const& column, int cells, double small)
    : column_{column},
      sorption_{make_sorption(column)},
      total_{column.flow.is_total_balance()},
      transient_{column.flow.closure == Closure::transient},
      dx_{column.length / cells} {
  set_layout(cells);
  set_places();
  auto const& f = column_.flow;
  auto const n = static_cast<std::size_t>(cells), nb = static_cast<std::size_t>(l_.bound);
  density_.assign(n, 1.0);
  flow_.assign(n + 1, f.velocity);
  inlet_flow_ = f.velocity;
  if (total_) {
    inlet_flow_ *= f.inlet_pressure / (kGasConstant * f.temperature);
    set_steady_pressure();
  } else {
    for (std::size_t j = 0; j < n; ++j)
      density_[j] = f.velocity / column_.velocity((static_cast<double>(j) + 0.5) * dx_);
  }
  if (column_.energy) {
    heat_scale_ = column_.phase_ratio * column_.energy->solid_heat_capacity +
                  column_.energy->gas_heat_capacity * f.inlet_pressure / (kGasConstant * f.temperature);
  }
  double const inlet_density = total_ ? f.inlet_pressure / (kGasConstant * f.temperature) : 1;
  for (double scale : column.scales()) small_.push_back(small * scale / inlet_density);
  small_.push_back(small * kTemperatureScale);
  affinity_.assign(column.count(), 1.0);
  speed_.assign(nb, 1.0);
  liquid_.resize(column.count());
  rate_.resize(nb);
  by_c_.resize(nb * column.count());
  by_q_.resize(nb * nb);
}

void Bed::set_layout(int cells) {
  l_.cells = cells;
  l_.components = static_cast<int>(column_.count());
  l_.bound = sorption_.bound();
  l_.pores = column_.has_particles();
  l_.places = l_.pores ? static_cast<int>(column_.particles.size()) : 1;
  l_.width = l_.place(l_.places);
  if (column_.energy) {
    l_.temperature = l_.width++;
    if (column_.energy->has_wall()) l_.wall = l_.width++;
  }
  if (total_) l_.flow = l_.width++;
  differential_.assign(l_.width, 1);
  for (int k = 0; k < l_.places && !sorption_.kinetic; ++k) {
    for (int b = 0; b < l_.bound; ++b) differential_[l_.bound_at(k) + b] = 0;
  }
  if (total_ && !transient_) differential_[l_.flow] = 0;
}

void Bed::set_places() {
  double const e = column_.bed_porosity;
  if (!l_.pores) {
    ratio_ = {column_.phase_ratio};
    weight_ = {1.0};
  }
  for (auto const& p : column_.particles) {
    ratio_.push_back(p.phase_ratio());
    weight_.push_back((1 - e) / e * p.fraction * p.porosity);
    for (double k : p.film_coefficient) {
      inner_.push_back(p.shape_factor() * k / (p.porosity * p.radius));
      film_.push_back(inner_.back() * weight_.back());
    }
  }
  auto const nb = sorption_.component.size();
  uptake_.assign(column_.count() * nb, 0.0);
  for (std::size_t b = 0; b < nb; ++b) {
    uptake_[sorption_.component[b] * nb + b] += 1;
    if (!sorption_.salt_exchange.empty()) uptake_[b] -= sorption_.salt_exchange[b];
  }
}

/// Pressures at which the inlet's flow goes through a bed that adsorbs nothing.
void Bed::set_steady_pressure() {
  auto const& f = column_.flow;
  auto const n = static_cast<std::size_t>(l_.cells);
  steady_pressure_.assign(n, f.inlet_pressure);
  if (f.is_isobaric()) return;
  double const heat = kGasConstant * f.temperature, g = inlet_flow_ * heat;
  double const drop = 2 * (f.resistance * g + f.inertia / heat * g * std::abs(g));  // of p^2 per length
  for (std::size_t j = 0; j < n; ++j) {
    steady_pressure_[j] = std::sqrt(square(f.outlet_pressure) + drop * dx_ * (static_cast<double>(n - j) - 0.5));
  }
}

double Bed::temperature(double const* y, int cell) const {
  return l_.temperature < 0 ? column_.flow.temperature : y[l_.at(cell) + l_.temperature];
}

double Bed::pressure(double const* y, int cell) const {
  auto const& f = column_.flow;
  return f.is_isobaric() ? f.inlet_pressure : f.inlet_pressure * y[l_.at(cell) + l_.flow];
}

double Bed::stored_density(double const* y, int cell) const {
  double const p = transient_ ? pressure(y, cell) : steady_pressure_[cell];
  return p / (kGasConstant * temperature(y, cell));
}

std::vector<double> Bed::initial_state() const {
  auto const& f = column_.flow;
  std::vector<double> y(l_.size(), 0.0);
  for (int j = 0; j < l_.cells; ++j) {
    double* here = y.data() + l_.at(j);
    double const p = total_ ? steady_pressure_[j] / f.inlet_pressure : 1;
    auto c = column_.initial_concentration;
    for (double& x : c) x *= p;  // a gas has the same composition everywhere
    std::vector<double> q;
    for (int i : sorption_.component) q.push_back(column_.initial_adsorbed[i]);
    if (!sorption_.kinetic) q = equilibrium(sorption_, c, q);
    std::copy(c.begin(), c.end(), here);
    for (int k = 0; k < l_.places; ++k) {
      std::copy(c.begin(), c.end(), here + l_.liquid(k));
      std::copy(q.begin(), q.end(), here + l_.bound_at(k));
    }
    if (l_.temperature >= 0) here[l_.temperature] = f.temperature;
    if (l_.wall >= 0) here[l_.wall] = f.temperature;
    if (l_.flow >= 0) here[l_.flow] = f.is_isobaric() ? 1 : p;
  }
  return y;
}

std::vector<double> Bed::scales(std::vector<double> const& component_scales, std::vector<double> const& reached) const {
  std::vector<double> s(l_.width, 1.0);
  for (int i = 0; i < l_.components; ++i) {
    auto const scale = component_scales[i];
    s[i] = scale;
    for (int k = 0; k < l_.places; ++k) s[l_.liquid(k) + i] = scale;
  }
  for (int k = 0; k < l_.places; ++k) {
    for (int b = 0; b < l_.bound; ++b) {
      auto const v = l_.bound_at(k) + b;
      s[v] = std::max(reached[v], component_scales[sorption_.component[b]]);
    }
  }
  if (l_.flow >= 0 && !column_.flow.is_isobaric()) {  // the flow follows from differences
    s[l_.flow] = (steady_pressure_.front() - column_.flow.outlet_pressure) / column_.flow.inlet_pressure;
  }
  if (l_.temperature >= 0) s[l_.temperature] = kTemperatureScale;
  if (l_.wall >= 0) s[l_.wall] = kTemperatureScale;
  return s;
}

/// Heat per volume of fluid in J/m^3, with reference to the flow's temperature and to an empty stationary phase.
double Bed::storage_of_heat(double const* here, double density) const {
  auto const& e = *column_.energy;
  double const rise = here[l_.temperature] - column_.flow.temperature;
  double heat = density * e.gas_heat_capacity * rise + column_.phase_ratio * e.solid_heat_capacity * rise;
  for (int b = 0; b < l_.bound; ++b) {
    auto const i = sorption_.component[b];
    heat +=
        column_.phase_ratio * here[l_.bound_at(0) + b] * (e.adsorbed_heat_capacity[i] * rise - e.heat_of_adsorption[i]);
  }
  if (transient_) heat -= column_.flow.inlet_pressure * here[l_.flow];
  return heat;
}

void Bed::content(double const* y, double* u) const {
  for (int j = 0; j < l_.cells; ++j) {
    double const* here = y + l_.at(j);
    double* to = u + l_.at(j);
    std::copy_n(here, l_.width, to);
    for (int k = 0; k < l_.places; ++k) {
      double const* q = here + l_.bound_at(k);
      for (int i = 0; i < l_.components; ++i) {
        for (int b = 0; b < l_.bound; ++b) {
          to[l_.liquid(k) + i] += ratio_[k] * uptake_[i * l_.bound + b] * q[b];
        }
      }
      if (!sorption_.kinetic) std::fill_n(to + l_.bound_at(k), l_.bound, 0.0);
    }
    if (!total_) continue;
    double const density = stored_density(y, j);
    to[l_.flow] = density;
    for (int b = 0; b < l_.bound; ++b) to[l_.flow] += column_.phase_ratio * here[l_.bound_at(0) + b];
    if (l_.temperature >= 0) to[l_.temperature] = storage_of_heat(here, density) / heat_scale_;
  }
}

Passing Bed::held(double const* y) const {
  std::vector<double> u(l_.size());
  content(y, u.data());
  Passing sum{std::vector<double>(column_.count(), 0.0), 0, 0};
  for (int j = 0; j < l_.cells; ++j) {
    double const* here = u.data() + l_.at(j);
    for (int i = 0; i < l_.components; ++i) {
      double& amount = sum.components[i];
      amount += dx_ * here[i];
      for (int k = 0; k < l_.places && l_.pores; ++k) {
        amount += dx_ * weight_[k] * here[l_.liquid(k) + i];
      }
    }
    if (l_.flow >= 0) {
      sum.total += dx_ * (here[l_.flow] - stored_density(y, j) + pressure(y, j) / (kGasConstant * temperature(y, j)));
    }
    if (l_.temperature >= 0) sum.heat += dx_ * here[l_.temperature] * heat_scale_;
    if (l_.wall >= 0) {
      auto const& e = *column_.energy;
      double const rise = here[l_.wall] - column_.flow.temperature;
      sum.heat += dx_ * wall_share() * e.wall_heat_capacity * rise;
    }
  }
  return sum;
}

double Bed::heat_lost(double const* y) const {
  if (!column_.energy || column_.energy->inner_radius == 0) return 0;
  auto const& e = *column_.energy;
  double lost = 0;
  for (int j = 0; j < l_.cells; ++j) {
    if (l_.wall < 0) {
      lost += dx_ * bed_to_wall() * (temperature(y, j) - e.ambient_temperature);
    } else {
      double const wall = y[l_.at(j) + l_.wall];
      lost += dx_ * wall_share() * wall_to_ambient() * (wall - e.ambient_temperature);
    }
  }
  return lost;
}

std::string Bed::name(int unknown) const {
  if (unknown == l_.temperature) return "the temperature";
  if (unknown == l_.wall) return "the wall's temperature";
  if (unknown == l_.flow) return "the flow";
  if (unknown < l_.components) return fmt::format("component {} (in the fluid)", unknown + 1);
  int const inside = (unknown - l_.components) % ((l_.pores ? l_.components : 0) + l_.bound);
  if (l_.pores && inside < l_.components) return fmt::format("component {} (in pores)", inside + 1);
  return fmt::format("component {} (adsorbed)", sorption_.component[inside - (l_.pores ? l_.components : 0)] + 1);
}

double Bed::profile(double const* y, int v, double x) const {
  double const place = x / dx_ - 0.5;
  int const left = std::clamp(static_cast<int>(std::floor(place)), 0, l_.cells - 2);
  double const a = y[l_.at(left) + v], b = y[l_.at(left + 1) + v];
  return a + std::clamp(place - left, 0.0, 1.0) * (b - a);
}

double Bed::adsorbed(double const* y, int component, double x) const {
  double sum = 0, volume = 0;
  for (int k = 0; k < l_.places; ++k) {
    double const solid = weight_[k] * ratio_[k];
    volume += solid;
    for (int b = 0; b < l_.bound; ++b) {
      if (sorption_.component[b] == component) sum += solid * profile(y, l_.bound_at(k) + b, x);
    }
  }
  return volume > 0 ? sum / volume : 0.0;
}

}  // namespace kroma::chromatography
