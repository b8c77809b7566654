// Hydrophobic interaction with salt, the first component.
#include <algorithm>
#include <cmath>

#include "problems/chromatography/law_table.hpp"

namespace kroma::chromatography {
namespace {

HydrophobicStates shared(LawBuilder& b) {
  auto const& p = b.binding();
  HydrophobicStates s{b.states()};
  s.adsorption = b.list(p.adsorption_rate);
  s.desorption = b.list(p.desorption_rate);
  s.weight = b.keep(b.inverse(p.capacity));
  s.ligands = b.list(p.ligands);
  s.water = *p.water;
  s.salting = *p.water_salting;
  s.site = b.sites();
  return s;
}

Sorption water_on_surface(LawBuilder& b) {
  b.bind_adsorbed(1);
  return b.with(WaterOnSurface{shared(b), b.binding().reference_concentration});
}

Sorption constant_activity(LawBuilder& b) {
  b.bind_adsorbed(1);
  return b.with(ConstantWaterActivity{shared(b)});
}

Sorption unified(LawBuilder& b) {
  auto const& p = b.binding();
  bool const modulated = !p.adsorption_slope.empty() || !p.ligand_slope.empty();
  b.bind_adsorbed(modulated ? 2 : 1);
  return b.with(UnifiedHydrophobic{shared(b), modulated, p.modulator_reference.value_or(0), p.crowding.value_or(0),
                                   *p.salt_volume, b.list(p.adsorption_slope, 0), b.list(p.ligand_slope, 0),
                                   b.list(p.adsorption_protein, 0), b.list(p.adsorption_salt, 0)});
}

/// Of adsorbed components, which have a capacity.
void check_ligands(Binding const& b, std::size_t n, deck::Where const& where) {
  for (std::size_t i = 0; i < b.ligands.size() && b.capacity.size() == n; ++i) {
    if (b.capacity[i] > 0 && b.ligands[i] < 1) return where.mistake("binding.ligands", "must be at least 1");
  }
}

}  // namespace

std::vector<LawEntry> hydrophobic_laws() {
  std::vector<std::string_view> const all{"adsorption_rate", "desorption_rate", "capacity",
                                          "ligands",         "water",           "water_salting"};
  auto unified_needs = all;
  unified_needs.push_back("salt_volume");
  return {
      {Law::water_on_hydrophobic_surfaces,
       "water_on_hydrophobic_surfaces",
       "hydrophobic interaction, salt the first component: desorption as (total loading / reference)^(ligands beta)",
       all,
       water_on_surface,
       {"reference_concentration"},
       {},
       1,
       ListShape::components,
       check_ligands},
      {Law::constant_water_activity,
       "constant_water_activity",
       "the same with desorption as 0.1^(ligands beta)",
       all,
       constant_activity,
       {},
       {},
       1,
       ListShape::components,
       check_ligands},
      {Law::unified_hydrophobic,
       "unified_hydrophobic",
       "the same with desorption as exp((salt_volume * salt)^(ligands beta)); with slopes, a second modulator comes "
       "second",
       unified_needs,
       unified,
       {"crowding", "modulator_reference", "adsorption_slope", "ligand_slope", "adsorption_protein", "adsorption_salt"},
       {},
       1,
       ListShape::components,
       check_ligands},
  };
}

}  // namespace kroma::chromatography
