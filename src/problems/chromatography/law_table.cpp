#include "problems/chromatography/law_table.hpp"

#include <algorithm>

namespace kroma::chromatography {

bool LawEntry::takes(std::string_view key) const {
  auto const has = [&](auto const& list) { return std::find(list.begin(), list.end(), key) != list.end(); };
  return has(needs) || has(may) || has(kinetic);
}

std::vector<LawEntry> const& law_table() {
  static auto const table = [] {
    auto all = langmuir_laws();
    for (auto const& family : {exchange_laws(), hydrophobic_laws(), isotherm_laws()}) {
      all.insert(all.end(), family.begin(), family.end());
    }
    return all;
  }();
  return table;
}

LawEntry const& entry_of(Law law) {
  auto const& table = law_table();
  return *std::find_if(table.begin(), table.end(), [&](LawEntry const& entry) { return entry.law == law; });
}

void check_roots(Binding const& b, std::size_t, deck::Where const& where) {
  if (std::any_of(b.exponent.begin(), b.exponent.end(), [](double x) { return x > 1; })) {
    where.mistake("binding.exponent", std::string{"must be at most 1 for "} + entry_of(b.law).name);
  }
}

}  // namespace kroma::chromatography
