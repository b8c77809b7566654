#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "deck/schema.hpp"
#include "problems/chromatography/law_builder.hpp"

namespace kroma::chromatography {

/// How many values a law's lists have: one for each component; that for each kind of sites, kind after kind; one for
/// each bound state, component after component.
enum class ListShape { components, sites, states };

/// All that a deck says about one sorption law is here: its name, what it is, its parameters (keys of the block
/// binding), and how a Sorption is made of them.
struct LawEntry {
  Law law;
  char const* name;
  char const* doc;
  std::vector<std::string_view> needs;  // parameters
  Sorption (*make)(LawBuilder&);
  std::vector<std::string_view> may{};      // parameters that have a value by themselves
  std::vector<std::string_view> kinetic{};  // parameters needed where the law is kinetic
  int modulators = 0;                       // leading components that are not adsorbed: salt, pH
  ListShape shape = ListShape::components;
  void (*check)(Binding const&, std::size_t components, deck::Where const&) = nullptr;

  bool takes(std::string_view key) const;
};

/// All laws, in the order of the documentation.
std::vector<LawEntry> const& law_table();
LawEntry const& entry_of(Law law);

/// Of reduced concentrations, below which a root is a quadratic.
inline constexpr double kPowerThreshold = 1e-10;
/// Complains of exponents above 1 where the law is a root.
void check_roots(Binding const& binding, std::size_t components, deck::Where const& where);

// The families that the table is made of.
std::vector<LawEntry> langmuir_laws();
std::vector<LawEntry> exchange_laws();
std::vector<LawEntry> hydrophobic_laws();
std::vector<LawEntry> isotherm_laws();

}  // namespace kroma::chromatography
