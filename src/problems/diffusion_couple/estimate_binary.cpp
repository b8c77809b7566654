#include "problems/diffusion_couple/estimate_binary.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/diffusion_couple/estimators.hpp"
#include "problems/diffusion_couple/intrinsic.hpp"
#include "problems/diffusion_couple/layers.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr double kEndMemberError = 0.001;  // that sensitivities are told for
constexpr double kBeam = 1e-6;             // m, standard deviation of the beam's interaction volume, likewise
constexpr double kWorthAWarning = 1e-3;    // relative error of an assumption

std::vector<Method> methods_of(Options const& options) {
  if (!options.methods.empty()) return options.methods;
  return {Method::boltzmann_matano, Method::sauer_freise, Method::den_broeder, Method::wagner, Method::hall};
}

double normalised(SmoothProfile const& smooth, double c) {
  return (c - smooth.best.minus) / (smooth.best.plus - smooth.best.minus);
}

}  // namespace

BinaryEstimates::BinaryEstimates(Options const& options)
    : options_{options}, volume_{options}, methods_{methods_of(options)} {}

std::vector<double> BinaryEstimates::compositions(SmoothProfile const& smooth) const {
  std::vector<double> result;
  auto const& best = smooth.best;
  for (int i = 1; i < 100; ++i) result.push_back(best.minus + (best.plus - best.minus) * 0.01 * i);
  return result;
}

void BinaryEstimates::evaluate(Run& run, MeasuredProfile const& profile, int couple) {
  for (auto const& warning : profile.warnings) run.log.warning(warning);
  options_.phases.size() > 1 ? several_phases(run, profile, couple) : single_phase(run, profile, couple);
}

void BinaryEstimates::single_phase(Run& run, MeasuredProfile const& profile, int couple) {
  auto const smoothed = smooth(profile, options_.smoothing);
  std::vector<double> fitted;
  for (std::size_t i = 0; i < profile.x.size(); ++i) {
    fitted.push_back(smoothed.best.value(profile.x[i]));
    misfit_ += std::pow(profile.composition()[i] - fitted.back(), 2);
  }
  points_ += profile.x.size();
  write_profile(run, couple, profile, fitted);
  sum_rule_ = std::max(sum_rule_, sum_rule_error(sample_at_places(smoothed.best, volume_, {}), profile, volume_));
  run.log.line(fmt::format("{}: noise {:.2e}, end members {:.5f} and {:.5f}, {:.1f} effective parameters", profile.name,
                           smoothed.deviation, smoothed.best.minus, smoothed.best.plus, smoothed.freedoms));
  interdiffusion_rows(run, profile, smoothed, couple);
  sensitivity_rows(profile, smoothed, couple);
  plane_rows(profile, smoothed, couple);
  if (profile.options.kirkendall) intrinsic_rows(run, profile, smoothed, couple);
}

void BinaryEstimates::interdiffusion_rows(Run& run, MeasuredProfile const& profile, SmoothProfile const& smooth,
                                          int couple) {
  auto const at = compositions(smooth);
  auto const predicted = den_broeder_error(sample_at_compositions(smooth.best, volume_, at), profile.time);
  auto const wagner = interdiffusion(sample_at_compositions(smooth.best, volume_, at), Method::wagner, profile.time);
  for (auto const method : methods_) {
    auto const d = propagate(smooth, [&](Curve const& curve) {
      return interdiffusion(sample_at_compositions(curve, volume_, at), method, profile.time);
    });
    double worst = 0, where = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
      interdiffusion_.add(couple, name_of(method), at[i], d.value[i], d.standard_error[i]);
      double const y = normalised(smooth, at[i]);
      double const error = method == Method::sauer_freise ? d.value[i] / wagner[i] - 1 : predicted[i];
      if (y < 0.1 || y > 0.9 || std::abs(error) <= std::abs(worst)) continue;
      worst = error, where = at[i];
    }
    bool const assumes = method != Method::wagner && method != Method::hall;
    if (assumes && std::abs(worst) > kWorthAWarning) {
      run.log.warning(
          fmt::format("{}: {} assumes {}; under the molar volume of this deck it is off by up to {:+.1f} % (at "
                      "composition {:.2f}). "
                      "wagner takes the molar volume as it is",
                      profile.name, name_of(method),
                      method == Method::sauer_freise ? "equal molar volumes" : "constant partial molar volumes",
                      100 * worst, where));
    }
  }
}

/// Relative changes of Wagner's D: by an error of 0.001 of either end member over the measured window, by the slope's
/// and the areas' noise, by a relative error of the time, and by a beam of 1 um.
void BinaryEstimates::sensitivity_rows(MeasuredProfile const& profile, SmoothProfile const& smooth, int couple) {
  auto const at = compositions(smooth);
  auto const d = [&](Curve const& curve) {
    return interdiffusion(sample_at_compositions(curve, volume_, at), Method::wagner, profile.time);
  };
  auto const value = d(smooth.best);
  auto window = smooth.best;
  window.low = std::min(profile.x.front(), window.low), window.high = std::max(profile.x.back(), window.high);
  auto const shifted = [&](int side) {
    auto curve = window;
    (side == 0 ? curve.minus : curve.plus) +=
        (side == 0) == (curve.plus > curve.minus) ? -kEndMemberError : kEndMemberError;
    return d(curve);
  };
  auto const left = shifted(0), right = shifted(1);
  auto const parts = propagate(smooth, [&](Curve const& curve) {
    auto const sampled = sample_at_compositions(curve, volume_, at);
    auto const s = side_integrals(sampled, Variable::mole_fraction, Weight::inverse_volume);
    std::vector<double> both;
    for (auto const i : sampled.asked) both.push_back(std::log(std::abs(sampled.slope[i])));
    for (auto const i : sampled.asked) both.push_back(std::log(s.braces(i)));
    return both;
  });
  for (std::size_t i = 0; i < at.size(); ++i) {
    sensitivities_.couple.push_back(couple);
    sensitivities_.composition.push_back(at[i]);
    sensitivities_.left.push_back(left[i] / value[i] - 1);
    sensitivities_.right.push_back(right[i] / value[i] - 1);
    sensitivities_.slope.push_back(parts.standard_error[i]);
    sensitivities_.area.push_back(parts.standard_error[at.size() + i]);
    sensitivities_.time.push_back(-1);
    sensitivities_.beam.push_back(kBeam * kBeam / (2 * profile.time) / value[i]);
  }
}

void BinaryEstimates::plane_rows(MeasuredProfile const& profile, SmoothProfile const& smooth, int couple) {
  auto const places = propagate(smooth, [&](Curve const& curve) {
    auto const planes = find_planes(sample_at_places(curve, volume_, {}));
    return std::vector<double>{planes.matano_composition, planes.matano_concentration, planes.contact,
                               planes.contact_from_right};
  });
  std::array const names{"matano", "matano_concentration", "contact_left_at_rest", "contact_right_at_rest"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    planes_.add(couple, names[i], "m", places.value[i], places.standard_error[i], smooth.best.value(places.value[i]));
  }
  auto const& o = profile.options;
  if (o.contact) planes_.add(couple, "contact_given", "m", *o.contact, 0, smooth.best.value(*o.contact));
  if (o.kirkendall)
    planes_.add(couple, "kirkendall", "m", *o.kirkendall, o.kirkendall_deviation, smooth.best.value(*o.kirkendall));
}

void BinaryEstimates::intrinsic_rows(Run& run, MeasuredProfile const& profile, SmoothProfile const& smooth,
                                     int couple) {
  double const place = *profile.options.kirkendall, deviation = profile.options.kirkendall_deviation;
  if (!(place > smooth.best.low && place < smooth.best.high)) {
    throw bad_input(
        fmt::format("{}: the Kirkendall plane at {:g} um lies outside of the part that changes, {:g} to {:g} um",
                    profile.name, 1e6 * place, 1e6 * smooth.best.low, 1e6 * smooth.best.high));
  }
  auto const quantities_at = [&](Curve const& curve, double x) {
    auto const sampled = sample_at_places(curve, volume_, {x});
    auto const i = sampled.asked.front();
    double const contact = profile.options.contact ? *profile.options.contact : find_planes(sampled).contact;
    auto const van_loo = intrinsic_by_composition(sampled, i, profile.time);
    auto const concentration = intrinsic_by_concentration(sampled, i, profile.time);
    auto const old = heumann(sampled, i, profile.time, contact);
    double const direct = interdiffusion(sampled, Method::wagner, profile.time).front();
    return std::vector<double>{van_loo.first,
                               van_loo.second,
                               concentration.first,
                               concentration.second,
                               old.first,
                               old.second,
                               ratio_without_gradient(sampled, i),
                               van_loo.velocity,
                               darken(sampled, i, van_loo) / direct - 1,
                               place - contact - 2 * profile.time * van_loo.velocity};
  };
  auto found = propagate(smooth, [&](Curve const& curve) { return quantities_at(curve, place); });
  auto const up = quantities_at(smooth.best, place + deviation), down = quantities_at(smooth.best, place - deviation);
  for (std::size_t i = 0; i < up.size(); ++i) {
    found.standard_error[i] = std::hypot(found.standard_error[i], 0.5 * (up[i] - down[i]));
  }
  double const off = found.value[2] / found.value[0] - 1;
  double const c = smooth.best.value(place);
  std::array const methods{"composition", "concentration", "heumann"};
  for (std::size_t m = 0; m < methods.size(); ++m) {
    for (std::size_t k = 0; k < 2; ++k) {
      intrinsic_.add(couple, methods[m], options_.components[k], found.value[2 * m + k],
                     found.standard_error[2 * m + k], c);
    }
  }
  std::array<std::array<char const*, 2>, 4> const others{{{"ratio_without_gradient", "1"},
                                                          {"marker_velocity", "m/s"},
                                                          {"darken_difference", "1"},
                                                          {"marker_place_difference", "m"}}};
  for (std::size_t i = 0; i < others.size(); ++i) {
    // The markers' velocity is that in the volume-fixed frame, where the contact plane rests for ideal volumes only.
    if (i == 3 && std::abs(off) > kWorthAWarning) continue;
    kirkendall_.add(couple, others[i][0], others[i][1], found.value[6 + i], found.standard_error[6 + i], c);
  }
  if (std::abs(off) > kWorthAWarning) {
    run.log.warning(fmt::format(
        "{}: intrinsic coefficients in concentrations (and by Heumann) assume constant partial molar volumes; D of {} "
        "differs by {:+.1f} % from that in mole fractions, which assumes nothing",
        profile.name, options_.components[0], 100 * off));
  }
}

void BinaryEstimates::several_phases(Run& run, MeasuredProfile const& profile, int couple) {
  write_profile(run, couple, profile, {});
  auto const layers = find_layers(profile, options_);
  auto const evaluate = [&](std::vector<MeasuredLayer> const& with) {
    auto const layered = layered_profile(profile, with, options_, volume_);
    std::vector<std::array<double, 4>> rows;
    for (auto const& layer : with) {
      auto const found = integrated_coefficient(layered, layer.phase, profile.time);
      rows.push_back({found.by_composition, found.by_concentration, found.growth_constant, found.thickness});
    }
    return rows;
  };
  auto const value = evaluate(layers);
  auto variance = value;
  for (auto& row : variance) row = {};
  for (std::size_t k = 1; k < layers.size(); ++k) {
    auto up = layers, down = layers;
    double const shift = std::min(
        layers[k].deviation, 0.25 * std::min(layers[k].high - layers[k].low, layers[k - 1].high - layers[k - 1].low));
    up[k].low += shift, up[k - 1].high += shift, down[k].low -= shift, down[k - 1].high -= shift;
    auto const high = evaluate(up), low = evaluate(down);
    for (std::size_t i = 0; i < value.size(); ++i) {
      for (std::size_t q = 0; q < 4; ++q) variance[i][q] += std::pow(0.5 * (high[i][q] - low[i][q]), 2);
    }
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    auto const& phase = options_.phases[static_cast<std::size_t>(layers[i].phase)];
    integrated_.couple.push_back(couple);
    integrated_.phase.push_back(phase.name);
    for (std::size_t q = 0; q < 4; ++q) {
      integrated_.value[q].push_back(value[i][q]);
      integrated_.error[q].push_back(std::sqrt(variance[i][q]));
    }
    double const width = phase.range ? phase.range->high - phase.range->low : 0.0;
    integrated_.mean.push_back(width > 0 ? value[i][0] / width : std::numeric_limits<double>::quiet_NaN());
  }
  auto const layered = layered_profile(profile, layers, options_, volume_);
  sum_rule_ = std::max(sum_rule_, sum_rule_error(layered, profile.time));
}

void BinaryEstimates::write(Run& run) const {
  interdiffusion_.write(run);
  planes_.write(run, "/tables/planes", "plane", "planes of the couples, in the profiles' positions");
  if (!intrinsic_.name.empty()) {
    run.results.table("/tables/intrinsic",
                      {{"method", "1", intrinsic_.name},
                       {"component", "1", intrinsic_.units},
                       {"D", "m^2/s", intrinsic_.value},
                       {"standard_error", "m^2/s", intrinsic_.standard_error},
                       {"composition", "1", intrinsic_.composition},
                       {"couple", "1", intrinsic_.couple}},
                      "intrinsic coefficients at the Kirkendall plane");
  }
  kirkendall_.write(run, "/tables/kirkendall", "quantity", "checks at the Kirkendall plane");
  if (!integrated_.phase.empty()) {
    auto const& [couple, phase, value, error, mean] = integrated_;
    run.results.table("/tables/integrated",
                      {{"phase", "1", phase},
                       {"D_integrated", "m^2/s", value[0]},
                       {"standard_error", "m^2/s", error[0]},
                       {"D_integrated_concentration", "mol/(m s)", value[1]},
                       {"standard_error_concentration", "mol/(m s)", error[1]},
                       {"growth_constant", "m^2/s", value[2]},
                       {"standard_error_growth", "m^2/s", error[2]},
                       {"thickness", "m", value[3]},
                       {"standard_error_thickness", "m", error[3]},
                       {"D_mean", "m^2/s", mean},
                       {"couple", "1", couple}},
                      "integrated coefficients of phases in mole fractions and in concentrations, growth constants "
                      "thickness^2 / (2 time), and mean D over the phase's range");
  }
  if (!sensitivities_.couple.empty()) {
    run.results.table(
        "/tables/sensitivity",
        {{"composition", "1", sensitivities_.composition},
         {"left_end_member", "1", sensitivities_.left},
         {"right_end_member", "1", sensitivities_.right},
         {"slope", "1", sensitivities_.slope},
         {"area", "1", sensitivities_.area},
         {"time", "1", sensitivities_.time},
         {"beam", "1", sensitivities_.beam},
         {"couple", "1", sensitivities_.couple}},
        "relative change of D (wagner): end members 0.001 further out over the measured window, standard error "
        "of slope and areas, per relative error of time, beam of 1 um");
  }
  if (points_ > 0) run.metrics.set("misfit", std::sqrt(misfit_ / static_cast<double>(points_)));
  run.metrics.set("sum_rule_error", sum_rule_);
}

}  // namespace kroma::diffusion_couple
