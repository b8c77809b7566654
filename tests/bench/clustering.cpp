// The low-rank solver of sdp_clustering at full size, in one run and one table: STREAM triad (McCalpin 1995) and DGEMM
// of the machine beside the solver's sweep and the other passes over the points, seconds from one rank to all, messages
// counted, and a model of them for more ranks.
//
//   mpirun -n 2 build/release/bin/bench_clustering [points = 1000000] [sweeps = 30]
//
// Points: 20 coordinates, 10 clusters, factors of 20 columns. Bytes are those that a pass must read or write once; like
// STREAM's they count no line that a store fetches first. Times are wall times, the best of a few: give it the machine.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "bench/message_model.hpp"
#include "core/runtime.hpp"
#include "problems/sdp_clustering/certificate.hpp"
#include "problems/sdp_clustering/k_means.hpp"
#include "problems/sdp_clustering/low_rank.hpp"
#include "problems/sdp_clustering/random.hpp"

namespace {

using namespace kroma;
using namespace kroma::sdp_clustering;

constexpr int kDimension = 20, kClusters = 10, kColumns = 20;

grid::Traffic g_reductions;  // of this rank, counted by the wrapper below

}  // namespace

#undef MPI_Allreduce  // PETSc has a macro of that name

/// Counts what the program asks for, through MPI's profiling interface.
extern "C" int MPI_Allreduce(void const* send, void* receive, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm) {
  int size = 0;
  MPI_Type_size(type, &size);
  ++g_reductions.messages;
  g_reductions.bytes += static_cast<std::int64_t>(count) * size;
  return PMPI_Allreduce(send, receive, count, type, op, comm);
}

namespace {

/// Round clusters; the first rows of `count` points, shared out over the ranks of `comm`.
Points draw(MPI_Comm comm, std::int64_t count) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  std::int64_t const offset = count * rank / ranks, end = count * (rank + 1) / ranks;
  Matrix x{"bench::points", static_cast<std::size_t>(end - offset), kDimension + 1};
  Kokkos::parallel_for(
      "bench::draw", Kokkos::RangePolicy<Space>(0, x.extent_int(0)), KOKKOS_LAMBDA(int const i) {
        auto const row = static_cast<std::uint64_t>(offset + i);
        for (int j = 0; j < kDimension; ++j) {
          double const mean = static_cast<int>(row % kClusters) == j ? 4.0 : 0.0;
          x(i, j) = mean - (j < kClusters ? 0.4 : 0.0) + normal(1, 7, row * kDimension + static_cast<std::uint64_t>(j));
        }
        x(i, kDimension) = 1.0;
      });
  return {comm, count, offset, x};
}

struct Rates {
  double triad = 0, dgemm = 0;  // B/s, flop/s of one rank
};

Rates machine() {
  Space const space;
  int const n = 20000000;
  Vector a{"bench::a", n}, b{"bench::b", n}, c{"bench::c", n};
  auto const triad = bench::best_of(3, [&] {
    Kokkos::parallel_for(
        "bench::triad", Kokkos::RangePolicy<Space>(space, 0, n),
        KOKKOS_LAMBDA(int const i) { a(i) = b(i) + 3.0 * c(i); });
    space.fence();
  });
  int const m = 1024;
  Matrix p{"bench::p", m, m}, q{"bench::q", m, m}, r{"bench::r", m, m};
  auto const product = bench::best_of(3, [&] {
    multiply(space, p, q, r);
    space.fence();
  });
  return {24.0 * n / triad.wall, 2.0 * m * m * m / product.wall};
}

/// One pass: bytes and operations for each point, and its seconds.
struct Pass {
  char const* name;
  double bytes, operations, seconds;
};

/// One sweep of the low-rank solver, without its setup.
struct Sweep {
  double seconds = 0, reductions = 0, bytes = 0;
};

Sweep sweep_of(Points const& points, int sweeps) {
  auto const p = static_cast<std::size_t>(points.width());
  HostMatrix cost{"bench::cost", p, p};
  for (std::size_t i = 0; i + 1 < p; ++i) cost(i, i) = 1.0;
  FactorProblem const problem{points, {cost}, {static_cast<double>(kClusters)}, kColumns};
  auto const measure = [&](int count) {
    auto const start = random_factor(points, kColumns, 1);
    g_reductions = {};
    double const began = MPI_Wtime();
    solve_low_rank(problem, start, {1e-30, count});
    return Sweep{MPI_Wtime() - began, static_cast<double>(g_reductions.messages),
                 static_cast<double>(g_reductions.bytes)};
  };
  measure(3);  // pages are touched for the first time
  auto const few = measure(3), all = measure(3 + sweeps);
  return {(all.seconds - few.seconds) / sweeps, (all.reductions - few.reductions) / sweeps,
          (all.bytes - few.bytes) / sweeps};
}

std::vector<Pass> passes(Points const& points, int sweeps) {
  constexpr double p = kDimension + 1, r = kColumns, k = kClusters;
  std::vector<Pass> all;
  all.push_back({"sweep of the low-rank solver", 8 * (p + 2 * r + 1), 2 * p * r * 2 + 2 * r * r * 2 + 8 * r,
                 sweep_of(points, sweeps).seconds});
  all.push_back({"moments of all points", 8 * p, 2 * p * p, bench::best_of(2, [&] { gram(points); }).wall});
  auto const partition = lloyd(points, seed_means(points, kClusters, 1), 2);
  auto const once = bench::best_of(2, [&] { lloyd(points, partition.mean, 1); }).wall;
  auto const thrice = bench::best_of(2, [&] { lloyd(points, partition.mean, 3); }).wall;
  all.push_back({"Lloyd: assignment and new means", 8 * (p + 0.5), 4 * p * k, (thrice - once) / 2});
  return all;
}

void print(std::vector<Pass> const& passes, double points, Rates const& rates) {
  fmt::print("| pass | ns a point | bytes a point | GB/s | of triad | flop/byte | GFLOP/s | of DGEMM |\n");
  fmt::print("|---|---|---|---|---|---|---|---|\n");
  for (auto const& pass : passes) {
    double const bandwidth = pass.bytes * points / pass.seconds, rate = pass.operations * points / pass.seconds;
    fmt::print("| {} | {:.1f} | {:.0f} | {:.1f} | {:.0f} % | {:.1f} | {:.1f} | {:.0f} % |\n", pass.name,
               1e9 * pass.seconds / points, pass.bytes, bandwidth / 1e9, 100 * bandwidth / rates.triad,
               pass.operations / pass.bytes, rate / 1e9, 100 * rate / rates.dgemm);
  }
}

/// Seconds of a sweep of n points on more ranks: rows at the measured rate, small matrices replicated, one reduction of
/// `bytes` by recursive doubling.
void foretell(bench::MessageModel const& model, double per_point, double replicated, double bytes) {
  fmt::print(
      "\n{}\n| points | ranks | rows ms | small matrices ms | reduction ms | sweep ms | efficiency |\n"
      "|---|---|---|---|---|---|---|\n",
      model.name);
  for (double const n : {1e6, 1e9}) {
    for (int ranks = 1; ranks <= 4096; ranks *= 8) {
      double const rows = n / ranks * per_point;
      double const reduction = std::log2(ranks) * (model.latency + bytes * model.seconds_per_byte);
      double const all = rows + replicated + reduction;
      fmt::print("| {:.0e} | {} | {:.4g} | {:.3g} | {:.3g} | {:.4g} | {:.0f} % |\n", n, ranks, 1e3 * rows,
                 1e3 * replicated, 1e3 * reduction, 1e3 * all, 100 * (n * per_point + replicated) / (ranks * all));
    }
  }
}

/// Rank 0 works, the others sleep: waiting in MPI would take its processors.
void alone(int rank, std::function<void()> const& work) {
  if (rank == 0) work();
  MPI_Request done = MPI_REQUEST_NULL;
  MPI_Ibarrier(MPI_COMM_WORLD, &done);
  for (int arrived = 0; arrived == 0;) {
    MPI_Test(&done, &arrived, MPI_STATUS_IGNORE);
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
}

void run(std::int64_t count, int sweeps) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  double one = 0, replicated = 0;
  alone(rank, [&] {
    auto const rates = machine();
    fmt::print("one rank: triad {:.1f} GB/s, DGEMM {:.1f} GFLOP/s; {} points\n\n", rates.triad / 1e9, rates.dgemm / 1e9,
               count);
    auto const points = draw(MPI_COMM_SELF, count);
    auto const all = passes(points, sweeps);
    one = all.front().seconds;
    print(all, static_cast<double>(count), rates);
    replicated = sweep_of(draw(MPI_COMM_SELF, 64), 200).seconds - 64 * one / static_cast<double>(count);
  });
  auto const rates = machine();
  auto const shared = sweep_of(draw(MPI_COMM_WORLD, count), sweeps);
  auto const fitted = bench::fit_messages(MPI_COMM_WORLD);
  if (rank != 0) return;
  fmt::print(
      "\n{} ranks together: triad {:.1f} GB/s each; sweep {:.1f} ms, on one rank {:.1f} ms: efficiency {:.0f} %\n",
      ranks, rates.triad / 1e9, 1e3 * shared.seconds, 1e3 * one, 100 * one / (ranks * shared.seconds));
  fmt::print("counted: {:.2f} reductions a sweep, {:.0f} bytes\n", shared.reductions, shared.bytes);
  double const per_point = (one - replicated) / static_cast<double>(count);
  if (ranks > 1) foretell(fitted, per_point, replicated, shared.bytes);
  foretell(bench::kInterconnect, per_point, replicated, shared.bytes);
}

}  // namespace

int main(int argc, char** argv) {
  Runtime const runtime{{}};
  run(argc > 1 ? std::stoll(argv[1]) : 1000000, argc > 2 ? std::stoi(argv[2]) : 30);
  return 0;
}
