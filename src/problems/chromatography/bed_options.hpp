#pragma once

#include <optional>
#include <vector>

#include "deck/schema.hpp"

namespace kroma::chromatography {

/// How the pressure falls along a bed.
enum class Momentum { darcy, ergun };

/// The block `energy.wall`.
struct WallOptions {
  double inner_radius = 0, inner_coefficient = 0;
  std::optional<double> outer_radius, outer_coefficient, heat_capacity, ambient_temperature;
  double conductivity = 0;
};

/// The block `energy`.
struct EnergyOptions {
  double gas_heat_capacity = 0, solid_heat_capacity = 0, conductivity = 0;
  std::vector<double> heat_of_adsorption, adsorbed_heat_capacity, activation_energy;
  std::optional<WallOptions> wall;
};

deck::Schema<EnergyOptions> energy_schema();

}  // namespace kroma::chromatography
