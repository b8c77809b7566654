#include "problems/chromatography/law_builder.hpp"

#include <cmath>
#include <utility>

#include "problems/chromatography/gas.hpp"

namespace kroma::chromatography {

LawBuilder::LawBuilder(Column const& column, bool with_temperature)
    : column_{column}, with_temperature_{with_temperature} {
  sorption_.kinetic = column.binding.kinetic;
}

void LawBuilder::bind(std::size_t component, int site) {
  sorption_.component.push_back(static_cast<int>(component));
  site_.push_back(site);
}

void LawBuilder::bind_from(std::size_t first) {
  for (std::size_t i = first; i < count(); ++i) bind(i);
}

void LawBuilder::bind_adsorbed(std::size_t first) {
  auto const& capacity = binding().capacity;
  std::size_t const kinds = capacity.size() / count();
  for (std::size_t site = 0; site < kinds; ++site) {
    for (std::size_t i = first; i < count(); ++i) {
      bool adsorbed = false;
      for (std::size_t s = 0; s < kinds; ++s) adsorbed = adsorbed || capacity[s * count() + i] > 0;
      if (adsorbed) bind(i, static_cast<int>(site));
    }
  }
}

States LawBuilder::states() {
  return {static_cast<int>(count()) + (with_temperature_ ? 1 : 0), sorption_.bound(),
          sorption_.keep(std::vector<int>(sorption_.component))};
}

LawBuilder::List LawBuilder::values(List const& of_components, double otherwise) const {
  List v;
  bool const by_site = of_components.size() > count();
  for (std::size_t k = 0; k < bound(); ++k) {
    auto const i = static_cast<std::size_t>(sorption_.component[k]), s = static_cast<std::size_t>(site_[k]);
    v.push_back(of_components.empty() ? otherwise : of_components[by_site ? s * count() + i : i]);
  }
  return v;
}

LawBuilder::List LawBuilder::product(List const& a, List const& b) const {
  auto x = values(a);
  auto const y = values(b);
  for (std::size_t k = 0; k < x.size(); ++k) x[k] *= y[k];
  return x;
}

LawBuilder::List LawBuilder::inverse(List const& a) const {
  auto x = values(a);
  for (double& value : x) value = value == 0 ? 0 : 1 / value;
  return x;
}

double LawBuilder::reference_temperature() const { return binding().reference_temperature.value_or(298.15); }

LawBuilder::List LawBuilder::energies() const {
  List e = binding().heat;
  for (double& value : e) value /= kGasConstant;
  if (e.empty()) e.assign(count(), 0.0);
  return e;
}

LawBuilder::List LawBuilder::warmth() const {
  auto e = values(energies(), 0);
  double const now =
      with_temperature_ ? reference_temperature() : binding().temperature.value_or(reference_temperature());
  for (double& value : e) value = std::exp(value * (1 / now - 1 / reference_temperature()));
  return e;
}

LawBuilder::List LawBuilder::affinities() const {
  auto b = values(binding().affinity);
  auto const w = warmth();
  for (std::size_t k = 0; k < b.size(); ++k) b[k] *= w[k];
  return b;
}

double const* LawBuilder::rows(std::vector<List> const& matrix) {
  List all;
  for (int component : sorption_.component) {
    List row(count(), 0.0);
    if (!matrix.empty()) row = matrix[static_cast<std::size_t>(component)];
    all.insert(all.end(), row.begin(), row.end());
  }
  return keep(std::move(all));
}

}  // namespace kroma::chromatography
