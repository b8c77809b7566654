#include "problems/chromatography/closed_form.hpp"

#include "problems/chromatography/goldstein.hpp"

namespace kroma::chromatography {
namespace {

/// Of one row, by value in kernels.
struct Row {
  double events, desorption;

  /// Response at `t` after hold-up to one section: c + s (t' - begin) from begin to end.
  KOKKOS_INLINE_FUNCTION double section(double t, double begin, double end, double c, double s, double panel) const {
    double const y0 = desorption * (t - begin), y1 = desorption * (t - end);
    if (y0 < 0) return 0.0;
    double const never = y1 < 0 ? std::exp(-events) : 0.0;
    double sum = c * (never + goldstein_window(events, y1 < 0 ? 0.0 : y1, y0, panel));
    if (s != 0) {
      double const j0 = goldstein(events, y0, panel), j1 = goldstein(events, y1, panel);
      sum += s * ((goldstein_ramp(events, y0, j0) - goldstein_ramp(events, y1, j1)) / desorption - (end - begin) * j1);
    }
    return sum;
  }

  /// Adds the derivatives of one edge's step c J(A, y) + s R(A, y) / k_d, y = k_d t, by ln k' and ln k_d.
  KOKKOS_INLINE_FUNCTION void edge(double t, double c, double s, double panel, double& by_k, double& by_kd) const {
    double const y = desorption * t;
    if (y < 0) return;
    double const i0 = mixed_bessel(0, events, y), i1 = mixed_bessel(1, events, y);
    // A dJ/dA = -A i0 and y dJ/dy = std::sqrt(A y) i1
    double const by_events = -events * i0, by_y = std::sqrt(events * y) * i1;
    by_k += c * by_events;
    by_kd += c * (by_events + by_y);
    if (s == 0) return;
    double const j = goldstein(events, y, panel), ramp_by_events = events * (i0 - j);
    by_k += s * ramp_by_events / desorption;
    by_kd += s * (ramp_by_events + y * j - goldstein_ramp(events, y, j)) / desorption;
  }
};

}  // namespace

ClosedForm make_closed_form(Column const& column) {
  std::vector<double> events;
  double const tau = column.hold_up(column.length);
  for (double const ka : column.binding.adsorption_rate) events.push_back(column.phase_ratio * ka * tau);
  auto const same = [&](double value) { return to_device(std::vector<double>(column.count(), value)); };
  return {to_device(events), to_device(column.binding.desorption_rate), same(tau), same(column.expansion()),
          make_inlet(column)};
}

void closed_form_outlet(Space const& space, ClosedForm const& problem, ConstVector times, double panel, Matrix outlet) {
  auto const p = problem;
  int const sections = p.inlet.concentration.extent_int(0), components = p.inlet.concentration.extent_int(1);
  int const count = times.extent_int(0);
  Kokkos::parallel_for(
      "chromatography::closed_form_outlet",
      Kokkos::RangePolicy<Space>(space, 0, outlet.extent_int(0) * static_cast<std::int64_t>(count)),
      KOKKOS_LAMBDA(std::int64_t const index) {
        int const r = static_cast<int>(index / count), k = static_cast<int>(index % count), i = r % components;
        Row const row{p.events(r), p.desorption(r)};
        double const t = times(k) - p.hold_up(r);
        double sum = 0;
        for (int j = 0; j < sections; ++j) {
          double const c = p.inlet.concentration(j, i), s = p.inlet.slope(j, i);
          if (c != 0 || s != 0) sum += row.section(t, p.inlet.edges(j), p.inlet.edges(j + 1), c, s, panel);
        }
        outlet(r, k) = p.expansion(r) * sum;
      });
}

void closed_form_gradient(Space const& space, ClosedForm const& problem, ConstVector times, Tensor outlet) {
  auto const p = problem;
  int const sections = p.inlet.concentration.extent_int(0), components = p.inlet.concentration.extent_int(1);
  int const count = times.extent_int(0);
  Kokkos::parallel_for(
      "chromatography::closed_form_gradient",
      Kokkos::RangePolicy<Space>(space, 0, outlet.extent_int(0) * static_cast<std::int64_t>(count)),
      KOKKOS_LAMBDA(std::int64_t const index) {
        int const r = static_cast<int>(index / count), k = static_cast<int>(index % count), i = r % components;
        Row const row{p.events(r), p.desorption(r)};
        double const t = times(k) - p.hold_up(r);
        double value = 0, by_k = 0, by_kd = 0;
        for (int j = 0; j < sections; ++j) {
          double const c = p.inlet.concentration(j, i), s = p.inlet.slope(j, i), begin = p.inlet.edges(j),
                       end = p.inlet.edges(j + 1);
          if (c == 0 && s == 0) continue;
          value += row.section(t, begin, end, c, s, kPanel);
          row.edge(t - begin, c, s, kPanel, by_k, by_kd);
          row.edge(t - end, -(c + s * (end - begin)), -s, kPanel, by_k, by_kd);
        }
        outlet(r, k, 0) = p.expansion(r) * value;
        outlet(r, k, 1) = p.expansion(r) * by_k;
        outlet(r, k, 2) = p.expansion(r) * by_kd;
      });
}

}  // namespace kroma::chromatography
