#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "problems/gp_pde/solve_interior.hpp"
#include "problems/gp_pde/verification.hpp"
#include "support/gp_pde.hpp"
#include "support/tensors.hpp"

namespace {

using namespace kroma::gp_pde;
using kroma::Space;
using kroma::Tensor;

Space space() { return {}; }  // not a static: a device's must end before Kokkos does

double dot(Tensor a, Tensor b) {
  auto const ha = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, a);
  auto const hb = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, b);
  double mine = 0, all = 0;
  for (std::size_t i = 0; i < ha.size(); ++i) mine += ha.data()[i] * hb.data()[i];
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  return all;
}

std::vector<double> const& second_derivatives(std::size_t axes) {
  static std::vector<std::vector<double>> const all{{1.0}, {1.0, 0.7}, {1.0, 0.7, 1.9}};
  return all[axes - 1];
}

class CollocationIn : public testing::TestWithParam<int> {
 protected:
  std::size_t axes() const { return static_cast<std::size_t>(GetParam()); }
};

// Verifies: the core operator, built from per-axis products, is the normal operator of the grid operator:
// <N x, x> = ||A D^-1/2 x||^2; and the adjoint is the adjoint, <A u, g> = <u, A^T g>. With and without reaction.
TEST_P(CollocationIn, CoreIsTheNormalOperatorOfTheGrid) {
  auto const bases = kroma::test::small_bases(axes());
  for (double const reaction : {0.0, -50.0}) {
    Collocation system{MPI_COMM_WORLD, kroma::test::elliptic(second_derivatives(axes()), reaction), bases};
    auto const x = kroma::test::numbered_tensor(system.core());
    auto const nx = kroma::linalg::make_tensor("nx", system.core());
    system.apply_scaled_normal(space(), x, nx);
    auto const coefficients = kroma::linalg::make_tensor("c", system.coefficients());
    auto const grid = kroma::linalg::make_tensor("g", system.nodes());
    system.add_core(space(), x, coefficients);
    system.apply_operator(space(), coefficients, grid);
    space().fence();
    double const through_grid = dot(grid, grid);
    EXPECT_NEAR(dot(nx, x) / through_grid, 1.0, 1e-11) << "reaction " << reaction;

    auto const g = kroma::test::numbered_tensor(system.nodes());
    auto const adjoint = kroma::linalg::make_tensor("a", system.core());
    system.apply_scaled_adjoint(space(), g, adjoint);
    space().fence();
    EXPECT_NEAR(dot(adjoint, x), dot(grid, g), 1e-11 * std::sqrt(dot(grid, grid) * dot(g, g)));
  }
}

// Verifies: a function inside the bases comes back to rounding from its source and boundary data, off the grid, for
// Poisson's and the reaction equation in one to three dimensions.
TEST_P(CollocationIn, RecoversASmoothSolution) {
  std::vector<std::string> const exact{"sin(9*x+0.3)", "sin(5*x+4*y)+0.2*cos(7*y)", "sin(5*x+4*y)*cos(6*z)+x*z"};
  auto const u = kroma::test::function(exact[axes() - 1]);
  auto const bases = kroma::test::small_bases(axes());
  for (double const reaction : {0.0, -50.0}) {
    auto const equation = kroma::test::elliptic(second_derivatives(axes()), reaction);
    std::string text;
    for (auto const& term : equation.terms) {
      text += "+(" + std::to_string(term.coefficient) + ")*(" +
              u.derivative({term.orders.begin(), term.orders.end()}).text() + ")";
    }
    auto const source = kroma::test::function("0" + text);
    auto const boundary = kroma::test::same_on_all_faces(exact[axes() - 1], axes());
    Collocation system{MPI_COMM_WORLD, equation, bases};
    auto const f = sample(source, "source", kroma::test::nodes_of(bases), MPI_COMM_WORLD);
    std::vector<kroma::grid::Axis> grid_axes;
    for (auto const& basis : bases) grid_axes.push_back(basis.axis);
    weigh(grid_axes, system.nodes(), f);
    auto const coefficients = lift(bases, boundary, system.coefficients());
    auto const report = solve_interior(
        space(), system, f, {}, 0, [](int, int) { return false; }, coefficients);
    EXPECT_TRUE(report.converged);
    EXPECT_LT(report.grid_residual, 1e-10);
    EXPECT_LT(measure_error(MPI_COMM_WORLD, bases, u, coefficients).relative_l2, 1e-10) << exact[axes() - 1];
    EXPECT_LT(check_off_grid(MPI_COMM_WORLD, bases, equation, source, boundary, coefficients).worst(), 1e-9);
  }
}

INSTANTIATE_TEST_SUITE_P(Dimensions, CollocationIn, testing::Values(1, 2, 3));

}  // namespace
