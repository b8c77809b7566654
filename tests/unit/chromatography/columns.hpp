#pragma once

#include <vector>

#include "problems/chromatography/integrator.hpp"

namespace kroma::chromatography {

/// Columns of the public verification set of LC simulators (Breuer et al. 2023; Leweke and von Lieres 2018).

inline Sorption linear_sorption(double adsorption, double desorption, bool kinetic = true) {
  Sorption s;
  s.component = {0};
  s.law = LinearKinetics{{1, 1, s.keep(std::vector<int>{0})},
                         s.keep(std::vector<double>{adsorption}),
                         s.keep(std::vector<double>{desorption})};
  s.linear = true;
  s.kinetic = kinetic;
  return s;
}

/// Steric mass action of three proteins and salt, in units of `reference` mol/m^3.
inline Sorption protein_sorption(double capacity = 1200, double reference = 1) {
  Sorption s;
  s.component = {1, 2, 3};
  s.salt_exchange = {4.7, 5.29, 3.7};
  s.law = StericMassAction{{4, 3, s.keep(s.component)},
                           s.keep(std::vector<double>{35.5, 1.59, 7.7}),
                           s.keep(std::vector<double>(3, 1000.0)),
                           s.keep(s.salt_exchange),
                           s.keep(std::vector<double>{4.7 + 11.83, 5.29 + 10.6, 3.7 + 10.0}),
                           s.keep(std::vector<double>(3, capacity)),
                           reference,
                           reference,
                           s.keep(std::vector<int>(3, 0))};
  return s;
}

inline Column packed_column(ColumnModel model, std::size_t components) {
  Column c;
  c.components.assign(components, "component");
  c.model = model;
  c.length = 0.014;
  c.bed_porosity = 0.37;
  c.phase_ratio = (1 - 0.8425) / 0.8425;
  c.flow.velocity = 5.75e-4;
  c.dispersion.assign(components, 5.75e-8);
  Particle p;
  p.radius = 4.5e-5;
  p.porosity = 0.75;
  p.film_coefficient.assign(components, 6.9e-6);
  p.pore_diffusion.assign(components, 6.07e-11);
  c.particles = {p};
  c.initial_concentration.assign(components, 0.0);
  return c;
}

/// A pulse of 10 s.
inline Column pulse_column(ColumnModel model, double end = 1500) {
  auto c = packed_column(model, 1);
  c.sections = {{0, 10, {1}, {0}}, {10, end, {0}, {0}}};
  return c;
}

/// Load, wash, and elution by a gradient of salt.
inline Column protein_column(ColumnModel model, double end = 1500) {
  auto c = packed_column(model, 4);
  c.particles[0].pore_diffusion[0] = 7e-10;
  c.initial_concentration[0] = 50;
  c.sections = {{0, 10, {50, 1, 1, 1}, {0, 0, 0, 0}},
                {10, 90, {50, 0, 0, 0}, {0, 0, 0, 0}},
                {90, end, {100, 0, 0, 0}, {0.2, 0, 0, 0}}};
  return c;
}

/// The same with steric mass action as a deck has it.
inline Column proteins(ColumnModel model, double end = 1500) {
  auto c = protein_column(model, end);
  c.initial_adsorbed.assign(4, 0.0);
  c.binding.law = Law::steric_mass_action;
  c.binding.adsorption_rate = {0, 35.5, 1.59, 7.7};
  c.binding.desorption_rate.assign(4, 1000.0);
  c.binding.charge = {0, 4.7, 5.29, 3.7};
  c.binding.shielding = {0, 11.83, 10.6, 10.0};
  c.binding.ionic_capacity = 1200;
  return c;
}

}  // namespace kroma::chromatography
