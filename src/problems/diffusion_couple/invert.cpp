#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/diffusion_couple/estimate_tables.hpp"
#include "problems/diffusion_couple/inversion.hpp"
#include "problems/diffusion_couple/modes.hpp"

namespace kroma::diffusion_couple {
namespace {

constexpr int kRows = 99;  // compositions per phase in the table

/// Mode invert: ln D fitted to measured profiles. All ranks do the same fit; they share out the replicates of a
/// bootstrap.
class Invert : public Problem {
 public:
  explicit Invert(Deck deck) : deck_{std::move(deck)} {
    auto const& options = deck_.options;
    if (options.profile.empty()) {
      throw bad_input("diffusion_couple.profile: mode invert needs a measured profile",
                      "Give profile: {file: ..., position: x_um, composition: X}, or a list of them.");
    }
    if (options.components.size() != 2)
      throw bad_input("diffusion_couple.components: mode invert takes two components");
    if (options.fit.ends == Ends::finite && !options.phases.empty()) {
      throw bad_input("diffusion_couple.fit.ends: finite couples of several phases cannot be fitted yet");
    }
    for (auto const& profile : options.profile) {
      profiles_.push_back(read_profile(profile, options));
      if (options.fit.ends == Ends::infinite) require_plateaus(profiles_.back());
      effective_time(options, profiles_.back().time);
    }
  }

  Plan plan(int) const override {
    Plan plan;
    std::size_t points = 0;
    for (auto const& profile : profiles_) points += profile.x.size();
    plan.summary = fmt::format("ln D of {} fitted to {} measured profile(s), {} couple(s)",
                               fmt::join(deck_.options.components, "-"), profiles_.size(),
                               deck_.options.fit.ends == Ends::finite ? "finite" : "infinite");
    plan.sizes = {{"points", std::to_string(points)}, {"replicates", std::to_string(deck_.options.fit.bootstrap)}};
    auto const phases = std::max<std::size_t>(1, deck_.options.phases.size());
    plan.unknowns = static_cast<std::int64_t>(phases) * (deck_.options.fit.knots + 2);
    plan.bytes_per_rank = 8.0 * static_cast<double>(plan.unknowns) * (static_cast<double>(points) + 1e4);
    return plan;
  }

  void solve(Run& run) override {
    Timed const timed{run.timers, "solve"};
    for (auto const& profile : profiles_) {
      for (auto const& warning : profile.warnings) run.log.warning(warning);
    }
    auto const found = agreed(run.comm, [&] { return invert_profiles(profiles_, deck_.options); });
    auto const at = compositions(found);
    auto const resampled =
        deck_.options.fit.bootstrap > 0 ? bootstrap(run.comm, profiles_, deck_.options, found, at) : HostMatrix{};
    write_interdiffusion(run, found, at, resampled);
    write_couples(run, found);
  }

 private:
  static std::vector<std::pair<std::size_t, double>> compositions(Inversion const& found) {
    std::vector<std::pair<std::size_t, double>> result;
    for (std::size_t k = 0; k < found.law.parts().size(); ++k) {
      auto const& part = found.law.parts()[k];
      for (int i = 1; part.basis && i <= kRows; ++i) {
        result.emplace_back(k, part.low + (part.high - part.low) * i / (kRows + 1));
      }
    }
    return result;
  }

  void write_interdiffusion(Run& run, Inversion const& found, std::vector<std::pair<std::size_t, double>> const& at,
                            HostMatrix const& resampled) const {
    InterdiffusionTable table;
    for (auto const& [part, c] : at) {
      double const d = found.law.diffusivity(found.parameters, part, c);
      table.add(0, "inverse", c, d, d * log_deviation(found, part, c));
    }
    for (std::size_t i = 0; resampled.extent(0) > 0 && i < at.size(); ++i) {
      std::vector<double> values;
      for (std::size_t r = 0; r < resampled.extent(0); ++r) values.push_back(resampled(r, i));
      std::sort(values.begin(), values.end());
      double mean = 0, variance = 0;
      double const n = static_cast<double>(values.size());
      for (double const v : values) mean += v / n;
      for (double const v : values) variance += (v - mean) * (v - mean) / std::max(1.0, n - 1);
      auto const quantile = [&](double q) {
        return std::exp(values[static_cast<std::size_t>(std::clamp(q * n, 0.0, n - 1))]);
      };
      double const d = found.law.diffusivity(found.parameters, at[i].first, at[i].second);
      table.add(0, "bootstrap", at[i].second, d, d * std::sqrt(variance), quantile(0.025), quantile(0.975));
    }
    table.write(run);
    auto const unknown = std::count(table.determined.begin(), table.determined.end(), 0);
    if (unknown > 0) {
      run.log.warning(
          fmt::format("D is not determined at {} of {} compositions: the 95 % band exceeds a factor 2 there", unknown,
                      table.determined.size()));
    }
    write_compounds(run, found);
  }

  void write_compounds(Run& run, Inversion const& found) const {
    std::vector<std::string> phase;
    std::vector<double> value, error;
    for (std::size_t k = 0; k < found.law.parts().size(); ++k) {
      auto const& part = found.law.parts()[k];
      if (part.basis) continue;
      for (auto const& option : deck_.options.phases) {
        if (option.at && *option.at == part.low) phase.push_back(option.name);
      }
      value.push_back(std::exp(found.parameters[part.first]));
      error.push_back(value.back() * log_deviation(found, k, part.low));
    }
    if (phase.empty()) return;
    run.results.table("/tables/integrated",
                      {{"phase", "1", phase}, {"D_integrated", "m^2/s", value}, {"standard_error", "m^2/s", error}},
                      "integrated coefficients of line compounds");
  }

  void write_couples(Run& run, Inversion const& found) const {
    QuantityTable planes;
    double squares = 0;
    std::size_t points = 0;
    for (std::size_t k = 0; k < profiles_.size(); ++k) {
      int const couple = static_cast<int>(k) + 1;
      write_profile(run, couple, profiles_[k], found.fitted[k]);
      auto const& state = found.states[k];
      planes.add(couple, "contact", "m", state.contact, 0, 0.5 * (state.left + state.right));
      planes.add(couple, "left_end_member", "1", state.left, 0, state.left);
      planes.add(couple, "right_end_member", "1", state.right, 0, state.right);
      for (std::size_t i = 0; i < found.fitted[k].size(); ++i, ++points) {
        squares += std::pow(profiles_[k].composition()[i] - found.fitted[k][i], 2);
      }
    }
    planes.write(run, "/tables/planes", "plane", "contact planes and end members of the couples");
    double const misfit = std::sqrt(squares / static_cast<double>(points));
    run.metrics.set("misfit", misfit);
    run.metrics.set("chi_squared", found.chi_squared);
    run.metrics.set("penalty", found.penalty);
    run.metrics.set("effective_parameters", found.freedoms);
    run.metrics.set("iterations", std::int64_t{found.iterations});
    run.log.line(fmt::format("misfit {:.2e}, chi squared {:.2f} per degree of freedom, {:.1f} effective parameters",
                             misfit, found.chi_squared, found.freedoms));
  }

  Deck deck_;
  std::vector<MeasuredProfile> profiles_;
};

}  // namespace

std::unique_ptr<Problem> make_invert(Deck deck) { return std::make_unique<Invert>(std::move(deck)); }

}  // namespace kroma::diffusion_couple
