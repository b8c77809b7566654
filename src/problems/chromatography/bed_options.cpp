#include "problems/chromatography/bed_options.hpp"

namespace kroma::chromatography {
namespace {

deck::Schema<WallOptions> wall_schema() {
  using O = WallOptions;
  deck::Schema<O> s{
      "Wall of the column; with outer_radius it stores heat, without it is held at the ambient temperature (a jacket)"};
  s.add("inner_radius", &O::inner_radius, "Of the column").unit("m").above(0.0).required();
  s.add("inner_coefficient", &O::inner_coefficient, "Heat transfer from the bed to the wall")
      .unit("W/m^2/K")
      .at_least(0.0)
      .required();
  s.add("ambient_temperature", &O::ambient_temperature, "Around the column; flow.temperature by itself")
      .unit("K")
      .above(0.0);
  s.add("outer_radius", &O::outer_radius, "Of the column with its wall").unit("m").above(0.0);
  s.add("outer_coefficient", &O::outer_coefficient, "Heat transfer from the wall to what is around; with outer_radius")
      .unit("W/m^2/K")
      .at_least(0.0);
  s.add("heat_capacity", &O::heat_capacity, "Of the wall, per volume; with outer_radius").unit("J/m^3/K").above(0.0);
  s.add("conductivity", &O::conductivity, "Heat conductivity along the wall").unit("W/m/K").at_least(0.0);
  s.check([](O const& o, deck::Where const& where) {
    if (!o.outer_radius) {
      if (o.outer_coefficient) where.mistake("outer_coefficient", "belongs to a wall with outer_radius");
      if (o.heat_capacity) where.mistake("heat_capacity", "belongs to a wall with outer_radius");
      return;
    }
    if (*o.outer_radius <= o.inner_radius) where.mistake("outer_radius", "must be above inner_radius");
    if (!o.heat_capacity) where.mistake("heat_capacity", "missing; a wall with outer_radius stores heat");
    if (!o.outer_coefficient) where.mistake("outer_coefficient", "missing; 0 for an insulated wall");
  });
  return s;
}

}  // namespace

deck::Schema<EnergyOptions> energy_schema() {
  using O = EnergyOptions;
  deck::Schema<O> s{
      "Heat balance of a bed: adsorption sets heat free, and affinities and rates depend on the temperature. Without "
      "it "
      "the bed is isothermal"};
  s.add("gas_heat_capacity", &O::gas_heat_capacity, "Of the gas, carrier and components alike")
      .unit("J/mol/K")
      .above(0.0)
      .required();
  s.add("solid_heat_capacity", &O::solid_heat_capacity, "Of the stationary phase, per its volume")
      .unit("J/m^3/K")
      .at_least(0.0)
      .required();
  s.add("heat_of_adsorption", &O::heat_of_adsorption,
        "Set free by adsorption (isosteric heat, positive), per component; affinities go as T exp(heat / (R_g T))")
      .unit("J/mol")
      .or_single()
      .required();
  s.add("adsorbed_heat_capacity", &O::adsorbed_heat_capacity,
        "Of what is adsorbed, per component; by itself that of the gas, so that the heat of adsorption is constant")
      .unit("J/mol/K")
      .at_least(0.0)
      .or_single();
  s.add("activation_energy", &O::activation_energy, "Of the rates of sorption (Arrhenius), per component; 0 by itself")
      .unit("J/mol")
      .or_single();
  s.add("conductivity", &O::conductivity, "Heat conductivity along the bed, per cross-section of the column")
      .unit("W/m/K")
      .at_least(0.0);
  s.section("wall", &O::wall, wall_schema());
  return s;
}

}  // namespace kroma::chromatography
