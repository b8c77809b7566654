// How fast are columns? Not part of ctest.
//   build/release/bin/bench_columns                    seconds of the columns of the public verification set
//   mpirun -n N build/release/bin/bench_columns 1000   columns per second of an ensemble of general rate columns
#include "unit/chromatography/columns.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "core/runtime.hpp"
#include "problems/chromatography/batch.hpp"

namespace {

using namespace kroma;
using namespace kroma::chromatography;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

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

Column proteins(ColumnModel model) {
  auto c = protein_column(model);
  c.initial_adsorbed.assign(4, 0.0);
  c.binding.law = Law::steric_mass_action;
  c.binding.adsorption_rate = {0, 35.5, 1.59, 7.7};
  c.binding.desorption_rate.assign(4, 1000.0);
  c.binding.charge = {0, 4.7, 5.29, 3.7};
  c.binding.shielding = {0, 11.83, 10.6, 10.0};
  c.binding.ionic_capacity = 1200;
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
        "{} general rate columns with steric mass action on {} ranks: {:.2f} s, {:.1f} columns/s, {:.2f} MB for each "
        "thread's column\n",
        count, ranks, elapsed, static_cast<double>(count) / elapsed, bytes_per_column(column, level) / 1e6);
  }
}

}  // namespace

int main(int argc, char** argv) {
  kroma::Runtime const runtime{{}};
  if (argc > 1) {
    ensemble(std::strtoul(argv[1], nullptr, 10));
  } else {
    single_columns();
  }
}
