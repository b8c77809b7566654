#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/diffusion_couple/estimate_binary.hpp"
#include "problems/diffusion_couple/modes.hpp"

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
    BinaryEstimates estimates{deck_.options};
    int couple = 0;
    for (auto const& profile : profiles_) estimates.evaluate(run, profile, ++couple);
    estimates.write(run);
  }

 private:
  Deck deck_;
  std::vector<MeasuredProfile> profiles_;
};

}  // namespace

std::unique_ptr<Problem> make_estimate(Deck deck) { return std::make_unique<Estimate>(std::move(deck)); }

}  // namespace kroma::diffusion_couple
