#include <algorithm>
#include <cmath>

#include "problems/chromatography/bed.hpp"
#include "problems/chromatography/gas.hpp"

namespace kroma::chromatography {
namespace {

/// What the value at a face is above that of the cell upstream of it, of differences a and b before and after that
/// cell: a third of the first and two thirds of the second, halved, as far as they are alike (van Albada, van Leer and
/// Roberts 1982, with the weights of Anderson, Thomas and van Leer 1986), or `small`. It is smooth, so that the
/// solution is smooth in time; profiles keep their bounds but for a fraction of `small`.
double limited(double a, double b, double small) {
  double const floor = small * small, s = (2 * a * b + floor) / (a * a + b * b + floor), t = s / 3;
  return 0.25 * s * ((1 - t) * a + (1 + t) * b);
}

/// At `face`, between the cells face - 1 and face, of what `flow` carries; `entering` lies before the first cell.
template <class Value>
double carried(int cells, int face, double flow, double entering, double small, Value const& value) {
  if (face == 0) return entering;
  if (flow < 0) {
    if (face == cells) return value(cells - 1);
    double const near = value(face), before = face + 1 < cells ? near - value(face + 1) : 0;
    return near + limited(before, value(face - 1) - near, small);
  }
  double const near = value(face - 1);
  double const before = face == 1 ? 2 * (near - entering) : near - value(face - 2);
  if (face < cells) return near + limited(before, value(face) - near, small);
  // The outlet: what goes on from the last cells, within what is in the column.
  double low = entering, high = entering;
  for (int j = 0; j < cells; ++j) {
    low = std::min(low, value(j));
    high = std::max(high, value(j));
  }
  return std::clamp(near + limited(before, 2 * before - (value(cells - 2) - value(cells - 3)), small), low, high);
}

double square(double x) { return x * x; }

}  // namespace

/// Moles through a face, from pressures at a distance: with G = p u, the momentum equation times p is
/// (high^2 - low^2) / (2 distance) = resistance G + inertia / (R_g T) G |G|.
double Bed::pressure_flow(double high, double low, double distance, double temperature) const {
  double const heat = kGasConstant * temperature, s = (square(high) - square(low)) / (2 * distance);
  double const a = column_.flow.resistance, b = column_.flow.inertia / heat;
  return 2 * s / (a + std::sqrt(a * a + 4 * b * std::abs(s))) / heat;
}

void Bed::set_flow(double const* y) {
  if (!total_) return;
  auto const& f = column_.flow;
  flow_[0] = inlet_flow_;
  for (int j = 0; j < l_.cells; ++j) {
    auto const cell = j;
    double const p = pressure(y, j), t = temperature(y, j);
    density_[cell] = p / (kGasConstant * t);
    if (f.is_isobaric()) {
      flow_[cell + 1] = inlet_flow_ * y[l_.at(j) + l_.flow];
    } else if (j + 1 < l_.cells) {
      flow_[cell + 1] = pressure_flow(p, pressure(y, j + 1), dx_, 0.5 * (t + temperature(y, j + 1)));
    } else {
      flow_[cell + 1] = pressure_flow(p, f.outlet_pressure, 0.5 * dx_, t);
    }
  }
}

double Bed::component_flux(Feed const& feed, double const* y, int face, int component) const {
  auto const i = component;
  auto const& f = column_.flow;
  if (face == 0) return f.velocity * feed.concentration[i];
  double const entering =
      total_ ? feed.concentration[i] * kGasConstant * f.temperature / f.inlet_pressure : feed.concentration[i];
  double const flow = flow_[face];
  auto const share = [&](int j) { return y[l_.at(j) + i] / density_[j]; };
  double const flux = flow * carried(l_.cells, face, flow, entering, small_[i], share);
  if (face == l_.cells || column_.dispersion[i] == 0) return flux;
  if (total_) {  // the carrier makes up for it, so that only composition spreads; D goes as 1 / p
    double const t = 0.5 * (temperature(y, face - 1) + temperature(y, face));
    double const moles = f.inlet_pressure / (kGasConstant * t);
    return flux - column_.dispersion[i] * moles * (share(face) - share(face - 1)) / dx_;
  }
  double const expanded = column_.velocity(face * dx_) / f.velocity;
  return flux - column_.dispersion[i] * expanded * (y[l_.at(face) + i] - y[l_.at(face - 1) + i]) / dx_;
}

double Bed::face_temperature(Feed const& feed, double const* y, int face) const {
  double const flow = flow_[face];
  return carried(l_.cells, face, flow, feed.temperature, small_.back(), [&](int j) { return temperature(y, j); });
}

double Bed::heat_flux(Feed const& feed, double const* y, int face) const {
  auto const& e = *column_.energy;
  double const rise = face_temperature(feed, y, face) - column_.flow.temperature;
  double const flux = flow_[face] * e.gas_heat_capacity * rise;
  if (face == 0 || face == l_.cells) return flux;
  double const conductivity = e.conductivity * (1 + column_.phase_ratio);
  return flux - conductivity * (temperature(y, face) - temperature(y, face - 1)) / dx_;
}

double Bed::bed_to_wall() const {
  auto const& e = *column_.energy;
  return e.inner_radius > 0 ? 2 * e.inner_coefficient / e.inner_radius * (1 + column_.phase_ratio) : 0;
}

double Bed::wall_share() const {
  auto const& e = *column_.energy;
  return (square(e.outer_radius / e.inner_radius) - 1) * (1 + column_.phase_ratio);
}

double Bed::wall_to_ambient() const {
  auto const& e = *column_.energy;
  return 2 * e.outer_radius * e.outer_coefficient / (square(e.outer_radius) - square(e.inner_radius));
}

void Bed::transport_wall(double const* y, double* r) const {
  auto const& e = *column_.energy;
  auto const wall = [&](int j) { return y[l_.at(std::clamp(j, 0, l_.cells - 1)) + l_.wall]; };
  double const from_bed = bed_to_wall() / wall_share(), to_ambient = wall_to_ambient();
  for (int j = 0; j < l_.cells; ++j) {
    double const gained = e.wall_conductivity * (wall(j + 1) - 2 * wall(j) + wall(j - 1)) / square(dx_) +
                          from_bed * (temperature(y, j) - wall(j)) - to_ambient * (wall(j) - e.ambient_temperature);
    r[l_.at(j) + l_.wall] = -gained / e.wall_heat_capacity;
  }
}

void Bed::transport_heat(Feed const& feed, double const* y, double* r) {
  double before = heat_flux(feed, y, 0);
  for (int j = 0; j < l_.cells; ++j) {
    double const after = heat_flux(feed, y, j + 1);
    double const wall = l_.wall < 0 ? column_.energy->ambient_temperature : y[l_.at(j) + l_.wall];
    double const lost = bed_to_wall() * (temperature(y, j) - wall);
    r[l_.at(j) + l_.temperature] = ((after - before) / dx_ + lost) / heat_scale_;
    before = after;
  }
  if (l_.wall >= 0) transport_wall(y, r);
}

/// What goes from cell to cell, and through the wall. Entries of unknowns that do neither stay as they are.
void Bed::transport(Feed const& feed, double const* y, double* r) {
  set_flow(y);
  for (int i = 0; i < l_.components; ++i) {
    double before = component_flux(feed, y, 0, i);
    for (int j = 0; j < l_.cells; ++j) {
      double const after = component_flux(feed, y, j + 1, i);
      r[l_.at(j) + i] = (after - before) / dx_;
      before = after;
    }
  }
  for (int j = 0; j < l_.cells && total_; ++j) {
    auto const cell = j;
    r[l_.at(j) + l_.flow] = (flow_[cell + 1] - flow_[cell]) / dx_;
  }
  if (column_.energy) transport_heat(feed, y, r);
}

/// By differences: cells five apart do not share an equation, and components do not see one another.
void Bed::transport_jacobian(Feed const& feed, double const* y, linalg::BandMatrix<double>& jacobian) {
  auto const scales = column_.scales();
  std::vector<double> at(y, y + l_.size()), base(l_.size(), 0.0), moved(l_.size(), 0.0);
  transport(feed, y, base.data());
  auto const differentiate = [&](std::vector<int> const& unknowns, std::vector<double> const& steps, bool alone) {
    for (int colour = 0; colour < 5; ++colour) {
      auto const shift = [&](double sign) {
        for (int j = colour; j < l_.cells; j += 5) {
          for (std::size_t k = 0; k < unknowns.size(); ++k) {
            auto const v = l_.at(j) + unknowns[k];
            at[v] = sign > 0 ? y[v] + steps[k] : y[v];
          }
        }
      };
      shift(1);
      transport(feed, at.data(), moved.data());
      for (int j = colour; j < l_.cells; j += 5) {
        for (std::size_t k = 0; k < unknowns.size(); ++k) {
          auto const column = l_.at(j) + unknowns[k];
          double const step = at[column] - y[column];
          for (int other = std::max(j - 2, 0); other <= std::min(j + 2, l_.cells - 1); ++other) {
            for (int v = alone ? unknowns[k] : 0; v < (alone ? unknowns[k] + 1 : l_.width); ++v) {
              auto const row = l_.at(other) + v;
              double const change = moved[row] - base[row];
              if (change != 0) jacobian(static_cast<int>(row), static_cast<int>(column)) += change / step;
            }
          }
        }
      }
      shift(-1);
    }
  };
  std::vector<int> components;
  std::vector<double> steps;
  for (int i = 0; i < l_.components; ++i) {
    components.push_back(i);
    steps.push_back(1e-7 * scales[i]);
  }
  differentiate(components, steps, true);
  if (l_.temperature >= 0) differentiate({l_.temperature}, {1e-4}, false);
  if (l_.wall >= 0) differentiate({l_.wall}, {1e-4}, false);
  if (l_.flow >= 0) differentiate({l_.flow}, {1e-7}, false);
}

Passing Bed::entering(Feed const& feed) const {
  Passing p{feed.concentration, total_ ? inlet_flow_ : 0, 0};
  for (double& c : p.components) c *= column_.flow.velocity;
  if (column_.energy) {
    p.heat = inlet_flow_ * column_.energy->gas_heat_capacity * (feed.temperature - column_.flow.temperature);
  }
  return p;
}

Passing Bed::leaving(Feed const& feed, double const* y) {
  set_flow(y);
  Passing p{std::vector<double>(column_.count()), 0, 0};
  for (int i = 0; i < l_.components; ++i) {
    p.components[i] = component_flux(feed, y, l_.cells, i);
  }
  if (total_) p.total = flow_.back();
  if (column_.energy) p.heat = heat_flux(feed, y, l_.cells);
  return p;
}

double Bed::outlet_temperature(Feed const& feed, double const* y) {
  set_flow(y);
  return column_.energy ? face_temperature(feed, y, l_.cells) : column_.flow.temperature;
}

double Bed::outlet_velocity(Feed const& feed, double const* y) {
  if (!total_) return column_.velocity(column_.length);
  double const t = outlet_temperature(feed, y);
  return flow_.back() * kGasConstant * t / column_.flow.outlet_pressure;
}

std::vector<double> Bed::outlet(Feed const& feed, double const* y) {
  auto const& f = column_.flow;
  double const t = total_ ? outlet_temperature(feed, y) : 0;
  double const density =
      total_ ? f.outlet_pressure / (kGasConstant * t) : f.velocity / column_.velocity(column_.length);
  std::vector<double> c;
  for (int i = 0; i < l_.components; ++i) {
    auto const share = [&](int j) { return y[l_.at(j) + i] / density_[j]; };
    double const entering = feed.concentration[i] / (total_ ? f.inlet_pressure / (kGasConstant * f.temperature) : 1);
    c.push_back(density * carried(l_.cells, l_.cells, flow_.back(), entering, small_[i], share));
  }
  return c;
}

double Bed::pressure_at(double const* y, double x) const {
  auto const& f = column_.flow;
  if (!total_) return f.inlet_pressure * f.velocity / column_.velocity(x);
  if (f.is_isobaric()) return f.inlet_pressure;
  double const place = x / dx_ - 0.5;
  int const left = std::clamp(static_cast<int>(std::floor(place)), 0, l_.cells - 2);
  double const last = (l_.cells - 0.5) * dx_;
  double a = square(pressure(y, left)), b = square(pressure(y, left + 1)), share = place - left;
  if (x > last) {  // from the last cell's centre to the outlet
    a = b;
    b = square(f.outlet_pressure);
    share = (x - last) / (0.5 * dx_);
  }
  return std::sqrt(std::max(a + share * (b - a), 0.0));
}

double Bed::velocity_at(Feed const& feed, double const* y, double x) {
  if (!total_) return column_.velocity(x);
  set_flow(y);
  double const place = std::clamp(x / dx_, 0.0, static_cast<double>(l_.cells));
  int const face = std::min(static_cast<int>(place), l_.cells - 1);
  auto const at = face;
  double const flow = flow_[at] + (place - face) * (flow_[at + 1] - flow_[at]);
  double const t =
      column_.energy ? (x < 0.5 * dx_ ? feed.temperature : profile(y, l_.temperature, x)) : column_.flow.temperature;
  return flow * kGasConstant * t / pressure_at(y, x);
}

}  // namespace kroma::chromatography
