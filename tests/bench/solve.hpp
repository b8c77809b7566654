#pragma once

#include <ctime>
#include <string>
#include <vector>

#include <mpi.h>

#include "bench/message_model.hpp"
#include "deck/function.hpp"
#include "linalg/kronecker.hpp"
#include "problems/gp_pde/collocation.hpp"
#include "problems/gp_pde/solve_interior.hpp"
#include "problems/gp_pde/verification.hpp"
#include "support/gp_pde.hpp"

namespace kroma::bench {

/// One call on all ranks, from barrier to barrier. Collective.
inline Seconds timed(MPI_Comm comm, std::function<void()> const& call) {
  MPI_Barrier(comm);
  double const wall = MPI_Wtime();
  auto const processor = std::clock();
  call();
  MPI_Barrier(comm);
  return {MPI_Wtime() - wall, static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC};
}

struct Solved {
  int functions = 0, iterations = 0;
  Seconds source, bases, solve;  // the source's values at the nodes; set-up of the axes; from the lift to the residual
  double error = 0;              // relative, in L2, off the grid
  linalg::Work work;             // of this rank in `solve`
};

/// Poisson's equation with an oblique wave in the unit cube. Collective.
inline Solved solve_poisson(MPI_Comm comm, int nodes, gp_pde::CorePrecision precision) {
  std::vector<grid::Axis> axes;
  std::vector<gp_pde::Features> features;
  std::vector<gp_pde::Truncation> truncation;
  gp_pde::PointSet points;
  for (int d = 0; d < 3; ++d) {
    axes.push_back(grid::make_axis(std::string(1, "xyz"[d]), grid::Nodes::gauss_legendre, nodes, 0.0, 1.0));
    features.push_back(gp_pde::band_features({{0.0, 0.25 * nodes}}, 1.0));  // about 0.6 functions per node
    truncation.push_back({1e-12, 3 * nodes / 4});
    points.push_back(axes.back().nodes);
  }
  std::string const exact = "sin(12*x + 9*y)*cos(15*z) + exp(-x*y)";
  auto const source = test::function("-(12^2 + 9^2 + 15^2)*sin(12*x + 9*y)*cos(15*z) + (x^2 + y^2)*exp(-x*y)");
  Solved solved;
  Tensor f, coefficients;
  solved.source = timed(comm, [&] { f = gp_pde::sample(source, "source", points, comm); });
  std::vector<gp_pde::AxisBasis> bases;
  std::unique_ptr<gp_pde::Collocation> system;
  solved.bases = timed(comm, [&] {
    bases = gp_pde::make_bases(comm, axes, features, truncation);
    system = std::make_unique<gp_pde::Collocation>(comm, test::elliptic({1.0, 1.0, 1.0}), bases,
                                                   gp_pde::PreconditionerKind::tau, precision);
  });
  gp_pde::weigh(axes, system->nodes(), f);
  solved.solve = timed(comm, [&] {
    coefficients = gp_pde::lift(bases, test::same_on_all_faces(exact, 3), system->coefficients());
    auto const tolerances = gp_pde::suited(*system, {});
    auto const report = gp_pde::solve_interior(
        Space{}, *system, f, tolerances, 0, [](int, int) { return false; }, coefficients);
    solved.iterations = report.iterations;
  });
  solved.functions = bases.front().size();
  solved.work = system->work();
  solved.error = gp_pde::measure_error(comm, bases, test::function(exact), coefficients).relative_l2;
  return solved;
}

}  // namespace kroma::bench
