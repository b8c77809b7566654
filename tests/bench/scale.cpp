// What a machine gives gp_pde, in one run and one table: rate of DGEMM, of the core operator and of a whole solve,
// bytes moved, share of time in turns between ranks, strong and weak scaling from one rank to all, and a model of
// messages fitted to this run that foretells more ranks.
//
//   mpirun -n 2 build/release/bin/bench_scale [functions per axis = 128] [nodes per axis of the whole solve = 128]
//
// Rates of one rank are per second of processor time where kernels run on the host (other programs on the machine then
// count less), scaling is in wall time, each the best of a few repetitions.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "bench/message_model.hpp"
#include "bench/solve.hpp"
#include "core/runtime.hpp"
#include "linalg/dense.hpp"
#include "linalg/gemm.hpp"
#include "linalg/kronecker.hpp"
#include "support/tensors.hpp"

namespace {

using namespace kroma;
using bench::Seconds;

int g_rank = 0, g_ranks = 1;  // of the world; this is a program of one file

template <class... Values>
void say(fmt::format_string<Values...> text, Values&&... values) {
  if (g_rank != 0) return;
  fmt::print(text, std::forward<Values>(values)...);
  std::fflush(stdout);
}

/// Rank 0 works, the others sleep: waiting in MPI would take its processors.
void alone(std::function<void()> const& work) {
  if (g_rank == 0) work();
  MPI_Request done = MPI_REQUEST_NULL;
  MPI_Ibarrier(MPI_COMM_WORLD, &done);
  for (int arrived = 0; arrived == 0;) {
    MPI_Test(&done, &arrived, MPI_STATUS_IGNORE);
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
}

/// Seconds of a product of square matrices of order n, per operation.
double dgemm_rate(int n) {
  auto const a = linalg::to_device(test::numbered_matrix(n, n, 1));
  Matrix const c{"c", a.extent(0), a.extent(1)};
  Space const space;
  auto const best = bench::best_of(5, [&] {
    linalg::gemm(space, linalg::Gemm{.m = n,
                                     .n = n,
                                     .k = n,
                                     .a = a.data(),
                                     .b = a.data(),
                                     .c = c.data(),
                                     .lead_a = n,
                                     .lead_b = n,
                                     .lead_c = n});
    space.fence();
  });
  return 2.0 * n * n * n / best.busy();
}

/// sum_{k<l} H_k H_l - K_k K_l: the core operator of Poisson's equation, with factors of its shape.
template <class T>
std::vector<linalg::KroneckerTermOf<T>> core_terms(grid::Extents const& n) {
  std::array<MatrixOf<T>, 3> h, k;
  auto const factor = [](int size, int seed) {
    auto const a = linalg::to_device(test::numbered_matrix(size, size, seed));
    MatrixOf<T> b{"factor", a.extent(0), a.extent(1)};
    Kokkos::deep_copy(b, a);
    return b;
  };
  for (std::size_t axis = 0; axis < 3; ++axis) {
    h[axis] = factor(n[axis], 1);
    k[axis] = factor(n[axis], 2);
  }
  std::vector<linalg::KroneckerTermOf<T>> terms;
  for (std::size_t d = 0; d < 3; ++d) {
    for (std::size_t e = d + 1; e < 3; ++e) {
      linalg::KroneckerTermOf<T> symmetric{2.0, {}}, antisymmetric{-2.0, {}};
      symmetric.factors[d] = h[d];
      symmetric.factors[e] = h[e];
      antisymmetric.factors[d] = k[d];
      antisymmetric.factors[e] = k[e];
      terms.push_back(symmetric);
      terms.push_back(antisymmetric);
    }
  }
  return terms;
}

struct Applied {
  Seconds seconds;    // of one application
  linalg::Work work;  // of one application on this rank
};

template <class T>
Applied apply_core(MPI_Comm comm, grid::Extents const& n, int repetitions) {
  linalg::KroneckerSumOf<T> sum{comm, n, n, core_terms<T>(n)};
  TensorOf<T> const x{"x", static_cast<std::size_t>(sum.input().count(0)),
                      static_cast<std::size_t>(sum.input().count(1)), static_cast<std::size_t>(n[2])};
  TensorOf<T> const y{"y", x.extent(0), x.extent(1), x.extent(2)};
  Kokkos::deep_copy(x, T{1});
  Space const space;
  Applied applied;
  double turning = 1e300;
  double before = 0;
  applied.seconds = bench::best_of(repetitions, [&] {
    MPI_Barrier(comm);
    sum.apply(space, x, y);
    space.fence();
    MPI_Barrier(comm);
    double const now = sum.work().turns.seconds;
    turning = std::min(turning, now - std::exchange(before, now));
  });
  applied.work = sum.work();
  double const runs = repetitions + 1;  // best_of warms up once
  applied.work.flops /= runs;
  applied.work.bytes /= runs;
  applied.work.turns.exchanges /= static_cast<std::int64_t>(runs);
  applied.work.turns.messages /= static_cast<std::int64_t>(runs);
  applied.work.turns.bytes /= static_cast<std::int64_t>(runs);
  applied.work.turns.seconds = turning;
  return applied;
}

double sum_over_ranks(double mine) {
  double all = 0;
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return all;
}

/// Operations per second of one rank.
struct Rates {
  double dgemm = 0, core = 0;
};

/// Those of DGEMM, and of the core operator at order r and below.
Rates rates(int r) {
  double core = 0, peak = 0;
  alone([&] {
    peak = dgemm_rate(1024);
    say("\none rank                     GFLOP/s   of DGEMM   bytes moved   flop/byte\n");
    say("DGEMM, order 1024            {:8.2f}\n", peak * 1e-9);
    for (int order : {64, 128, r}) {
      auto const applied = apply_core<double>(MPI_COMM_SELF, {order, order, order}, 5);
      core = applied.work.flops / applied.seconds.busy();
      say("core operator, {:4}^3        {:8.2f} {:8.0f} % {:10.1f} MB {:11.1f}\n", order, core * 1e-9,
          100 * core / peak, applied.work.bytes * 1e-6, applied.work.flops / applied.work.bytes);
    }
    auto const single = apply_core<float>(MPI_COMM_SELF, {r, r, r}, 5);
    say("the same in single precision {:8.2f}\n", single.work.flops / single.seconds.busy() * 1e-9);
  });
  MPI_Bcast(&core, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
  MPI_Bcast(&peak, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
  return {peak, core};
}

/// Poisson's equation on nodes^3 in both precisions of the core, on one rank and on all.
void whole_solve(int nodes, double dgemm) {
  using gp_pde::CorePrecision;
  say("\nwhole solve of Poisson's equation on {0} x {0} x {0} nodes; source and bases are its set-up\n", nodes);
  say("ranks  core    functions  iterations   source s   bases s   solve s   processor s   GFLOP/s   of DGEMM   GB "
      "moved   in turns     error\n");
  std::array<double, 2> busy{};
  auto const line = [&](int ranks, CorePrecision precision, bench::Solved const& s) {
    bool const single = precision == CorePrecision::single;
    busy[single ? 1 : 0] = s.solve.busy();
    double const rate = s.work.flops / s.solve.busy();
    say("{:5}  {} {:8}^3 {:11} {:10.2f} {:9.2f} {:9.2f} {:13.2f} {:9.2f} {:8.0f} % {:10.1f} {:8.0f} % {:9.1e}\n", ranks,
        single ? "single" : "double", s.functions, s.iterations, s.source.wall, s.bases.wall, s.solve.wall,
        s.solve.processor, rate * 1e-9, 100 * rate / dgemm, s.work.bytes * 1e-9,
        100 * s.work.turns.seconds / s.solve.wall, s.error);
  };
  for (auto const precision : {CorePrecision::double_precision, CorePrecision::single}) {
    alone([&] { line(1, precision, bench::solve_poisson(MPI_COMM_SELF, nodes, precision)); });
  }
  say("solve with a core in single precision over that in double, one rank: {:.2f}\n", busy[1] / busy[0]);
  if (g_ranks == 1) return;
  for (auto const precision : {CorePrecision::double_precision, CorePrecision::single}) {
    auto const shared = bench::solve_poisson(MPI_COMM_WORLD, nodes, precision);
    line(g_ranks, precision, shared);
  }
}

void scaling(int r) {
  if (g_ranks == 1) return;
  double alone_seconds = 0, alone_flops = 0;
  alone([&] {
    auto const one = apply_core<double>(MPI_COMM_SELF, {r, r, r}, 5);
    alone_seconds = one.seconds.wall;
    alone_flops = one.work.flops;
  });
  say("\ncore operator, wall time       ms    efficiency   in turns   exchanges   MB sent\n");
  say("1 rank,  {:4} x {} x {}   {:8.1f}\n", r, r, r, 1e3 * alone_seconds);
  struct Case {
    char const* name;
    grid::Extents n;
  };
  for (auto const& [name, n] : {Case{"strong", {r, r, r}}, Case{"weak", {g_ranks * r, r, r}}}) {
    auto const shared = apply_core<double>(MPI_COMM_WORLD, n, 5);
    double const all = sum_over_ranks(shared.work.flops);
    double const ideal = all / (g_ranks * alone_flops / std::max(alone_seconds, 1e-12));
    say("{} ranks, {:4} x {} x {}  {:8.1f} {:10.0f} % {:8.0f} % {:10} {:10.1f}   {}\n", g_ranks, n[0], r, r,
        1e3 * shared.seconds.wall, 100 * ideal / shared.seconds.wall,
        100 * shared.work.turns.seconds / shared.seconds.wall, shared.work.turns.exchanges,
        1e-6 * static_cast<double>(shared.work.turns.bytes), name);
  }
}

/// The core operator on r^3 functions as the ranks of `sides` would share it out, seen from the fullest of them.
linalg::KroneckerPlan<double> core_plan(int r, std::array<int, 2> const& sides) {
  grid::Extents const n{r, r, r};
  return {grid::Layout{grid::ProcessGrid{sides, {0, 0}}, n}, n, core_terms<double>(n)};
}

void foretell(int r, double core_rate) {
  auto const copy = bench::turn_seconds_per_byte();
  auto const here = bench::fit_messages(MPI_COMM_WORLD);
  say("\n{}", bench::kAssumptions);
  say("packing and unpacking, measured: {:.2f} ns per byte\n", 1e9 * copy);
  std::vector<bench::MessageModel> models;
  if (g_ranks > 1) models.push_back(here);
  models.push_back(bench::kInterconnect);
  for (auto const& model : models) {
    say("\n{}: {:.2f} us + {:.3f} ns per byte ({:.1f} GB/s)\n", model.name, 1e6 * model.latency,
        1e9 * model.seconds_per_byte, 1e-9 / model.seconds_per_byte);
    say("   functions  ranks     layout   messages   MB sent   products ms   packing ms   messages ms   efficiency\n");
    for (int size : {r, 640}) {
      for (int ranks : {2, 8, 64, 512}) {
        auto const sides = grid::suitable_sides(ranks, {size, size, size});
        auto const plan = core_plan(size, sides);
        auto const traffic = plan.traffic();
        auto const local = static_cast<double>(plan.input.local_size());
        double const products = 16.0 * size * local / core_rate;  // eight products of 2 size operations per value
        double const packing = copy * static_cast<double>(traffic.exchanges) * sizeof(double) * local;
        double const messages = model.seconds(traffic) + 2 * model.latency * std::ceil(std::log2(ranks));
        say("   {:6}^3  {:6} {:6} x {:2} {:10} {:9.2f} {:13.2f} {:12.2f} {:13.2f} {:10.0f} %\n", size, ranks, sides[0],
            sides[1], traffic.messages, 1e-6 * static_cast<double>(traffic.bytes), 1e3 * products, 1e3 * packing,
            1e3 * messages, 1600 * std::pow(size, 4) / core_rate / ranks / (products + packing + messages));
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  int const r = argc > 1 ? std::stoi(argv[1]) : 128, nodes = argc > 2 ? std::stoi(argv[2]) : 128;
  Runtime const runtime{{}};
  MPI_Comm_rank(MPI_COMM_WORLD, &g_rank);
  MPI_Comm_size(MPI_COMM_WORLD, &g_ranks);
  say("{} ranks, kernels in {}\n", g_ranks, Space::name());
  auto const rate = rates(r);
  whole_solve(nodes, rate.dgemm);
  scaling(r);
  foretell(r, rate.core);
  return 0;
}
