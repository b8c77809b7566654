#include "problems/chromatography/law_table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deck/deck.hpp"
#include "problems/chromatography/binding.hpp"
#include "problems/chromatography/gas.hpp"
#include "problems/chromatography/model.hpp"
#include "problems/chromatography/numeric.hpp"
#include "unit/chromatography/columns.hpp"

namespace kroma::chromatography {
namespace {

using List = std::vector<double>;

/// Rates of what a deck's binding makes of a column of `components`.
List rates(Binding const& binding, std::size_t components, List const& c, List const& q, bool warm = false) {
  Column column;
  column.components.assign(components, "component");
  column.binding = complete(binding, components);
  auto const sorption = make_sorption(column, warm);
  EXPECT_EQ(q.size(), sorption.component.size());
  List r(q.size());
  with_law(sorption.law, [&](auto const& law) { law(c.data(), q.data(), r.data()); });
  return r;
}

Binding of(Law law) {
  Binding b;
  b.law = law;
  return b;
}

void expect_same(List const& got, List const& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t k = 0; k < got.size(); ++k) EXPECT_NEAR(got[k], expected[k], 1e-12 * (1 + std::abs(expected[k])));
}

Binding steric(Law law = Law::steric_mass_action) {
  auto b = of(law);
  b.adsorption_rate = {0, 35.5, 1.59};
  b.desorption_rate = {1000};
  b.charge = {0, 4.7, 5.29};
  b.shielding = {0, 11.83, 10.6};
  b.ionic_capacity = 120;
  return b;
}

// Verifies: what the table of laws asks for are keys of a deck.
TEST(LawTable, ParametersAreKeys) {
  auto const keys = binding_schema().describe().keys;
  for (auto const& law : law_table()) {
    for (auto const& list : {law.needs, law.may, law.kinetic}) {
      for (auto const& key : list) {
        EXPECT_TRUE(std::any_of(keys.begin(), keys.end(), [&](auto const& k) { return k.name == key; })) << key;
      }
    }
  }
}

// Verifies: laws of ion exchange are steric mass action where what they add is left out.
TEST(LawTable, FamilyOfStericMassAction) {
  List const c{80, 0.7, 0.2}, q{1.1, 0.4};
  auto const plain = rates(steric(), 3, c, q);
  double const left = 120 - (4.7 + 11.83) * 1.1 - (5.29 + 10.6) * 0.4;
  EXPECT_NEAR(plain[0], 35.5 * 0.7 * std::pow(left, 4.7) - 1000 * 1.1 * std::pow(80, 4.7), 1e-9 * std::abs(plain[0]));

  auto sites = steric(Law::bi_steric_mass_action);
  sites.ionic_capacity = 0;
  sites.site_capacity = {120};
  expect_same(rates(sites, 3, c, q), plain);
  sites.site_capacity = {120, 60};
  sites.charge = {0, 4.7, 5.29, 0, 2, 3};
  auto const two = rates(sites, 3, c, {1.1, 0.4, 0.1, 0.2});
  EXPECT_DOUBLE_EQ(two[0], plain[0]);
  double const other = 60 - (2 + 11.83) * 0.1 - (3 + 10.6) * 0.2;
  EXPECT_NEAR(two[2], 35.5 * 0.7 * other * other - 1000 * 0.1 * 6400, 1e-9 * std::abs(two[2]));

  auto states = steric(Law::multi_state_steric_mass_action);
  states.states = {0, 1, 1};
  states.adsorption_rate = {35.5, 1.59};
  states.charge = {4.7, 5.29};
  states.shielding = {11.83, 10.6};
  states.conversion_rate = {0, 0};
  expect_same(rates(states, 3, c, q), plain);

  auto general = steric(Law::generalised_ion_exchange);
  for (auto* list : {&general.adsorption_rate, &general.charge, &general.shielding}) list->insert(list->begin(), 0.0);
  auto const with_salt = rates(general, 4, {80, 7, 0.7, 0.2}, {100, 1.1, 0.4});
  EXPECT_NEAR(with_salt[0], 120 - 4.7 * 1.1 - 5.29 * 0.4 - 100, 1e-12);
  EXPECT_NEAR(with_salt[1], plain[0], 1e-9 * std::abs(plain[0]));
  EXPECT_NEAR(with_salt[2], plain[1], 1e-9 * std::abs(plain[1]));
}

// Verifies: states of one protein turn into one another at the rates of their formula, and nothing is lost by that.
TEST(LawTable, StatesTurnIntoOneAnother) {
  auto b = steric(Law::multi_state_steric_mass_action);
  b.states = {0, 2};
  b.adsorption_rate = {0, 0};
  b.desorption_rate = {1e-30};
  b.charge = {2, 3.5};
  b.shielding = {1, 2};
  b.conversion_rate = {0, 0.3, 0.2, 0};
  b.reference_concentration = 40;
  auto const r = rates(b, 2, {80, 0.7}, {1.1, 0.4});
  double const left = 120 - 3 * 1.1 - 5.5 * 0.4;
  double const turn = 0.3 * 1.1 * std::pow(left / 40, 1.5) - 0.2 * 0.4 * std::pow(2, 1.5);
  EXPECT_NEAR(r[0], -turn, 1e-12);
  EXPECT_NEAR(r[1], turn, 1e-12);
}

// Verifies: proteins whose charge follows pH take salt up and set it free so that bound charges are conserved: a column
// of the generalised law without slopes is one of steric mass action, salt included, and with slopes loses no salt.
TEST(LawTable, GeneralisedIonExchangeInAColumn) {
  auto column = proteins(ColumnModel::lumped_rate_with_pores, 300);
  NumericOptions options;
  options.elements = 4;
  options.tolerance = 1e-6;
  List times;
  for (double t = 10; t <= 300; t += 10) times.push_back(t);
  NumericSolver plain{column, times, {}, 1e-3, options};
  plain.run([] { return false; });

  auto const second = [](auto& list, double value) { list.insert(list.begin() + 1, value); };
  column.components.insert(column.components.begin() + 1, "pH");
  for (auto* list : {&column.dispersion, &column.initial_adsorbed, &column.particles[0].film_coefficient})
    second(*list, (*list)[0]);
  second(column.particles[0].pore_diffusion, 7e-10);
  second(column.initial_concentration, 7);
  for (auto& s : column.sections) {
    second(s.concentration, 7);
    second(s.slope, 0);
  }
  auto& b = column.binding;
  b.law = Law::generalised_ion_exchange;
  for (auto* list : {&b.adsorption_rate, &b.charge, &b.shielding}) second(*list, 0);
  second(b.desorption_rate, 1000);
  NumericSolver general{column, times, {}, 1e-3, options};
  general.run([] { return false; });
  for (std::size_t k = 0; k < times.size(); ++k) {
    for (std::size_t i : {0, 1, 2, 3}) {
      EXPECT_NEAR(general.outlet().concentration[5 * k + (i == 0 ? 0 : i + 1)], plain.outlet().concentration[4 * k + i],
                  1e-5 * (i == 0 ? 382 : 1));
    }
  }
  b.charge_slope = {0, 0, -0.05, -0.1, 0.05};
  column.sections[2].slope[1] = 0.01;
  NumericSolver shifted{column, times, {}, 1e-3, options};
  shifted.run([] { return false; });
  EXPECT_LT(shifted.outlet().mass_balance_error, 1e-10);
}

Binding two_langmuir(Law law) {
  auto b = of(law);
  b.capacity = {4, 3};
  b.affinity = {0.8, 0.3};
  b.desorption_rate = {2, 0.5};
  return b;
}

// Verifies: laws of Langmuir's family are Langmuir's where what they add is left out, and have their formulas' values.
TEST(LawTable, FamilyOfLangmuir) {
  List const c{0.7, 1.4}, q{1.1, 0.4};
  double const free = 1 - 1.1 / 4 - 0.4 / 3;
  List const plain{2 * (0.8 * 4 * 0.7 * free - 1.1), 0.5 * (0.3 * 3 * 1.4 * free - 0.4)};
  expect_same(rates(two_langmuir(Law::langmuir), 2, c, q), plain);
  auto anti = two_langmuir(Law::anti_langmuir);
  anti.sign = {1, 1};
  expect_same(rates(anti, 2, c, q), plain);
  anti.sign = {1, -1};
  EXPECT_NEAR(rates(anti, 2, c, q)[0], 2 * (0.8 * 4 * 0.7 * (1 - 1.1 / 4 + 0.4 / 3) - 1.1), 1e-14);

  auto bi = two_langmuir(Law::bi_langmuir);
  bi.capacity = {4, 3, 1, 2};
  bi.affinity = {0.8, 0.3, 0.1, 0.2};
  auto const both = rates(bi, 2, c, {1.1, 0.4, 0.3, 0.5});
  EXPECT_NEAR(both[1], plain[1], 1e-14);
  EXPECT_NEAR(both[2], 2 * (0.1 * 1 * 0.7 * (1 - 0.3 - 0.25) - 0.3), 1e-14);
  auto pair = two_langmuir(Law::bi_langmuir);
  pair.second_capacity = {1, 2};
  pair.second_affinity = {0.1, 0.2};
  expect_same(rates(pair, 2, c, {1.1, 0.4, 0.3, 0.5}), both);

  auto sips = two_langmuir(Law::sips_kinetics);
  sips.affinity = {};
  sips.adsorption_rate = {1.6, 0.15};
  sips.exponent = {1};
  expect_same(rates(sips, 2, c, q), plain);
  sips.exponent = {0.5};
  sips.reference_concentration = 2;
  EXPECT_NEAR(rates(sips, 2, c, q)[0], 1.6 * 4 * std::sqrt(0.35) * free - 2 * 1.1, 1e-12);

  auto spread = two_langmuir(Law::spreading);
  spread.capacity = {4, 3, 5, 6};
  spread.affinity = {0.8, 0.3, 0.1, 0.2};
  spread.spreading_rate = {0.2, 0.1};
  spread.return_rate = {0.05, 0.07};
  double const room = 4 * (1 - 1.1 / 4 - 0.3 / 5 - 0.4 / 3 - 0.5 / 6);
  auto const turned = rates(spread, 2, c, {1.1, 0.3, 0.4, 0.5});
  EXPECT_NEAR(turned[0], (1.6 * 0.7 - 0.2 * 1.1) * room - 2 * 1.1 + 0.05 * 0.3, 1e-12);
  EXPECT_NEAR(turned[1], (0.2 * 0.7 + 0.2 * 1.1) * room - (2 + 0.05) * 0.3, 1e-12);
}

// Verifies: modulated laws, of which the first component is the modulator.
TEST(LawTable, ModulatedLangmuir) {
  List const c{50, 0.7, 1.4}, q{1.1, 0.4};
  auto b = of(Law::extended_mobile_phase_modulator);
  b.capacity = {0, 4, 3};
  b.affinity = {0, 0.8, 0.3};
  b.desorption_rate = {2};
  b.salting = {0, 0.01, 0.02};
  b.elution = {0, 1.5, 0};
  b.competes = {1, 1, 0};
  b.reference_concentration = 25;
  auto const r = rates(b, 3, c, q);
  EXPECT_NEAR(r[0], 1.6 * std::exp(0.5) * 0.7 * 4 * (1 - 1.1 / 4) - 2 * std::pow(2, 1.5) * 1.1, 1e-12);
  EXPECT_NEAR(r[1], 2 * (0.3 * 3 * 1.4 - 0.4), 1e-14);

  auto kumar = b;
  kumar.law = Law::kumar;
  kumar.salting = kumar.competes = {};
  kumar.activation = {0, 300, 0};
  kumar.temperature = 300;
  EXPECT_NEAR(rates(kumar, 3, c, q)[0],
              1.6 * std::exp(1.0) * 0.7 * 4 * (1 - 1.1 / 4 - 0.4 / 3) - 2 * std::pow(2, 1.5) * 1.1, 1e-12);

  auto titrated = b;
  titrated.law = Law::affinity_complex_titration;
  titrated.salting = titrated.elution = titrated.competes = {};
  titrated.capacity_midpoint = {0, 5, 5};
  titrated.affinity_midpoint = {0, 4, 4};
  titrated.capacity_steepness = titrated.affinity_steepness = {1.3};
  double const full = 1 / (1 + std::pow(10, 1.3 * (5 - 4.5))), strong = 1 / (1 + std::pow(10, 1.3 * (4 - 4.5)));
  auto const by_ph = rates(titrated, 3, {4.5, 0.7, 1.4}, q);
  EXPECT_NEAR(by_ph[0], 1.6 * 4 * strong * (full - 1.1 / 4 - 0.4 / 3) * 0.7 - 2 * 1.1, 1e-12);
  titrated.modulator = Modulator::concentration;
  for (auto* list : {&titrated.capacity_midpoint, &titrated.affinity_midpoint}) {
    for (double& m : *list) m = std::pow(10, -m);
  }
  expect_same(rates(titrated, 3, {std::pow(10, -4.5), 0.7, 1.4}, q), by_ph);
}

// Verifies: hydrophobic interaction has its formulas' values.
TEST(LawTable, HydrophobicInteraction) {
  List const c{200, 0.7, 1.4}, q{1.1, 0.4};
  auto b = of(Law::water_on_hydrophobic_surfaces);
  b.adsorption_rate = {0, 1.6, 0.9};
  b.desorption_rate = {2};
  b.capacity = {0, 4, 3};
  b.ligands = {0, 2, 3};
  b.water = 0.3;
  b.water_salting = 0.002;
  double const free = 1 - 1.1 / 4 - 0.4 / 3, beta = 0.3 * std::exp(0.4), up = 1.6 * 0.7 * free * free;
  EXPECT_NEAR(rates(b, 3, c, q)[0], up - 2 * 1.1 * std::pow(1.5, 2 * beta), 1e-12);
  b.law = Law::constant_water_activity;
  EXPECT_NEAR(rates(b, 3, c, q)[0], up - 2 * 1.1 * std::pow(0.1, 2 * beta), 1e-12);
  b.law = Law::unified_hydrophobic;
  b.salt_volume = 0.01;
  b.crowding = 0.2;
  EXPECT_NEAR(rates(b, 3, c, q)[0], up - 2 * 1.1 * (1 + 0.2 * 1.1) * std::exp(std::pow(2, 2 * beta)), 1e-12);
  for (auto* list : {&b.adsorption_rate, &b.capacity, &b.ligands}) list->insert(list->begin() + 1, 0.0);
  b.modulator_reference = 7;
  b.adsorption_slope = {0, 0, 0.1, 0};
  b.ligand_slope = {0, 0, 0.5, 0};
  b.adsorption_protein = {0, 0, 0.05, 0};
  b.adsorption_salt = {0, 0, 0.001, 0};
  double const gain = 1.6 * std::exp(0.2 + 0.05 * 0.7 + 0.2) * 0.7 * std::pow(free, 3);
  EXPECT_NEAR(rates(b, 4, {200, 9, 0.7, 1.4}, q)[0], gain - 2 * 1.1 * (1 + 0.2 * 1.1) * std::exp(std::pow(2, 3 * beta)),
              1e-12);
}

// Verifies: colloids repel one another as Yukawa's potential on the lattice has it, and not at all where there are few.
TEST(LawTable, Colloids) {
  auto b = of(Law::colloidal);
  b.rate = {2};
  b.molecule_radius = {1e-9, 2e-9, 1.5e-9};
  b.surface = 1e8;
  b.equilibrium_factor = {0, 30, 25};
  b.equilibrium_power = {0, 0.4, 0.5};
  b.repulsion_factor = {0, 5, 4};
  b.repulsion_power = {0, -0.1, -0.2};
  b.debye_factor = 9.6e-9;
  b.debye_power = -0.5;
  List const c{100, 0.7, 0.2}, q{3, 1.5};
  double const distance = std::sqrt(2 * 1e8 / (6.02214076e23 * std::sqrt(3.0) * 4.5)), kappa = 10 / 9.6e-9;
  double const b0 = 5 * std::pow(100, -0.1), b1 = 4 * std::pow(100, -0.2);
  auto const pull = [&](double r) { return r / (2 * distance) * std::exp(-kappa * (distance - r)); };
  double const sum = 3 * b0 * pull(4e-9) + 1.5 * std::sqrt(b0 * b1) * pull(3.5e-9);
  double const log = 6 * (3 + kappa * distance) / (4 * 4.5) * sum - 30 * std::pow(100, -0.4);
  EXPECT_NEAR(rates(b, 3, c, q)[0], 2 * (0.7 - 3 * std::exp(log)), 1e-10);
  EXPECT_GT(std::abs(std::exp(6 * (3 + kappa * distance) / (4 * 4.5) * sum) - 1), 0.01);  // neighbours count here
  double const few = 1e-6;
  EXPECT_NEAR(rates(b, 3, c, {few, few})[1], 2 * (0.2 - few * std::exp(-25 * 0.1)), 1e-12);
}

// Verifies: the driving force in the liquid is at rest on Langmuir's isotherm, the virial one on its own.
TEST(LawTable, DrivingForcesInTheLiquid) {
  auto b = two_langmuir(Law::langmuir_liquid_driving_force);
  b.desorption_rate = {};
  b.rate = {2};
  List const c{0.7, 1.4};
  double const sum = 1 + 0.8 * 0.7 + 0.3 * 1.4;
  expect_same(rates(b, 2, c, {4 * 0.8 * 0.7 / sum, 3 * 0.3 * 1.4 / sum}), {0, 0});
  EXPECT_NEAR(rates(b, 2, c, {0, 0})[1], 2 * 1.4, 1e-14);
  auto virial = of(Law::virial);
  virial.rate = {2};
  virial.henry = {3};
  virial.virial_first = {0.2};
  virial.virial_second = {0.05};
  EXPECT_NEAR(rates(virial, 1, {0.7}, {1.5})[0], 2 * (0.7 - 0.5 * std::exp(0.3 + 0.1125)), 1e-13);
}

// Verifies: driving forces of isotherms whose parameters are matrices, or of three kinds of sites.
TEST(LawTable, OtherIsotherms) {
  auto freundlich = of(Law::multicomponent_freundlich);
  freundlich.rate = {2};
  freundlich.capacity = {3, 4};
  freundlich.exponent = {0.5, 0.7};
  freundlich.competition = {{1, 0.5}, {0, 1}};
  auto const f = rates(freundlich, 2, {0.7, 1.4}, {0, 0});
  EXPECT_NEAR(f[0], 2 * 3 * 0.7 / std::sqrt(1.4), 1e-8);
  EXPECT_NEAR(f[1], 2 * 4 * std::pow(1.4, 0.7), 1e-8);
  auto saska = of(Law::saska);
  saska.rate = {2};
  saska.henry = {3, 4};
  saska.interactions = {{0.1, 0.5}, {0, 0.2}};
  EXPECT_NEAR(rates(saska, 2, {0.7, 1.4}, {1, 1})[0], 2 * (3 * 0.7 + 0.1 * 0.49 + 0.5 * 0.98 - 1), 1e-13);
  auto three = two_langmuir(Law::triple_site_langmuir);
  three.rate = {2};
  three.desorption_rate = {};
  three.second_capacity = three.third_capacity = {1, 2};
  three.second_affinity = {0.1, 0.2};
  three.third_affinity = {5, 0};
  auto const site = [](double q, double x, double y) { return q * x / (1 + x + y); };
  EXPECT_NEAR(rates(three, 2, {0.7, 1.4}, {0, 0})[0], 2 * (site(4, 0.56, 0.42) + site(1, 0.07, 0.28) + site(1, 3.5, 0)),
              1e-13);
}

// Verifies: the reduced spreading pressure of Toth's isotherm has the slope q / c, and with t = 1 is Langmuir's.
TEST(LawTable, SpreadingPressureOfToth) {
  double const full = 3, b = 2;
  for (double t : {0.2, 0.45, 1.0}) {
    TothPure const pure{&full, &b, &t};
    for (double c : {1e-6, 1e-2, 0.3, 0.6, 2.0, 40.0, 1e4}) {
      double const h = 1e-3 * c;
      double const slope = (pure(0, c - 2 * h).spreading - 8 * pure(0, c - h).spreading + 8 * pure(0, c + h).spreading -
                            pure(0, c + 2 * h).spreading) /
                           (12 * h);
      EXPECT_NEAR(slope * c / pure(0, c).loading, 1, 1e-10) << t << " " << c;
      if (t == 1) {
        EXPECT_NEAR(pure(0, c).spreading / (full * std::log1p(b * c)), 1, 1e-14);
      }
    }
  }
}

// Verifies: ideal adsorbed solutions of other pure isotherms are those of Langmuir components where they are the same.
TEST(LawTable, PureIsothermsOfMixtures) {
  auto b = two_langmuir(Law::iast);
  b.desorption_rate = {};
  b.rate = {2};
  List const c{0.7, 1.4}, q{0, 0};
  auto const langmuir = rates(b, 2, c, q);
  b.exponent = {1};
  for (Pure pure : {Pure::sips, Pure::toth}) {
    b.pure = pure;
    expect_same(rates(b, 2, c, q), langmuir);
  }
  b.pure = Pure::quadratic;
  b.pair_affinity = {0};
  expect_same(rates(b, 2, c, q), langmuir);
}

// Verifies: affinities follow van 't Hoff's law, whether the temperature is the column's or one of the law's variables.
TEST(LawTable, AffinitiesChangeWithTemperature) {
  List const c{0.7, 1.4}, q{0.1, 0.2};
  auto cold = two_langmuir(Law::dual_site_langmuir);
  cold.rate = {2};
  cold.desorption_rate = {};
  cold.second_capacity = {1, 2};
  cold.second_affinity = {0.1, 0.2};
  for (auto [law, exponent] : {std::pair{Law::dual_site_langmuir, List{}},
                               {Law::langmuir_driving_force, List{}},
                               {Law::sips, List{0.7, 0.9}},
                               {Law::toth, List{0.7, 0.9}},
                               {Law::iast, List{}}}) {
    auto b = cold;
    b.law = law;
    b.exponent = exponent;
    if (law != Law::dual_site_langmuir) b.second_capacity = b.second_affinity = {};
    auto changed = b;
    b.heat = {20e3, 30e3};
    b.reference_temperature = 300;
    b.temperature = 330;
    for (std::size_t i = 0; i < 2; ++i) {
      double const factor = std::exp(b.heat[i] / kGasConstant * (1 / 330.0 - 1 / 300.0));
      changed.affinity[i] *= factor;
      if (!changed.second_affinity.empty()) changed.second_affinity[i] *= factor;
    }
    auto const expected = rates(changed, 2, c, q);
    expect_same(rates(b, 2, c, q), expected);
    expect_same(rates(b, 2, {0.7, 1.4, 330}, q, true), expected);
  }
  auto with_own = cold;
  with_own.heat = {20e3, 30e3, 10e3, 5e3};
  with_own.temperature = 298.15;
  expect_same(rates(with_own, 2, c, q), rates(cold, 2, c, q));
}

/// What a deck says to get each law, with the components salt, modulator, a and b.
std::map<std::string, std::string> const kBindings{
    {"linear", "adsorption_rate: [0, 0, 2, 1], desorption_rate: 1"},
    {"langmuir", "capacity: [0, 0, 4, 3], affinity: 0.5, desorption_rate: 1"},
    {"bi_langmuir",
     "capacity: [0, 0, 4, 3], affinity: 0.5, second_capacity: [0, 0, 1, 1], second_affinity: 2, desorption_rate: 1"},
    {"anti_langmuir", "capacity: [0, 0, 4, 3], affinity: 0.5, desorption_rate: 1, sign: [1, 1, 1, -1]"},
    {"kumar",
     "capacity: [0, 0, 4, 3], affinity: 0.5, desorption_rate: 1, activation: 300, temperature: 300, elution: 0"},
    {"mobile_phase_modulator",
     "capacity: [0, 0, 4, 3], affinity: 0.5, desorption_rate: 1, salting: 0.01, elution: 1, reference_concentration: "
     "50"},
    {"extended_mobile_phase_modulator",
     "capacity: [0, 0, 4, 3], affinity: 0.5, desorption_rate: 1, salting: 0.01, elution: 0, competes: [1, 1, 1, 0]"},
    {"self_association", "capacity: [0, 0, 4, 3], affinity: 0.5, desorption_rate: 1, pairing: 0.2"},
    {"spreading",
     "capacity: [0, 0, 4, 3, 0, 0, 4, 3], affinity: 0.5, desorption_rate: 1, spreading_rate: 0.1, return_rate: 0.1"},
    {"sips_kinetics", "adsorption_rate: 0.5, capacity: [0, 0, 4, 3], exponent: 0.8, desorption_rate: 1"},
    {"saska", "rate: 1, henry: [0, 0, 2, 1], interactions: [[0,0,0,0],[0,0,0,0],[0,0,0.1,0.1],[0,0,0.1,0]]"},
    {"affinity_complex_titration",
     "capacity: [0, 0, 4, 3], affinity: 0.5, desorption_rate: 1, capacity_midpoint: 40, capacity_steepness: -0.1, "
     "affinity_midpoint: 40, affinity_steepness: 0.1"},
    {"steric_mass_action",
     "adsorption_rate: [0, 0, 2, 1], desorption_rate: 1, charge: [0, 1, 2, 1], shielding: 1, ionic_capacity: 50, "
     "pairing: 0.1, reference_concentration: 50"},
    {"bi_steric_mass_action",
     "adsorption_rate: [0, 0, 2, 1], desorption_rate: 1, charge: [0, 1, 2, 1], shielding: 1, site_capacity: [50, 20], "
     "reference_concentration: 50"},
    {"multi_state_steric_mass_action",
     "states: [0, 0, 2, 1], adsorption_rate: [2, 1, 1], desorption_rate: 1, charge: [2, 3, 1], shielding: 1, "
     "conversion_rate: [0, 0.1, 0.2, 0, 0], ionic_capacity: 50, reference_concentration: 50"},
    {"generalised_ion_exchange",
     "adsorption_rate: [0, 0, 2, 1], desorption_rate: 1, charge: [0, 0, 2, 1], charge_slope: 0.1, shielding: 1, "
     "ionic_capacity: 50, reference_concentration: 50"},
    {"colloidal",
     "rate: 1, molecule_radius: 5 nm, surface: 1e8, equilibrium_factor: [0, 0, 3, 2], equilibrium_power: 0.2, "
     "repulsion_factor: 2, debye_factor: 9.6 nm, debye_power: -0.5, equilibrium_modulator: 0.1"},
    {"water_on_hydrophobic_surfaces",
     "adsorption_rate: 2, desorption_rate: 1, capacity: [0, 0, 4, 3], ligands: [0, 0, 2, 3], water: 0.1, "
     "water_salting: 0.001"},
    {"constant_water_activity",
     "adsorption_rate: 2, desorption_rate: 1, capacity: [0, 0, 4, 3], ligands: [0, 0, 2, 3], water: 0.1, "
     "water_salting: 0.001"},
    {"unified_hydrophobic",
     "adsorption_rate: 2, desorption_rate: 1, capacity: [0, 0, 4, 3], ligands: [0, 0, 2, 3], water: 0.1, "
     "water_salting: "
     "0.001, salt_volume: 0.01, ligand_slope: 0.1, modulator_reference: 7"},
    {"langmuir_driving_force", "rate: 1, capacity: [0, 0, 4, 3], affinity: 0.5, heat: 20e3, temperature: 310"},
    {"langmuir_liquid_driving_force", "rate: 1, capacity: [0, 0, 4, 3], affinity: 0.5"},
    {"dual_site_langmuir",
     "rate: 1, capacity: [0, 0, 4, 3], affinity: 0.5, second_capacity: [0, 0, 1, 1], second_affinity: 2"},
    {"triple_site_langmuir",
     "rate: 1, capacity: [0, 0, 4, 3], affinity: 0.5, second_capacity: [0, 0, 1, 1], second_affinity: 2, "
     "third_capacity: [0, 0, 1, 1], third_affinity: 0.1"},
    {"sips", "rate: 1, capacity: [0, 0, 4, 3], affinity: 0.5, exponent: 0.8"},
    {"freundlich", "rate: 1, capacity: [0, 0, 1, 0.8], exponent: 0.8"},
    {"multicomponent_freundlich",
     "rate: 1, capacity: [0, 0, 1, 0.8], exponent: 0.8, competition: [[0,0,0,0],[0,0,0,0],[0,0,1,0.5],[0,0,0.5,1]], "
     "offset: 1e-4"},
    {"toth", "rate: 1, capacity: [0, 0, 4, 3], affinity: 0.5, exponent: 0.8"},
    {"quadratic", "rate: 1, capacity: [0, 0, 4, 3], affinity: 0.5, pair_affinity: 0.1"},
    {"bet", "rate: 1, capacity: [0, 0, 4, 3], affinity: 0.5, second_affinity: 0.1"},
    {"dubinin_astakhov", "rate: 1, capacity: [0, 0, 4, 3], saturation: 100, steepness: 0.2, exponent: 2"},
    {"temkin", "rate: 1, capacity: [0, 0, 4, 3], affinity: 0.5, interaction: 0.1"},
    {"virial", "rate: 1, henry: [0, 0, 2, 1], virial_first: 0.1"},
    {"iast", "rate: 1, pure: toth, capacity: [0, 0, 4, 3], affinity: 0.5, exponent: 0.8"}};

// Verifies: every law is made from a deck, and a column with it conserves amounts.
TEST(LawTable, EveryLawFromADeck) {
  for (auto const& law : law_table()) {
    SCOPED_TRACE(law.name);
    auto const deck = deck::Deck::from_text(
        "components: [salt, modulator, a, b]\ncolumn: {model: lumped_rate, length: 0.1, total_porosity: 0.6}\n"
        "flow: {velocity: 0.01}\ndispersion: 1e-5\ninitial: {concentration: [50, 7, 0, 0]}\n"
        "inlet: [{until: 10, concentration: [50, 7, 1, 0.5]}, {until: 30, concentration: [60, 7.5, 0, 0]}]\n"
        "binding: {model: " +
        std::string{law.name} + ", " + kBindings.at(law.name) + "}\n");
    deck::Mistakes mistakes;
    auto const options = schema().read(deck.root(), "chromatography", mistakes);
    ASSERT_TRUE(mistakes.empty()) << mistakes.error().what();
    NumericOptions expert;
    expert.elements = 3;
    expert.degree = 2;
    expert.tolerance = 1e-4;
    NumericSolver solver{make_column(options), {10, 20, 30}, {}, 1e-3, expert};
    ASSERT_TRUE(solver.run([] { return false; }));
    EXPECT_LT(solver.outlet().mass_balance_error, 1e-10);
    EXPECT_GT(solver.outlet().concentration[4 * 1 + 2], 1e-3);
  }
}

}  // namespace
}  // namespace kroma::chromatography
