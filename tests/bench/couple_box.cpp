// Couples of three dimensions: bandwidth of the kernels beside STREAM's triad in the same run, and iterations, time and
// memory of implicit steps of a polycrystal with both preconditioners.
//
//   mpirun -n 2 build/release/bin/bench_couple_box [cells per axis = 128] [kernels | steps]
//
// Bytes are those that must be moved, each array once and without the reads that a write may cause, as STREAM counts
// (McCalpin 1995). Rates are sums over ranks that work at the same time, wall time, best of a few; the triad is
// measured before and after each kernel, and the better one counts.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "bench/message_model.hpp"
#include "core/runtime.hpp"
#include "linalg/petsc_view.hpp"
#include "problems/diffusion_couple/box_output.hpp"
#include "problems/diffusion_couple/box_system.hpp"
#include "problems/diffusion_couple/conductance.hpp"
#include "problems/diffusion_couple/grains.hpp"
#include "problems/diffusion_couple/law.hpp"
#include "problems/diffusion_couple/sdirk.hpp"

namespace {

using namespace kroma;
using namespace kroma::diffusion_couple;
using Read = linalg::BorrowedView<double const>;
using Write = linalg::BorrowedView<double>;

constexpr std::size_t kTriad = 1 << 23;  // values of each array of a rank
int g_rank = 0, g_ranks = 1;             // of the world; this is a program of one file

template <class... Values>
void say(fmt::format_string<Values...> text, Values&&... values) {
  if (g_rank != 0) return;
  fmt::print(text, std::forward<Values>(values)...);
  std::fflush(stdout);
}

/// 10 um of a polycrystal of 64 grains, boundaries ten thousand times as fast, periodic across.
Deck polycrystal(int cells, bool grains, diffusion_couple::Matrix matrix) {
  Deck deck;
  auto& o = deck.options;
  o.components = {"A", "B"};
  o.couple.left = {0.1};
  o.couple.right = {0.9};
  o.couple.length = o.couple.y = o.couple.z = 10e-6;
  o.couple.cells = {cells, cells, cells};
  o.periodic_sides = true;
  o.diffusivity.value = {{deck::Function::expression("1e-17*exp(2*c)", composition_names())}};
  if (grains) {
    o.grains.emplace();
    o.grains->number = 64;
    o.grains->ratio = 1e4;
  }
  deck.solver.matrix = matrix;
  deck.solver.newton_tolerance = 1e-8;
  deck.solver.max_iterations = 2000;
  return deck;
}

/// Bytes per second over all ranks of `bytes` moved by each in one call.
double rate(double bytes, std::function<void()> const& call) {
  auto const best = bench::best_of(9, [&] {
    MPI_Barrier(MPI_COMM_WORLD);
    call();
    Space{}.fence();
    MPI_Barrier(MPI_COMM_WORLD);
  });
  return bytes * g_ranks / best.wall;
}

double triad(std::size_t n) {
  Vector const a{"a", n}, b{"b", n}, c{"c", n};
  Kokkos::deep_copy(b, 1.0);
  Kokkos::deep_copy(c, 2.0);
  return rate(24.0 * static_cast<double>(n), [&] {
    double *to = a.data(), *from = b.data(), *other = c.data();
    Kokkos::parallel_for(
        "triad", Kokkos::RangePolicy<Space>(0, n),
        KOKKOS_LAMBDA(std::size_t const i) { to[i] = from[i] + 3.0 * other[i]; });
  });
}

void kernels(int cells) {
  say("{} ranks, {}^3 cells\n{:34} {:>12} {:>8} {:>8} {:>10}\n", g_ranks, cells, "", "bytes/cell", "GB/s", "triad",
      "of triad");
  for (bool const grains : {false, true}) {
    auto const deck = polycrystal(cells, grains, diffusion_couple::Matrix::free);
    Box const box{MPI_COMM_WORLD, deck.options};
    auto const structure = make_grains(box, deck.options);
    auto const links = make_links(box, deck.options, corner_tensor(structure.get(), deck.options));
    auto const y = box.vector(), known = box.vector(), out = box.vector(), inverse = box.vector(), W = box.vector();
    auto const padded = box.padded_vector();
    petsc_ok(VecSet(y, 0.3));
    petsc_ok(VecSet(inverse, 1e17));
    auto const cells_here = static_cast<double>(box.local_cells());
    auto const line = [&](std::string const& name, int arrays, std::function<void()> const& call) {
      double const before = triad(kTriad), speed = rate(8.0 * arrays * cells_here, call);
      double const stream = std::max(before, triad(kTriad));
      say("{:34} {:>12} {:>8.1f} {:>8.1f} {:>9.0f} %\n", fmt::format("{}, {} neighbours", name, links.neighbours()),
          8 * arrays, speed / 1e9, stream / 1e9, 100 * speed / stream);
    };
    BinaryFace law{[](double c, double) { return 1e-17 * std::exp(2 * c); }, 0.1, 0.9, false, false};
    law.set_temperature(0);
    auto const table = to_device(law.table());
    line("potentials", 3,
         [&] { potentials(Space{}, table, 1.0, Read{y}.flat(), Write{W}.flat(), Write{inverse}.flat()); });
    line("residual", 4 + links.rows(), [&] {
      residual(Space{}, links, 1.0, Read{padded}.flat(), Read{y}.flat(), Read{known}.flat(), Write{out}.flat());
    });
    line("jacobian, matrix-free", 3 + links.rows(),
         [&] { jacobian(Space{}, links, 1.0, Read{padded}.flat(), Read{inverse}.flat(), Write{out}.flat()); });
    line("the same with ghosts of all ranks", 3 + links.rows(), [&] {
      box.pad(y, padded);
      jacobian(Space{}, links, 1.0, Read{padded}.flat(), Read{inverse}.flat(), Write{out}.flat());
    });
  }
}

/// Peak memory of this process, bytes.
double peak_memory() {
  std::ifstream status{"/proc/self/status"};
  std::string word;
  while (status >> word) {
    double kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return 1024 * kilobytes;
  }
  return 0;
}

void steps(int cells) {
  say("{:12} {:>8} {:>8} {:>8} {:>8} {:>10} {:>12}\n", "matrix", "dt s", "D dt/h^2", "newton", "CG", "seconds",
      "bytes/cell");
  for (auto const matrix : {diffusion_couple::Matrix::free, diffusion_couple::Matrix::assembled}) {
    auto const deck = polycrystal(cells, true, matrix);
    Box const box{MPI_COMM_WORLD, deck.options};
    auto const structure = make_grains(box, deck.options);
    BinaryFace law{[](double c, double) { return 1e-17 * std::exp(2 * c); }, 0.1, 0.9, false, false};
    BoxSystem system{box, deck, law, make_links(box, deck.options, corner_tensor(structure.get(), deck.options))};
    auto y = system.state(), result = system.state(), known = system.state();
    std::vector<BoxSystem::State> slopes;
    for (int i = 0; i < 3; ++i) slopes.push_back(system.state());
    std::vector<double> c(static_cast<std::size_t>(box.local_cells()));
    box.each_cell([&](std::size_t number, std::array<int, 3> const& cell) {
      c[number] = 0.5 + 0.4 * std::tanh((box.centre(cell)[0] - 5e-6) / 0.5e-6);
    });
    set_values(y.cells, c);
    for (double const dt : {10.0, 100.0, 1000.0}) {
      auto const newton = system.iterations(), linear = system.linear_iterations();
      double const start = MPI_Wtime();
      system.begin_step();
      sdirk_step(system, tableau(Scheme::sdirk3), 0.0, dt, y, result, known, slopes);
      double const h = box.widths()[0], D = 1e-17 * std::exp(2 * 0.9);
      say("{:12} {:>8} {:>8.2g} {:>8} {:>8} {:>10.2f} {:>12.0f}\n",
          matrix == diffusion_couple::Matrix::free ? "free" : "assembled", dt, D * dt / h / h,
          system.iterations() - newton, system.linear_iterations() - linear, MPI_Wtime() - start,
          peak_memory() / static_cast<double>(box.local_cells()));
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  Runtime const runtime{{}};
  MPI_Comm_rank(MPI_COMM_WORLD, &g_rank);
  MPI_Comm_size(MPI_COMM_WORLD, &g_ranks);
  int const cells = count > 1 ? std::atoi(arguments[1]) : 128;
  std::string const what = count > 2 ? arguments[2] : "";
  if (what != "steps") kernels(cells);
  if (what != "kernels") steps(cells);
}
