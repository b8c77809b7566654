// Chooses between the closed form and the inverse transform, and judges both.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/chromatography/closed_form.hpp"
#include "problems/chromatography/method.hpp"

namespace kroma::chromatography {
namespace {

bool is_zero(std::vector<double> const& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return v == 0; });
}

Vector device_vector(std::vector<double> const& values) {
  Vector const device{"values", values.size()};
  Kokkos::View<double const*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>> const host{values.data(),
                                                                                                     values.size()};
  Kokkos::deep_copy(device, host);
  return device;
}

/// (section, component) of one member of the sections.
Matrix device_matrix(Column const& column, std::vector<double> Section::*member) {
  HostMatrix const host{"values", column.sections.size(), column.count()};
  for (std::size_t j = 0; j < column.sections.size(); ++j) {
    for (std::size_t i = 0; i < column.count(); ++i) host(j, i) = (column.sections[j].*member)[i];
  }
  return Kokkos::create_mirror_view_and_copy(Space{}, host);
}

}  // namespace

ClosedForm make_closed_form(Column const& column) {
  std::vector<double> events, edges{0};
  double const tau = column.hold_up(column.length);
  for (double const ka : column.binding.adsorption_rate) events.push_back(column.phase_ratio * ka * tau);
  for (auto const& s : column.sections) edges.push_back(s.end);
  auto const same = [&](double value) { return device_vector(std::vector<double>(column.count(), value)); };
  return {device_vector(events),
          device_vector(column.binding.desorption_rate),
          same(tau),
          same(column.expansion()),
          device_vector(edges),
          device_matrix(column, &Section::concentration),
          device_matrix(column, &Section::slope)};
}

namespace {

/// (time, component) by the closed form.
std::vector<double> evaluate_closed_form(Column const& column, std::vector<double> const& times, double panel) {
  Space const space;
  Matrix const outlet{"outlet", column.count(), times.size()};
  closed_form_outlet(space, make_closed_form(column), device_vector(times), panel, outlet);
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, outlet);
  std::vector<double> values;
  for (std::size_t k = 0; k < times.size(); ++k) {
    for (std::size_t i = 0; i < column.count(); ++i) values.push_back(host(i, k));
  }
  return values;
}

}  // namespace

std::string semi_analytic_obstacle(Column const& column) {
  if (column.flow.closure == Closure::with_sorption || column.flow.closure == Closure::transient) {
    return "the velocity depends on what is sorbed";
  }
  if (!is_zero(column.initial_concentration) || !is_zero(column.initial_adsorbed)) return "the column is not empty";
  if (column.has_particles() || !column.binding.kinetic) return "only kinetics without particles are in closed form";
  if (!is_zero(column.dispersion)) return "there is dispersion";
  return "";
}

Outlet solve_semi_analytic(Column const& column, std::vector<double> const& times, double /*accuracy*/) {
  Outlet outlet;
  outlet.method = "semi_analytic";
  outlet.description = "closed form, Goldstein functions";
  outlet.concentration = evaluate_closed_form(column, times, kPanel);
  return outlet;
}

}  // namespace kroma::chromatography
