// Keys of the units of a network and of the schedule that connects them.
#include "problems/chromatography/binding.hpp"
#include "problems/chromatography/options.hpp"

namespace kroma::chromatography {
namespace {

deck::Schema<TankOptions> tank_schema() {
  deck::Schema<TankOptions> s{"Stirred tank of uniform concentration, whose volume changes by what flows in and out"};
  s.add("volume", &TankOptions::volume, "Liquid at the start").unit("m^3").at_least(0.0).required();
  s.shorthand("volume");
  return s;
}

deck::Schema<ConnectionOptions> connection_schema() {
  using O = ConnectionOptions;
  deck::Schema<O> s{"Pipe without volume from one unit to another"};
  s.add("from", &O::from, "Unit that gives").required();
  s.add("to", &O::to, "Unit that takes; what several give is mixed").required();
  s.add("flow", &O::flow, "Flow rate").unit("m^3/s").above(0.0).required().example("1 mL/min");
  return s;
}

}  // namespace

deck::Schema<UnitOptions> unit_schema() {
  using O = UnitOptions;
  deck::Schema<O> s{
      "Unit of a network: an inlet, a stirred tank (cstr), an outlet, or else a column, which takes what it does not "
      "give from the keys of the same name above"};
  s.section("inlet", &O::inlet, inlet_schema());
  s.section("cstr", &O::cstr, tank_schema());
  s.add("outlet", &O::outlet, "true: what flows here leaves the network");
  s.section("column", &O::column, column_schema());
  s.add("dispersion", &O::dispersion, "Axial dispersion of the column, per component")
      .unit("m^2/s")
      .at_least(0.0)
      .or_single();
  s.section("binding", &O::binding, binding_schema());
  s.section("initial", &O::initial, initial_schema());
  return s;
}

deck::Schema<SwitchOptions> switch_schema() {
  using O = SwitchOptions;
  deck::Schema<O> s{"How the units are connected, section by section in time; columns and tanks keep their state"};
  s.add("until", &O::until, "End of the section; that of the last one is the end of the run")
      .unit("s")
      .above(0.0)
      .required();
  s.section("connections", &O::connections, connection_schema())
      .required()
      .example("[{from: feed, to: bed, flow: 1 mL/min}, {from: bed, to: product, flow: 1 mL/min}]");
  s.add("reversed", &O::reversed, "Columns that flow from their outlet to their inlet").or_single();
  return s;
}

}  // namespace kroma::chromatography
