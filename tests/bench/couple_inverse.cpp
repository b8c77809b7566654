// How long one forward profile, one smoothing and one unattended inversion with bands take, on one rank: the couple of
// the table of errors, points 4 um apart, noise 0.002.
#include <benchmark/benchmark.h>

#include "core/runtime.hpp"
#include "problems/diffusion_couple/inversion.hpp"
#include "problems/diffusion_couple/smooth_profile.hpp"
#include "unit/diffusion_couple/noisy_couple.hpp"

namespace {

using namespace kroma;
using namespace kroma::diffusion_couple;

void forward(benchmark::State& state) {
  auto const options = test::two_components({}, false);
  auto const profile = test::noisy_profile(0.002, 1);
  LogDiffusivity const law{{}, 0, 1, 7};
  auto const parameters =
      law.nearest([](std::size_t, double c) { return std::log(test::noisy_law(c)); }, [](double) { return 1.0; });
  auto const model = infinite_couple(profile, {}, law, options, VolumeLaw{options}, profile.time);
  for (auto _ : state) benchmark::DoNotOptimize(model(parameters, {0, 0, 1}, Wanted::values));
}

void smoothing(benchmark::State& state) {
  auto const profile = test::noisy_profile(0.002, 1);
  for (auto _ : state) benchmark::DoNotOptimize(smooth_probit(profile, {}));
}

void inversion(benchmark::State& state) {
  auto const options = test::two_components({}, false);
  auto const profile = test::noisy_profile(0.002, 1);
  for (auto _ : state) benchmark::DoNotOptimize(invert_profiles({profile}, options));
}

BENCHMARK(forward)->Unit(benchmark::kMillisecond);
BENCHMARK(smoothing)->Unit(benchmark::kMillisecond);
BENCHMARK(inversion)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  kroma::Runtime const runtime{{}};
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
