#include "problems/diffusion_couple/law.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/error.hpp"

namespace kroma::diffusion_couple {
namespace {

std::vector<deck::Function> by_component(std::map<std::string, deck::Function> const& given,
                                         std::vector<std::string> const& components) {
  std::vector<deck::Function> found;
  if (given.empty()) return found;
  for (auto const& name : components) found.push_back(given.at(name));
  return found;
}

bool any_uses_temperature(std::vector<deck::Function> const& functions) {
  for (auto const& f : functions) {
    if (f.uses("T")) return true;
  }
  return false;
}

/// exp(-Q / R T); 1 without an activation energy.
double arrhenius_factor(deck::Function const& activation, double c, double temperature) {
  double const energy = activation({c});
  return energy == 0 ? 1.0 : std::exp(-energy / (kGasConstant * temperature));
}

bool has_energy(deck::Function const& activation) { return !activation.is_constant() || activation({0.5}) != 0; }

}  // namespace

double manning_factor(Crystal crystal) {
  switch (crystal) {
    case Crystal::simple_cubic:
      return 3.77;
    case Crystal::bcc:
      return 5.33;
    case Crystal::fcc:
      return 7.15;
    case Crystal::diamond:
      return 2.0;
    case Crystal::none:
      break;
  }
  return std::numeric_limits<double>::infinity();
}

BinaryLaw::BinaryLaw(Options const& options, VolumeLaw const& volume)
    : volume_{volume}, manning_{manning_factor(options.diffusivity.vacancy_wind)} {
  auto const& d = options.diffusivity;
  if (!d.value.empty()) value_ = d.value[0][0];
  table_ = d.table;
  if (d.spline) {
    std::vector<double> log_values;
    for (double const value : d.spline->D) log_values.push_back(std::log(value));
    spline_.emplace(d.spline->c, log_values, numerics::SplineEnds::natural);
  }
  intrinsic_ = by_component(d.intrinsic, options.components);
  tracer_ = by_component(d.tracer, options.components);
  factor_ = d.thermodynamic_factor;
  if (d.excess_gibbs) thermodynamics_.emplace(d.excess_gibbs, 2);
  activation_ = d.activation_energy;
  bool const inside = (value_ && value_->uses("T")) || (factor_ && factor_->uses("T")) || thermodynamics_ ||
                      any_uses_temperature(intrinsic_) || any_uses_temperature(tracer_);
  uses_temperature_ = inside || has_energy(activation_);
  only_scaled_ = !inside && activation_.is_constant();
}

std::array<double, 2> BinaryLaw::from_tracers(double c, double temperature) const {
  double const first = evaluate(tracer_[0], {&c, 1}, temperature), second = evaluate(tracer_[1], {&c, 1}, temperature);
  double factor = factor_ ? evaluate(*factor_, {&c, 1}, temperature) : 1.0;
  if (thermodynamics_) {
    std::array<double, 2> both{};
    thermodynamics_->derivatives({&c, 1}, temperature, both);
    factor = both[1];
  }
  double const wind = 2 * (first - second) / (manning_ * ((1 - c) * first + c * second));
  std::array const partial{volume_.partial_first(c), volume_.partial_second(c)};
  double const whole = volume_(c);
  return {whole / partial[1] * first * factor * (1 + (1 - c) * wind),
          whole / partial[0] * second * factor * (1 - c * wind)};
}

std::array<double, 2> BinaryLaw::intrinsic(double c, double temperature) const {
  auto both = tracer_.empty() ? std::array{evaluate(intrinsic_[0], {&c, 1}, temperature),
                                           evaluate(intrinsic_[1], {&c, 1}, temperature)}
                              : from_tracers(c, temperature);
  double const factor = arrhenius_factor(activation_, c, temperature);
  return {both[0] * factor, both[1] * factor};
}

double BinaryLaw::interdiffusion(double c, double temperature) const {
  if (has_intrinsic()) {
    auto const [first, second] = intrinsic(c, temperature);
    std::array const partial{volume_.partial_first(c), volume_.partial_second(c)};
    return (c * partial[1] * first + (1 - c) * partial[0] * second) / volume_(c);
  }
  double const factor = arrhenius_factor(activation_, c, temperature);
  if (value_) return evaluate(*value_, {&c, 1}, temperature) * factor;
  if (table_) return (*table_)({c}) * factor;
  return std::exp((*spline_)(c)) * factor;
}

double BinaryLaw::marker_mobility(double c, double temperature, double reference) const {
  auto const [first, second] = intrinsic(c, temperature);
  std::array const partial{volume_.partial_first(c), volume_.partial_second(c)};
  double const whole = volume_(c);
  return std::pow(reference, 2) / std::pow(whole, 3) * (partial[0] * second - partial[1] * first);
}

MatrixLaw::MatrixLaw(Options const& options)
    : n_{options.components.size()},
      tracer_{by_component(options.diffusivity.tracer, options.components)},
      activation_{options.diffusivity.activation_energy},
      thermodynamics_{options.diffusivity.excess_gibbs, options.components.size()},
      manning_{manning_factor(options.diffusivity.vacancy_wind)} {
  for (auto const& row : options.diffusivity.value) value_.insert(value_.end(), row.begin(), row.end());
  uses_temperature_ = any_uses_temperature(value_) || any_uses_temperature(tracer_) || has_energy(activation_) ||
                      options.diffusivity.excess_gibbs.has_value();
}

void MatrixLaw::matrix(std::span<double const> fractions, double temperature, std::span<double> result) const {
  if (tracer_.empty()) {
    for (std::size_t i = 0; i < value_.size(); ++i) result[i] = evaluate(value_[i], fractions, temperature);
  } else {
    from_tracers(fractions, temperature, result);
  }
  double const factor = arrhenius_factor(activation_, fractions[0], temperature);
  for (auto& value : result) value *= factor;
}

void MatrixLaw::from_tracers(std::span<double const> fractions, double temperature, std::span<double> result) const {
  auto const m = n_ - 1;
  std::vector<double> fraction(n_), tracer(n_), driving(n_ * m), flux(n_ * m);
  fraction[0] = 1;
  for (std::size_t i = 0; i < m; ++i) {
    fraction[i + 1] = fractions[i];
    fraction[0] -= fractions[i];
  }
  double mean = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    tracer[i] = evaluate(tracer_[i], fractions, temperature);
    mean += fraction[i] * tracer[i];
  }
  thermodynamics_.derivatives(fractions, temperature, driving);
  std::vector<double> total(m, 0.0);
  for (std::size_t j = 0; j < m; ++j) {
    double wind = 0;
    for (std::size_t k = 0; k < n_; ++k) wind += tracer[k] * driving[k * m + j];
    for (std::size_t i = 0; i < n_; ++i) {
      flux[i * m + j] = tracer[i] * (driving[i * m + j] + 2 * fraction[i] / (manning_ * mean) * wind);
      total[j] += flux[i * m + j];
    }
    for (std::size_t i = 0; i < m; ++i) result[i * m + j] = flux[(i + 1) * m + j] - fractions[i] * total[j];
  }
}

}  // namespace kroma::diffusion_couple
