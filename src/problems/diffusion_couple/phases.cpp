#include "problems/diffusion_couple/phases.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/diffusion_couple/law.hpp"

namespace kroma::diffusion_couple {
namespace {

/// Molar volumes by phase, in m^3/mol.
struct Volumes {
  explicit Volumes(Options const& options) : common{options} {
    for (auto const& phase : options.phases) {
      own.push_back(phase.molar_volume);
      slope.emplace_back();
      if (phase.molar_volume) slope.back() = phase.molar_volume->derivative({1});
    }
  }
  bool has_own(int phase) const { return phase >= 0 && phase < static_cast<int>(own.size()) && own[at(phase)]; }
  static std::size_t at(int phase) { return static_cast<std::size_t>(phase); }
  double value(int phase, double c) const { return has_own(phase) ? (*own[at(phase)])({c}) : common(c); }
  double derivative(int phase, double c) const { return has_own(phase) ? (*slope[at(phase)])({c}) : common.slope(c); }

  VolumeLaw common;
  std::vector<std::optional<deck::Function>> own, slope;
};

void check_diffusivity(PhaseModel const& model, std::size_t k) {
  auto const& phase = model.phases[k];
  for (int i = 0; i <= 100; ++i) {
    double const c = phase.low + (phase.high - phase.low) * i / 100, D = phase.diffusivity(c);
    if (D > 0 && std::isfinite(D)) continue;
    throw bad_input(fmt::format("diffusion_couple: the diffusivity of {} is {} m^2/s at c = {}", model.names[k], D, c),
                    "It must be above 0 in the whole phase.");
  }
}

void check_end_member(PhaseModel const& model, double c) {
  if (model.phase_of(c) >= 0 || c == 0 || c == 1) return;
  throw bad_input(fmt::format("diffusion_couple.couple: the end member {} lies in no phase", c),
                  "Give compositions inside the ranges of the phases, or pure components.");
}

}  // namespace

int PhaseModel::phase_of(double c) const {
  for (std::size_t k = 0; k < phases.size(); ++k) {
    if (c >= phases[k].low && c <= phases[k].high) return static_cast<int>(k);
  }
  return -1;
}

PhaseModel make_phases(Options const& options, double temperature) {
  PhaseModel model;
  auto const volumes = std::make_shared<Volumes const>(options);
  auto const law = options.phases.empty() ? std::make_shared<BinaryLaw const>(options, volumes->common) : nullptr;
  model.constant_volume = volumes->common.is_constant();
  double const left = options.couple.left[0], right = options.couple.right[0];
  for (auto const& phase : options.phases) {
    model.names.push_back(phase.name);
    model.constant_volume = model.constant_volume && !phase.molar_volume;
    model.phases.push_back({phase.at ? *phase.at : phase.range->low, phase.at ? *phase.at : phase.range->high, {}, 0});
  }
  if (law) {
    model.names.push_back("solution");
    model.phases.push_back({std::min(left, right), std::max(left, right), {}, 0});
  }
  double const reference = volumes->value(model.phase_of(left), left);
  model.volume = {[=](int phase, double c) { return volumes->value(phase, c) / reference; },
                  [=](int phase, double c) { return volumes->derivative(phase, c) / reference; }};
  for (std::size_t k = 0; k < model.phases.size(); ++k) {
    auto& phase = model.phases[k];
    int const index = static_cast<int>(k);
    if (phase.is_compound()) {
      phase.integrated = *options.phases[k].integrated / std::pow(model.volume.value(index, phase.low), 2);
      continue;
    }
    auto const own = law ? PhaseDiffusivity{} : *options.phases[k].diffusivity;
    phase.diffusivity = [=, ratio = model.volume.value](double c) {
      double const D = law         ? law->interdiffusion(c, temperature)
                       : own.table ? (*own.table)({c})
                                   : evaluate(*own.value, {&c, 1}, temperature);
      return D / std::pow(ratio(index, c), 2);
    };
    check_diffusivity(model, k);
  }
  for (auto const& member : {options.couple.left, options.couple.right}) check_end_member(model, member[0]);
  return model;
}

}  // namespace kroma::diffusion_couple
