// Time per chromatogram of the semi-analytic method, one thread on a host: the closed form's kernel, also with its
// derivatives and for a batch of parameter samples, and the inverse transform of the three packed-bed models.
#include "support/chromatography.hpp"

#include <vector>

#include <benchmark/benchmark.h>

#include "core/runtime.hpp"
#include "problems/chromatography/closed_form.hpp"
#include "problems/chromatography/transform.hpp"

namespace {

using namespace kroma::chromatography;

std::vector<double> uniform_times(double end, int count) {
  std::vector<double> times;
  for (int k = 0; k <= count; ++k) times.push_back(end * k / count);
  return times;
}

/// Five analytes at 1401 times, `samples` times over.
void closed_form(benchmark::State& state) {
  auto const samples = static_cast<std::size_t>(state.range(0));
  auto const column = kroma::test::btex_column();
  auto repeated = make_closed_form(column);
  auto const repeat = [&](kroma::ConstVector values) {
    kroma::Vector const all{"values", samples * values.extent(0)};
    auto const host = Kokkos::create_mirror_view(all);
    auto const from = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, values);
    for (std::size_t k = 0; k < all.extent(0); ++k) host(k) = from(k % from.extent(0));
    Kokkos::deep_copy(all, host);
    return all;
  };
  repeated.events = repeat(repeated.events);
  repeated.desorption = repeat(repeated.desorption);
  repeated.hold_up = repeat(repeated.hold_up);
  repeated.expansion = repeat(repeated.expansion);
  auto const times = to_device(uniform_times(700, 1400));
  kroma::Matrix const outlet{"outlet", samples * column.count(), times.extent(0)};
  kroma::Space const space;
  for (auto _ : state) {
    closed_form_outlet(space, repeated, times, kPanel, outlet);
    space.fence();
  }
  state.counters["chromatograms"] =
      benchmark::Counter(static_cast<double>(samples), benchmark::Counter::kIsIterationInvariantRate);
}

void closed_form_with_derivatives(benchmark::State& state) {
  auto const column = kroma::test::btex_column();
  auto const problem = make_closed_form(column);
  auto const times = to_device(uniform_times(700, 1400));
  kroma::Tensor const outlet{"outlet", column.count(), times.extent(0), 3};
  kroma::Space const space;
  for (auto _ : state) {
    closed_form_gradient(space, problem, times, outlet);
    space.fence();
  }
}

/// 0: lumped rate, 1: with pores, 2: general rate; 3: five analytes on an expanding carrier with dispersion.
void transform(benchmark::State& state) {
  auto column = kroma::test::lumped_column();
  if (state.range(0) == 1) column = kroma::test::packed_column(ColumnModel::lumped_rate_with_pores);
  if (state.range(0) == 2) column = kroma::test::packed_column(ColumnModel::general_rate);
  if (state.range(0) == 3) {
    column = kroma::test::btex_column();
    column.dispersion = {2.884e-6, 2.599e-6, 2.377e-6, 2.06e-6, 2.06e-6};
  }
  auto const times = uniform_times(column.end(), 1000);
  int nodes = 0;
  for (auto _ : state) {
    auto const inverse = invert_transform(column, times);
    nodes = inverse.nodes;
    benchmark::DoNotOptimize(inverse.values.data());
  }
  state.counters["nodes"] = nodes;
}

BENCHMARK(closed_form)->Arg(1)->Arg(100)->Unit(benchmark::kMillisecond);
BENCHMARK(closed_form_with_derivatives)->Unit(benchmark::kMillisecond);
BENCHMARK(transform)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  kroma::Runtime const runtime{{}};
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
