#pragma once

#include <vector>

#include "problems/chromatography/sorption.hpp"

namespace kroma::chromatography {

/// What the entries of the table of laws make a Sorption with: bound states, and parameters in the order of those.
class LawBuilder {
 public:
  using List = std::vector<double>;

  /// `with_temperature`: the law takes the temperature in K behind the concentrations. The column outlives this.
  LawBuilder(Column const& column, bool with_temperature);

  Binding const& binding() const { return column_.binding; }
  Column const& column() const { return column_; }
  std::size_t count() const { return column_.count(); }
  std::size_t bound() const { return sorption_.component.size(); }
  bool with_temperature() const { return with_temperature_; }
  Sorption& sorption() { return sorption_; }

  /// Adds a bound state of component i on a kind of sites.
  void bind(std::size_t component, int site = 0);
  /// One state of each component from the `first` on.
  void bind_from(std::size_t first);
  /// One state of each component from the `first` on that has a capacity, on each kind of sites if the capacities say
  /// so.
  void bind_adsorbed(std::size_t first);

  States states();
  int const* sites() { return sorption_.keep(std::vector<int>(site_)); }
  /// Values of the bound states from values of the components (or of those on each kind of sites); `otherwise` where
  /// the deck leaves them out.
  List values(List const& of_components, double otherwise = 1) const;
  double const* list(List const& of_components, double otherwise = 1) { return keep(values(of_components, otherwise)); }
  double const* keep(List values) { return sorption_.keep(std::move(values)); }
  /// values(a) * values(b), with 1 where one is left out.
  List product(List const& a, List const& b) const;
  /// 1 / values(a), 0 where a is 0.
  List inverse(List const& a) const;
  /// Affinities of the bound states at the column's temperature.
  List affinities() const;
  /// exp(heat / R_g (1 / T - 1 / T_0)) of the bound states.
  List warmth() const;
  /// heat / R_g of components (or of those on each kind of sites) in K, 0 where the deck gives none.
  List energies() const;
  double reference_temperature() const;

  /// A matrix (components, components) of the deck as (bound, components); zeros where it is left out.
  double const* rows(std::vector<List> const& matrix);

  /// The result, with this law.
  template <class AnyOne>
  Sorption with(AnyOne law) {
    sorption_.law = law;
    return std::move(sorption_);
  }
  /// The law that approaches an isotherm by a linear driving force.
  template <class Isotherm>
  Sorption towards(Isotherm isotherm) {
    return with(DrivingForce<Isotherm>{isotherm, list(binding().rate)});
  }

 private:
  Column const& column_;
  bool with_temperature_;
  Sorption sorption_;
  std::vector<int> site_;
};

}  // namespace kroma::chromatography
