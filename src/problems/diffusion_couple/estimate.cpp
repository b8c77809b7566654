#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/diffusion_couple/estimate_binary.hpp"
#include "problems/diffusion_couple/modes.hpp"
#include "problems/diffusion_couple/multicomponent.hpp"

namespace kroma::diffusion_couple {
namespace {

/// Mode estimate: classical methods on measured profiles. All ranks do the same, which takes less than a second.
class Estimate : public Problem {
 public:
  explicit Estimate(Deck deck) : deck_{std::move(deck)} {
    if (deck_.options.profile.empty()) {
      throw bad_input("diffusion_couple.profile: mode estimate needs a measured profile",
                      "Give profile: {file: ..., position: x_um, composition: X}.");
    }
    for (auto const& profile : deck_.options.profile) {
      profiles_.push_back(read_profile(profile, deck_.options));
      require_plateaus(profiles_.back());
    }
    auto const components = deck_.options.components.size(), couples = profiles_.size();
    if (components > 2 && couples == 1) require_pseudo_binary(profiles_.front(), deck_.options.components);
    if (components > 2 && couples > 1 && couples != components - 1) {
      throw bad_input(
          fmt::format("diffusion_couple.profile: {} components need {} couples about one composition, or one "
                      "that is pseudo-binary; got {}",
                      components, components - 1, couples));
    }
  }

  Plan plan(int) const override {
    Plan plan;
    std::size_t points = 0;
    for (auto const& profile : profiles_) points += profile.x.size();
    plan.summary = fmt::format("Diffusion coefficients of {} from {} measured profile(s)",
                               fmt::join(deck_.options.components, "-"), profiles_.size());
    plan.sizes = {{"points", std::to_string(points)}};
    plan.unknowns = static_cast<std::int64_t>(deck_.options.smoothing.knots) + 4;
    plan.bytes_per_rank = 8.0 * (4 * static_cast<double>(points) + 1e5);
    return plan;
  }

  void solve(Run& run) override {
    Timed const timed{run.timers, "solve"};
    if (deck_.options.components.size() > 2 && profiles_.size() > 1) return crossing(run);
    BinaryEstimates estimates{deck_.options};  // of two components, or pseudo-binary
    int couple = 0;
    for (auto const& profile : profiles_) estimates.evaluate(run, profile, ++couple);
    estimates.write(run);
  }

 private:
  /// The matrix of interdiffusion coefficients from several couples: by their square root, and for three components
  /// where their paths cross.
  void crossing(Run& run) {
    std::vector<MultiProfile> smoothed;
    for (std::size_t k = 0; k < profiles_.size(); ++k) {
      write_profile(run, static_cast<int>(k) + 1, profiles_[k], {});
      smoothed.push_back(smooth_components(profiles_[k], deck_.options.smoothing));
    }
    std::vector<std::string> method;
    std::vector<std::int64_t> row, column;
    std::vector<double> value, condition;
    auto const add = [&](std::string const& name, HostMatrix const& d, double of_gradients) {
      for (int i = 0; i < d.extent_int(0); ++i) {
        for (int j = 0; j < d.extent_int(1); ++j) {
          method.push_back(name);
          row.push_back(i + 1), column.push_back(j + 1);
          value.push_back(d(i, j)), condition.push_back(of_gradients);
        }
      }
    };
    add("square_root", square_root_diffusivity(smoothed), std::numeric_limits<double>::quiet_NaN());
    if (smoothed.size() == 2) {
      if (auto const found = kirkaldy(smoothed[0], smoothed[1])) {
        check(run, *found);
        add("kirkaldy", found->d, found->condition);
      } else {
        run.log.warning("the couples' paths do not cross: no coefficients by Kirkaldy's method");
      }
    }
    run.results.table("/tables/matrix",
                      {{"method", "1", method},
                       {"row", "1", row},
                       {"column", "1", column},
                       {"D", "m^2/s", value},
                       {"condition", "1", condition}},
                      "interdiffusion coefficients over all components but the first");
  }

  static void check(Run& run, Crossing const& found) {
    if (found.condition > kMostCondition) {
      run.log.warning(
          fmt::format("the paths cross at a small angle (condition number {:.1f}, above {:g}): cross coefficients "
                      "are hardly determined",
                      found.condition, kMostCondition));
    }
    auto const values = eigenvalues(found.d);
    if (values.imaginary != 0 || values.smallest <= 0) {
      run.log.warning("the matrix of coefficients has eigenvalues that are not real and positive: it cannot be right");
    }
  }

  static constexpr double kMostCondition = 6;  // beyond it noise of 2 % makes cross terms wrong by 40 % and more

  Deck deck_;
  std::vector<MeasuredProfile> profiles_;
};

}  // namespace

std::unique_ptr<Problem> make_estimate(Deck deck) { return std::make_unique<Estimate>(std::move(deck)); }

}  // namespace kroma::diffusion_couple
