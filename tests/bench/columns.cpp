// How fast are columns? Not part of ctest.
//   build/release/bin/bench_columns                    seconds of the columns of the public verification set
//   mpirun -n N build/release/bin/bench_columns 1000   columns per second of an ensemble of general rate columns
//   build/release/bin/bench_columns pass DECK E,D,P,S,TOL STEP FILE [KEY=VALUE...]
//       one integration at a given resolution (elements, degree, points in a particle, stages, tolerance): seconds, the
//       best of up to 20, and steps, rejected ones, Newton's iterations, factorisations; FILE gets the outlet every
//       STEP seconds, a row of text for each time
//   build/release/bin/bench_columns sensitivities DECK KEY...
//       base runs that the derivatives by the keys cost, each, at the deck's accuracy by method: numeric
//   build/release/bin/bench_columns adjoint DECK E,D,P,S,TOL KEY...
//       base runs that the gradient of one function of the outlet costs, by the first key alone and by all
#include "unit/chromatography/columns.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <malloc.h>
#include <string>

#include <fmt/format.h>

#include "core/runtime.hpp"
#include "deck/deck.hpp"
#include "problems/chromatography/adjoint.hpp"
#include "problems/chromatography/batch.hpp"
#include "problems/chromatography/model.hpp"
#include "problems/chromatography/numeric.hpp"
#include "problems/chromatography/sensitivities.hpp"

namespace {

using namespace kroma;
using namespace kroma::chromatography;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Column linear(Column column) {
  column.binding.adsorption_rate = {3.55};
  column.binding.desorption_rate = {0.1};
  column.initial_adsorbed = {0};
  return column;
}

Column lumped() {
  Column c = linear(pulse_column(ColumnModel::lumped_rate));
  c.length = 1;
  c.phase_ratio = 0.4 / 0.6;
  c.flow.velocity = 1.0 / 30;
  c.dispersion = {1e-4};
  c.binding.adsorption_rate = c.binding.desorption_rate = {1};
  c.sections = {{0, 10, {1}, {0}}, {10, 100, {0}, {0}}};
  return c;
}

/// Largest difference of the outlet to that of `fine`, over all components.
void time_column(char const* name, Column const& column, Level const& level, Level const& fine, int repeats) {
  std::vector<double> times;
  for (int k = 1; k <= 500; ++k) times.push_back(column.end() * k / 500);
  auto const reference = solve_batch(MPI_COMM_SELF, {column}, fine, times).outlet;
  double best = 1e300, error = 0;
  BatchResult result;
  for (int k = 0; k < repeats; ++k) {
    double const start = now();
    result = solve_batch(MPI_COMM_SELF, {column}, level, times);
    best = std::min(best, now() - start);
  }
  for (std::size_t k = 0; k < reference.size(); ++k) {
    error = std::max(error, std::abs(reference[k] - result.outlet[k]));
  }
  auto const& r = level.resolution;
  fmt::print(
      "{:22s} {:3d} elements of degree {}, {:2d} points, {} stages, tolerance {:.0e}: {:.5f} s, error {:.1e}, {} "
      "steps\n",
      name, r.elements, r.degree, r.points, level.stages, level.tolerance, best, error, result.effort.steps);
}

void single_columns() {
  Level const fine{{48, 5, 1}, 5, 1e-10};
  time_column("B1 lumped", lumped(), {{16, 3, 1}, 3, 1e-5}, fine, 20);
  time_column("B1 lumped", lumped(), {{24, 5, 1}, 5, 1e-7}, fine, 20);
  auto const pores = linear(pulse_column(ColumnModel::lumped_rate_with_pores));
  time_column("B2 pores", pores, {{8, 3, 1}, 3, 1e-6}, fine, 20);
  auto const general = linear(pulse_column(ColumnModel::general_rate));
  Level const fine_general{{24, 5, 12}, 5, 1e-10};
  time_column("B3 general", general, {{8, 3, 6}, 3, 1e-6}, fine_general, 20);
  Level const fine_proteins{{32, 5, 1}, 5, 1e-8};
  time_column("B4 lumped, proteins", proteins(ColumnModel::lumped_rate), {{24, 5, 1}, 3, 1e-4}, {{96, 5, 1}, 5, 1e-7},
              3);
  time_column("B4 pores, proteins", proteins(ColumnModel::lumped_rate_with_pores), {{8, 3, 1}, 3, 1e-4}, fine_proteins,
              5);
  time_column("B4 pores, proteins", proteins(ColumnModel::lumped_rate_with_pores), {{8, 5, 1}, 3, 1e-5}, fine_proteins,
              5);
  time_column("B4 general, proteins", proteins(ColumnModel::general_rate), {{8, 3, 6}, 3, 1e-4}, {{16, 5, 12}, 5, 1e-7},
              3);
}

/// Bytes on the heap of what integrates one column.
double bytes_used(Column const& column, Level const& level) {
  auto const in_use = [] {
    auto const heap = mallinfo2();
    return static_cast<double>(heap.uordblks + heap.hblkhd);
  };
  Samples const samples{{column.end()}, {}, {}};
  double const before = in_use();
  Pass pass{column, level, samples};
  return in_use() - before;
}

/// Columns that differ in how strongly a protein binds.
void ensemble(std::size_t count) {
  std::vector<Column> columns;
  auto column = proteins(ColumnModel::general_rate);
  for (std::size_t k = 0; k < count; ++k) {
    column.binding.adsorption_rate[1] = 35.5 * (1 + 0.2 * std::sin(static_cast<double>(k)));
    columns.push_back(column);
  }
  Level const level{{8, 3, 6}, 3, 1e-4};
  int rank = 0, ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  MPI_Barrier(MPI_COMM_WORLD);
  double const start = now();
  solve_batch(MPI_COMM_WORLD, columns, level, {500, 1000, 1500});
  MPI_Barrier(MPI_COMM_WORLD);
  double const elapsed = now() - start;
  if (rank == 0) {
    fmt::print(
        "{} general rate columns with steric mass action on {} ranks: {:.2f} s, {:.2f} columns/s; {:.2f} MB predicted "
        "and {:.2f} MB measured for each thread's column\n",
        count, ranks, elapsed, static_cast<double>(count) / elapsed, bytes_per_column(column, level) / 1e6,
        bytes_used(column, level) / 1e6);
  }
}

Options options_of(std::string const& path, std::vector<std::string> const& changes) {
  auto deck = deck::Deck::from_file(path);
  for (auto const& change : changes) deck.set(change);
  deck::Mistakes mistakes;
  auto options = schema().read(*deck.root().find("chromatography"), "chromatography", mistakes);
  if (!mistakes.empty()) throw mistakes.error();
  return options;
}

Level level_of(std::string const& text) {
  Level level;
  auto& r = level.resolution;
  if (std::sscanf(text.c_str(), "%d,%d,%d,%d,%lf", &r.elements, &r.degree, &r.points, &level.stages,
                  &level.tolerance) != 5) {
    throw std::invalid_argument("a level is ELEMENTS,DEGREE,POINTS,STAGES,TOLERANCE");
  }
  return level;
}

/// One pass at a given resolution, for comparisons with other programs.
void one_pass(std::string const& deck, std::string const& level_text, double step, std::string const& file,
              std::vector<std::string> const& changes) {
  auto const column = make_column(options_of(deck, changes));
  auto const level = level_of(level_text);
  std::vector<double> times;
  for (int k = 0; k * step <= column.end(); ++k) times.push_back(k * step);
  double best = 1e300, total = 0;
  BatchResult result;
  for (int k = 0; k < 20 && total < 0.5; ++k) {
    double const start = now();
    result = solve_batch(MPI_COMM_SELF, {column}, level, times);
    double const seconds = now() - start;
    best = std::min(best, seconds);
    total += seconds;
  }
  if (!result.failures[0].empty()) throw std::runtime_error(result.failures[0]);
  std::ofstream out{file};
  for (std::size_t k = 0; k < result.outlet.size(); ++k) {
    out << fmt::format("{}{}", result.outlet[k], (k + 1) % column.count() == 0 ? '\n' : ' ');
  }
  auto const& e = result.effort;
  fmt::print("{} {} {} {} {}\n", best, e.steps, e.rejected, e.newton_iterations, e.factorisations);
}

/// Runs without and with derivatives by turns, the best of each in processor time.
void cost_of_sensitivities(std::string const& deck, std::vector<std::string> const& keys) {
  auto const options = options_of(deck, {});
  auto const column = make_column(options);
  DeckParameters const parameters{options, keys, "keys", false};
  auto const directions = directions_of(parameters, kTangentStep);
  auto seconds = [&](std::vector<Direction> const& chosen) {
    double const start = processor_seconds();
    NumericSolver solver{column, {column.end()}, {}, options.accuracy, {}, chosen};
    solver.run([] { return false; });
    return processor_seconds() - start;
  };
  double base = 1e300, all = 1e300;
  for (int k = 0; k < 10; ++k) {
    base = std::min(base, seconds({}));
    all = std::min(all, seconds(directions));
  }
  auto const count = static_cast<double>(parameters.all().size());
  fmt::print("{}: {:.4f} s, with derivatives by {} parameters {:.4f} s: {:.2f} base runs each\n", deck, base, count,
             all, (all / base - 1) / count);
}

/// The gradient of the sum of squares of the outlet at 500 times, in processor time, the best of some.
void cost_of_adjoint(std::string const& deck, std::string const& level_text, std::vector<std::string> const& keys) {
  auto const options = options_of(deck, {});
  auto const column = make_column(options);
  auto const level = level_of(level_text);
  DeckParameters const parameters{options, keys, "keys", false};
  auto const directions = directions_of(parameters, kTangentStep);
  std::vector<Direction> const one{directions[0]};
  Samples samples;
  for (int k = 1; k <= 500; ++k) samples.times.push_back(column.end() * k / 500);
  auto const best = [](auto const& work) {
    double seconds = 1e300;
    for (int k = 0; k < 5; ++k) {
      double const start = processor_seconds();
      work();
      seconds = std::min(seconds, processor_seconds() - start);
    }
    return seconds;
  };
  auto const seeds = [](std::vector<double> outlet) { return outlet; };
  double const base = best([&] { Pass{column, level, samples}.run([] { return false; }); });
  double const single = best([&] { solve_adjoint(column, level, samples.times, one, seeds); });
  double const all = best([&] { solve_adjoint(column, level, samples.times, directions, seeds); });
  double const forward = best([&] { Pass{column, level, samples, directions}.run([] { return false; }); });
  fmt::print("{}: {:.4f} s; gradient by 1 parameter {:.2f} base runs, by {} {:.2f}; forward {:.2f}\n", deck, base,
             single / base, directions.size(), all / base, forward / base);
}

}  // namespace

int main(int argc, char** argv) {
  kroma::Runtime const runtime{{}};
  std::vector<std::string> const words{argv + 1, argv + argc};
  if (words.size() >= 5 && words[0] == "pass") {
    one_pass(words[1], words[2], std::stod(words[3]), words[4], {words.begin() + 5, words.end()});
  } else if (words.size() >= 3 && words[0] == "sensitivities") {
    cost_of_sensitivities(words[1], {words.begin() + 2, words.end()});
  } else if (words.size() >= 4 && words[0] == "adjoint") {
    cost_of_adjoint(words[1], words[2], {words.begin() + 3, words.end()});
  } else if (argc > 1) {
    ensemble(std::strtoul(argv[1], nullptr, 10));
  } else {
    single_columns();
  }
}
