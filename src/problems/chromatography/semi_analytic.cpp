// Chooses between the closed form, the translation and the inverse transform, and judges what they give.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/chromatography/closed_form.hpp"
#include "problems/chromatography/method.hpp"
#include "problems/chromatography/moments.hpp"
#include "problems/chromatography/quadrature.hpp"
#include "problems/chromatography/transform.hpp"

namespace kroma::chromatography {
namespace {

bool is_zero(std::vector<double> const& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return v == 0; });
}

enum class Path { translation, closed_form, transform };

Path path_of(Column const& c) {
  if (c.has_particles() || !is_zero(c.dispersion)) return Path::transform;
  return c.binding.kinetic ? Path::closed_form : Path::translation;
}

/// Modulus of the transfer function where the contour ends at the latest, largest over components.
double last_modulus(Column const& column) {
  auto const contour = Contour::up_to(column.end(), 3);
  double largest = 0;
  for (auto const& c : make_transfers(column)) {
    Kokkos::complex<double> const s{contour.sigma, contour.step * kMostNodes};
    largest = std::max(largest, Kokkos::abs(Kokkos::exp(log_transfer(c, s))));
  }
  return largest;
}

/// (time, component) by the closed form.
std::vector<double> evaluate_closed_form(Column const& column, std::vector<double> const& times, double panel) {
  Space const space;
  Matrix const outlet{"outlet", column.count(), times.size()};
  closed_form_outlet(space, make_closed_form(column), to_device(times), panel, outlet);
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, outlet);
  std::vector<double> values;
  for (std::size_t k = 0; k < times.size(); ++k) {
    for (std::size_t i = 0; i < column.count(); ++i) values.push_back(host(i, k));
  }
  return values;
}

/// (time, component): the inlet, later by the retention time. Equilibrium without dispersion.
std::vector<double> translate(Column const& column, std::vector<double> const& times) {
  auto const laws = moments(column);
  std::vector<double> values;
  for (double const t : times) {
    for (std::size_t i = 0; i < column.count(); ++i) {
      double const entered = t - laws[i].mean;
      auto const section = std::find_if(column.sections.begin(), column.sections.end(),
                                        [&](Section const& s) { return entered >= s.begin && entered < s.end; });
      double const c = section == column.sections.end() ? 0.0 : section->at(i, entered);
      values.push_back(column.expansion() * c);
    }
  }
  return values;
}

/// The outlet by another quadrature or contour: what differs is the error of either.
std::vector<double> evaluate_again(Column const& column, std::vector<double> const& times, double allowed) {
  switch (path_of(column)) {
    case Path::translation:
      return translate(column, times);
    case Path::closed_form:
      return evaluate_closed_form(column, times, 0.13 * kPanel);
    default:
      if (allowed < kLeastError) return invert_transform(column, times, Contour::up_to(column.end(), 4.3)).values;
      // another period and far less of an error, so that the difference is that of the first one
      return invert_transform(
                 column, times,
                 Contour::with_period(1.31 * Contour::needed_period(column.end(), 0.03 * allowed), 0.03 * allowed))
          .values;
  }
}

/// Every tenth or so of the saved times, at most 60, where the two are compared.
std::vector<std::size_t> checked(std::size_t count) {
  std::vector<std::size_t> chosen;
  std::size_t const stride = std::max<std::size_t>(1, count / 60);
  for (std::size_t k = stride - 1; k < count; k += stride) chosen.push_back(k);
  return chosen;
}

double compare(Column const& column, std::vector<double> const& times, Outlet const& outlet, double allowed) {
  auto const chosen = checked(times.size());
  std::vector<double> some;
  for (auto const k : chosen) some.push_back(times[k]);
  auto const other = evaluate_again(column, some, allowed);
  auto const scales = column.scales();
  double largest = 0;
  for (std::size_t j = 0; j < chosen.size(); ++j) {
    for (std::size_t i = 0; i < column.count(); ++i) {
      double const value = outlet.concentration[chosen[j] * column.count() + i];
      largest = std::max(largest, std::abs(value - other[j * column.count() + i]) / scales[i]);
    }
  }
  return largest;
}

/// The closed form has jumps where what was never sorbed arrives.
Quadrature panels_between_jumps(Column const& column, double end, double panel) {
  std::vector<double> jumps;
  for (auto const& s : column.sections) {
    for (double const t : {s.begin, s.end}) jumps.push_back(t + column.hold_up(column.length));
  }
  return composite_rule(jumps, end, std::max(panel, end / 1000));
}

/// What the transform gives is smooth and ends in zero, so that equal steps are as good as any rule.
Quadrature trapezoid(double end, std::int64_t steps) {
  Quadrature rule;
  for (std::int64_t k = 0; k <= steps; ++k) {
    rule.nodes.push_back(end * static_cast<double>(k) / static_cast<double>(steps));
    rule.weights.push_back(end / static_cast<double>(steps));
  }
  return rule;
}

/// |outlet amount / inlet amount - 1|, from a quadrature of its own until everything has left: u c area is conserved.
/// `nodes` of the contour resolve the outlet, and so do as many times.
double mass_balance(Column const& column, std::int64_t nodes) {
  if (path_of(column) == Path::translation) return 0;  // the same integral
  double last = 0, narrowest = 0;
  for (auto const& m : moments(column)) {
    double const tail = 0.5 * m.third / m.variance;  // s: decay of a gamma law with these moments
    last = std::max(last, m.mean + 12 * std::sqrt(m.variance) + 40 * tail);
    narrowest = narrowest == 0 ? std::sqrt(m.variance) : std::min(narrowest, std::sqrt(m.variance));
  }
  auto stopped = column;  // what enters, enters until end(); then nothing
  stopped.sections.push_back({column.end(), column.end() + last, std::vector<double>(column.count(), 0.0),
                              std::vector<double>(column.count(), 0.0)});
  auto const rule = path_of(column) == Path::closed_form
                        ? panels_between_jumps(column, stopped.end(), 0.5 * narrowest)
                        : trapezoid(stopped.end(), std::max<std::int64_t>(4096, nodes));
  auto const values = solve_semi_analytic(stopped, rule.nodes, 1.0).concentration;
  double largest = 0;
  for (std::size_t i = 0; i < column.count(); ++i) {
    double out = 0, in = 0;
    for (std::size_t k = 0; k < rule.nodes.size(); ++k) out += rule.weights[k] * values[k * column.count() + i];
    for (auto const& s : column.sections) in += s.amount(i);
    if (in != 0) largest = std::max(largest, std::abs(out / (column.expansion() * in) - 1));
  }
  return largest;
}

void by_transform(Column const& column, std::vector<double> const& times, double accuracy, double allowed,
                  Outlet& outlet) {
  auto inverse = invert_transform(column, times, allowed);
  if (inverse.nodes == 0) {
    throw solver_failed(
        fmt::format("the transform has not decayed after {} nodes: fronts are steeper than it resolves", kMostNodes),
        "Give the column some dispersion, or ask for method: numeric.");
  }
  auto const scales = column.scales();
  double const doubt = inverse.doubt / *std::min_element(scales.begin(), scales.end());
  if (!(doubt <= accuracy)) {
    throw solver_failed(
        fmt::format("dispersion along the compressible carrier is known to {:.1e} only, asked for {:.1e}", doubt,
                    accuracy),
        "Ask for method: numeric, or for less accuracy.");
  }
  outlet.concentration = std::move(inverse.values);
  outlet.error_estimate = doubt;
  outlet.description = fmt::format("inverse Laplace transform, {} nodes", inverse.nodes);
  outlet.unknowns = inverse.nodes * static_cast<std::int64_t>(column.count());
}

}  // namespace

bool has_closed_form(Column const& column) {
  return semi_analytic_obstacle(column).empty() && path_of(column) == Path::closed_form;
}

std::string semi_analytic_obstacle(Column const& column) {
  if (column.binding.law != Law::linear) return "sorption is not linear";
  if (column.flow.closure == Closure::with_sorption || column.flow.closure == Closure::transient) {
    return "the velocity depends on what is sorbed";
  }
  if (!is_zero(column.initial_concentration) || !is_zero(column.initial_adsorbed)) return "the column is not empty";
  bool const surface = std::any_of(column.particles.begin(), column.particles.end(),
                                   [](Particle const& p) { return !is_zero(p.surface_diffusion); });
  if (surface && column.binding.kinetic) return "surface diffusion is in the transform with kinetic: false only";
  if (column.particles.size() > static_cast<std::size_t>(kMostParticles))
    return "there are too many kinds of particles";
  bool const straight =
      std::all_of(column.sections.begin(), column.sections.end(), [](Section const& s) { return s.is_straight(); });
  if (path_of(column) == Path::closed_form && !straight) return "the closed form takes no curved sections of the inlet";
  if (path_of(column) == Path::transform && last_modulus(column) > 1e-15) {
    return "fronts are so steep that the transform does not decay";
  }
  return "";
}

Outlet solve_semi_analytic(Column const& column, std::vector<double> const& times, double accuracy, double allowed) {
  Outlet outlet;
  outlet.method = "semi_analytic";
  switch (path_of(column)) {
    case Path::translation:
      outlet.concentration = translate(column, times);
      outlet.description = "translation by the retention time";
      break;
    case Path::closed_form:
      outlet.concentration = evaluate_closed_form(column, times, kPanel);
      outlet.description = "closed form, Goldstein functions";
      break;
    case Path::transform:
      by_transform(column, times, accuracy, allowed, outlet);
  }
  return outlet;
}

void judge_semi_analytic(Column const& column, std::vector<double> const& times, Outlet& outlet, double allowed) {
  outlet.error_estimate += compare(column, times, outlet, allowed);
  outlet.mass_balance_error = mass_balance(column, outlet.unknowns / static_cast<std::int64_t>(column.count()));
}

}  // namespace kroma::chromatography
