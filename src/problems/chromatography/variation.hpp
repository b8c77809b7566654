#pragma once

#include <vector>

#include "problems/chromatography/discretisation.hpp"

namespace kroma::chromatography {

/// A parameter as a pair of columns that differ in it by `width`, alike in shape: d(column)/d(parameter) is their
/// difference over it. `scale`: a change of the parameter that matters, as its value, or 1 of a logarithm.
struct Direction {
  Column plus, minus;
  double width = 0, scale = 1;

  bool is_zero() const { return plus == minus; }
};

/// What changes in the method of lines along a direction, as differences between its two columns: any number of a deck
/// can be the parameter, as rates are smooth in it.
class Variation {
 public:
  /// `direction` outlives this.
  Variation(Direction const& direction, Resolution const& resolution);

  Direction const& direction() const { return *direction_; }
  /// Whether E changes.
  bool changes_totals() const { return totals_; }
  /// d(initial state)/dp.
  std::vector<Pack> initial_state();
  /// f_p(at) - E_p slope at a time in a section. `work` is scratch, as large as a state.
  void source(std::size_t section, double time, std::vector<Pack> const& at, std::vector<Pack> const& slope,
              std::vector<Pack>& work, std::vector<Pack>& result);
  /// What E^-1 (f- - f+) dt/dp adds to the first variables of the first node of all where a section begins at state y:
  /// the derivative of a state jumps where the parameter moves the beginning. Empty: nothing.
  std::vector<double> jump(Column const& column, std::size_t section, Discretisation const& d,
                           std::vector<Pack> const& y) const;

 private:
  Direction const* direction_;
  Discretisation plus_, minus_;
  Parts parts_;          // of the rates that the parameter is in
  bool totals_ = false;  // or in E
  std::vector<Pack> other_;
};

/// What enters in a section: (components).
std::vector<double> inlet_at(Column const& column, std::size_t section, double time);

}  // namespace kroma::chromatography
