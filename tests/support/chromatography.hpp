#pragma once

#include <vector>

#include "problems/chromatography/column.hpp"

namespace kroma::test {

/// A column of one component with a rectangular injection of 1 mol/m^3 and then nothing until `end`.
inline chromatography::Column pulse_column(double length, double velocity, double dispersion, double injection,
                                           double end) {
  chromatography::Column c;
  c.components = {"solute"};
  c.length = length;
  c.flow.velocity = velocity;
  c.dispersion = {dispersion};
  c.sections = {{0, injection, {1.0}, {0.0}}, {injection, end, {0.0}, {0.0}}};
  c.initial_concentration = c.initial_adsorbed = {0.0};
  return c;
}

/// Lumped rate model with linear kinetics: porosity 0.6, 1 m, 10 s pulse.
inline chromatography::Column lumped_column() {
  auto c = pulse_column(1.0, 1.0 / 30, 1e-4, 10, 100);
  c.model = chromatography::ColumnModel::lumped_rate;
  c.phase_ratio = 0.4 / 0.6;
  c.binding.adsorption_rate = {1.0};
  c.binding.desorption_rate = {1.0};
  return c;
}

/// Lumped rate model with pores or general rate model with linear kinetics: 14 mm bed, 10 s pulse.
inline chromatography::Column packed_column(chromatography::ColumnModel model) {
  auto c = pulse_column(0.014, 5.75e-4, 5.75e-8, 10, 1500);
  c.model = model;
  c.bed_porosity = 0.37;
  c.particles = {{chromatography::Geometry::sphere, 4.5e-5, 0.75, 1.0, {6.9e-6}, {6.07e-11}, {0.0}}};
  c.binding.adsorption_rate = {3.55};
  c.binding.desorption_rate = {0.1};
  return c;
}

/// Benzene, toluene, ethylbenzene, p+m-xylene, o-xylene on the capillary of Cabrera-Codony et al. (2024), inlet 1
/// mol/m^3.
inline chromatography::Column btex_column() {
  auto c = pulse_column(20, 0.41, 0, 4, 700);
  c.components = {"benzene", "toluene", "ethylbenzene", "p+m-xylene", "o-xylene"};
  c.phase_ratio = 2 * 1e-6 / 9e-5;
  c.flow = {chromatography::Closure::compressible, 0.41, 4.01e5, 1.013e5};
  c.binding.adsorption_rate = {579, 2953, 9203, 6483, 10168};
  c.binding.desorption_rate = {5.299, 11.502, 16.940, 11.057, 14.291};
  c.dispersion.assign(5, 0.0);
  c.initial_concentration = c.initial_adsorbed = std::vector<double>(5, 0.0);
  for (auto& s : c.sections) {
    s.concentration.assign(5, s.concentration[0]);
    s.slope.assign(5, 0.0);
  }
  return c;
}

}  // namespace kroma::test
