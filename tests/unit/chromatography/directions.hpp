#pragma once

#include <cmath>
#include <functional>

#include "problems/chromatography/variation.hpp"
#include "unit/chromatography/columns.hpp"

namespace kroma::chromatography {

/// A number of a column.
using Change = std::function<double&(Column&)>;

inline Column linear(ColumnModel model, bool kinetic = true) {
  auto c = pulse_column(model, 800);
  c.binding.adsorption_rate = {3.55};
  c.binding.desorption_rate = {0.1};
  c.binding.kinetic = kinetic;
  c.initial_adsorbed = {0};
  c.particles[0].surface_diffusion = {0};
  return c;
}

/// A bed that is loaded at the start, in equilibrium with Langmuir's law.
inline Column langmuir(ColumnModel model, bool kinetic) {
  auto c = pulse_column(model, 300);
  c.binding.law = Law::langmuir;
  c.binding.kinetic = kinetic;
  c.binding.capacity = {2};
  c.binding.affinity = {4};
  c.binding.desorption_rate = {1};
  c.initial_concentration = {0.2};
  c.initial_adsorbed = {2 * 0.8 / 1.8};
  return c;
}

inline Direction direction(Column const& column, Change const& change, double relative) {
  Direction d{column, column, 0, 1};
  double const value = change(d.plus);
  change(d.plus) = value * (1 + relative);
  change(d.minus) = value * (1 - relative);
  d.width = 2 * relative * value;
  d.scale = std::abs(value);
  return d;
}

inline Change const kLength = [](Column& c) -> double& { return c.length; };
inline Change const kVelocity = [](Column& c) -> double& { return c.flow.velocity; };
inline Change const kDispersion = [](Column& c) -> double& { return c.dispersion[0]; };
inline Change const kPhaseRatio = [](Column& c) -> double& { return c.phase_ratio; };
inline Change const kBedPorosity = [](Column& c) -> double& { return c.bed_porosity; };
inline Change const kPorosity = [](Column& c) -> double& { return c.particles[0].porosity; };
inline Change const kFilm = [](Column& c) -> double& { return c.particles[0].film_coefficient[0]; };
inline Change const kPoreDiffusion = [](Column& c) -> double& { return c.particles[0].pore_diffusion[0]; };
inline Change const kAdsorption = [](Column& c) -> double& { return c.binding.adsorption_rate.back(); };
inline Change const kFeed = [](Column& c) -> double& { return c.sections[0].concentration[0]; };

}  // namespace kroma::chromatography
