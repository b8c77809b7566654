#include "problems/chromatography/gas_options.hpp"

namespace kroma::chromatography {
namespace {

deck::Schema<RetentionOptions> retention_schema() {
  using O = RetentionOptions;
  deck::Schema<O> s{
      "Retention factor k of a component over temperature: characteristic_temperature and theta, or enthalpy and "
      "entropy, "
      "or a, b and c; and the formula that its diffusivity follows from"};
  s.add("characteristic_temperature", &O::characteristic_temperature, "Where k is 1").unit("K").above(0.0);
  s.add("theta", &O::theta, "-dT / d(ln k) there").unit("K").above(0.0);
  s.add("enthalpy", &O::enthalpy, "Of retention, at the reference temperature").unit("J/mol");
  s.add("entropy", &O::entropy, "Of retention, at the reference temperature").unit("J/mol/K");
  s.add("reference", &O::reference, "Reference temperature of enthalpy and entropy").unit("K").above(0.0);
  s.add("heat_capacity", &O::heat_capacity, "Change of heat capacity on retention").unit("J/mol/K");
  s.add("a", &O::a, "ln k = a + b / T + c ln T, T in K");
  s.add("b", &O::b, "See a").unit("K");
  s.add("c", &O::c, "See a");
  s.add("film_ratio", &O::film_ratio, "Film thickness / diameter of the column that k is for; 0: of this column")
      .at_least(0.0);
  s.add("formula", &O::formula, "Formula of C, H, O and N").required().example("C7H8");
  s.add("rings", &O::rings, "Rings of the molecule").at_least(0);
  s.add("range", &O::range, "Temperatures that the law holds for").unit("K").above(0.0);
  s.check([](O const& o, deck::Where const& where) {
    bool const characteristic = o.characteristic_temperature && o.theta, free = o.enthalpy && o.entropy && o.reference,
               plain = o.a && o.b && o.c;
    if (characteristic + free + plain != 1) {
      where.mistake(
          "",
          "give characteristic_temperature and theta, or enthalpy, entropy and reference, or a, b and c; one of "
          "the three");
    }
  });
  return s;
}

}  // namespace

deck::Schema<GasOptions> gas_schema() {
  using O = GasOptions;
  deck::Schema<O> s{
      "Gas chromatography in a capillary: velocity, dispersion (Golay) and retention follow from the carrier and the "
      "temperature. Constant in time, the peaks have their full shape; a programme gives them as normal laws"};
  s.add("carrier", &O::carrier, "Carrier gas")
      .choices({{"helium", Carrier::helium},
                {"hydrogen", Carrier::hydrogen},
                {"nitrogen", Carrier::nitrogen},
                {"argon", Carrier::argon}});
  s.add("temperature", &O::temperature, "Of the column: constant, or a function of the time t in s")
      .unit("K")
      .names({"t"})
      .required()
      .example("80 degC");
  s.add("inlet_pressure", &O::inlet_pressure, "Instead of flow.inlet_pressure, as a function of the time t in s")
      .unit("Pa")
      .names({"t"});
  s.add("outlet_pressure", &O::outlet_pressure, "Instead of flow.outlet_pressure, as a function of the time t in s")
      .unit("Pa")
      .names({"t"});
  s.add("flow", &O::flow,
        "Flow at 25 degC and 101325 Pa, as a function of the time t in s, kept by a controller that sets the inlet "
        "pressure")
      .unit("m^3/s")
      .names({"t"})
      .example("1 mL/min");
  s.section("retention", &O::retention, retention_schema());
  s.add(
      "database", &O::database,
      "CSV file of retention laws instead, with columns name, phase, formula, rings, characteristic_temperature_degC, "
      "theta_K, heat_capacity_J_per_mol_K, film_ratio; others are left alone");
  s.add("phase", &O::phase, "Stationary phase whose rows are taken from the database");
  s.check([](O const& o, deck::Where const& where) {
    if (o.flow && o.inlet_pressure) where.mistake("inlet_pressure", "follows from flow; give one of them");
    if (o.database.path.empty() == o.retention.empty()) where.mistake("", "give either retention or database");
    if (o.database.path.empty() && !o.phase.empty()) where.mistake("phase", "belongs to database");
  });
  return s;
}

}  // namespace kroma::chromatography
