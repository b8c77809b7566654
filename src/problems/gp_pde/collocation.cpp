#include "problems/gp_pde/collocation.hpp"

#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "linalg/mat_shell.hpp"
#include "linalg/petsc_view.hpp"

namespace kroma::gp_pde {
namespace {

using linalg::KroneckerSum;
using linalg::KroneckerTerm;
using linalg::to_device;

/// Extents of a product of axes, 1 where there is no axis.
template <class Size>
grid::Extents extents(std::vector<AxisBasis> const& bases, Size size) {
  grid::Extents n{1, 1, 1};
  for (std::size_t d = 0; d < bases.size(); ++d) n[d] = size(bases[d]);
  return n;
}

/// Per axis one device matrix; the identity where there is no axis.
template <class Choose>
std::array<Matrix, 3> factors(std::vector<AxisBasis> const& bases, Choose choose) {
  std::array<Matrix, 3> result;
  for (std::size_t d = 0; d < bases.size(); ++d) result[d] = to_device(choose(bases[d]));
  return result;
}

/// The values of one axis [begin, begin + count), times a factor; {0} where there is no axis.
Vector stiffness(std::vector<AxisBasis> const& bases, std::size_t axis, double factor, int begin, int count) {
  Vector device{"gp_pde::stiffness", static_cast<std::size_t>(count)};
  auto const host = Kokkos::create_mirror_view(device);
  for (int i = 0; i < count; ++i) {
    host(i) = axis < bases.size() ? factor * bases[axis].stiffness[static_cast<std::size_t>(begin + i)] : 0.0;
  }
  Kokkos::deep_copy(device, host);
  return device;
}

/// Off-diagonal part of A^T A: for two second derivatives Z2_k (x) Z_l and Z_k (x) Z2_l, with S = Z^T Z2 = H + K,
/// S_k^T S_l + S_k S_l^T = 2 (H_k H_l - K_k K_l); for a second derivative and the reaction, S + S^T = 2 H.
std::vector<KroneckerTerm> coupling_terms(Equation const& equation, std::vector<AxisBasis> const& bases) {
  auto const h = factors(bases, [](AxisBasis const& b) { return b.symmetric; });
  auto const k = factors(bases, [](AxisBasis const& b) { return b.antisymmetric; });
  std::vector<KroneckerTerm> terms;
  for (std::size_t d = 0; d < bases.size(); ++d) {
    double const a = equation.diffusion(static_cast<int>(d));
    for (std::size_t e = d + 1; e < bases.size(); ++e) {
      double const both = 2 * a * equation.diffusion(static_cast<int>(e));
      KroneckerTerm symmetric{both, {}}, antisymmetric{-both, {}};
      symmetric.factors[d] = h[d];
      symmetric.factors[e] = h[e];
      antisymmetric.factors[d] = k[d];
      antisymmetric.factors[e] = k[e];
      terms.push_back(symmetric);
      terms.push_back(antisymmetric);
    }
    if (equation.reaction() != 0.0) {
      KroneckerTerm screened{2 * a * equation.reaction(), {}};
      screened.factors[d] = h[d];
      terms.push_back(screened);
    }
  }
  return terms;
}

}  // namespace

Collocation::Collocation(MPI_Comm comm, Equation const& equation, std::vector<AxisBasis> const& bases) {
  auto const r = extents(bases, [](AxisBasis const& b) { return b.size(); });
  auto const n = extents(bases, [](AxisBasis const& b) { return b.axis.size(); });
  auto const m = extents(bases, [](AxisBasis const& b) { return b.interior_size(); });

  auto const q = factors(bases, [](AxisBasis const& b) { return b.values; });
  auto const e = factors(bases, [](AxisBasis const& b) { return b.second; });
  operator_ = std::make_unique<KroneckerSum>(
      comm, r, n, kronecker_terms(equation.terms, [&](int axis, int order) { return order == 2 ? e[axis] : q[axis]; }));

  auto const z = factors(bases, [](AxisBasis const& b) { return linalg::transposed(b.interior_values); });
  auto const z2 = factors(bases, [](AxisBasis const& b) { return linalg::transposed(b.interior_second); });
  adjoint_ = std::make_unique<KroneckerSum>(comm, n, m, kronecker_terms(equation.terms, [&](int axis, int order) {
                                              return order == 2 ? z2[axis] : z[axis];
                                            }));

  coupling_ = std::make_unique<KroneckerSum>(comm, m, m, coupling_terms(equation, bases));
  expand_ = std::make_unique<KroneckerSum>(
      comm, m, r, std::vector<KroneckerTerm>{{1.0, factors(bases, [](AxisBasis const& b) { return b.interior; })}});

  auto const square = [&](int axis) { return equation.diffusion(axis) * equation.diffusion(axis); };
  diagonal_ = {stiffness(bases, 0, square(0), core().begin(0), core().count(0)),
               stiffness(bases, 1, square(1), core().begin(1), core().count(1)),
               stiffness(bases, 2, square(2), 0, m[2]), equation.reaction() * equation.reaction()};
  core_work_ = linalg::make_tensor("gp_pde::core_work", core());
  coupled_ = linalg::make_tensor("gp_pde::coupled", core());
  coefficient_work_ = linalg::make_tensor("gp_pde::coefficient_work", coefficients());
}

void Collocation::apply_operator(Space const& space, ConstTensor coefficients, Tensor grid) {
  operator_->apply(space, coefficients, grid);
}

void Collocation::apply_scaled_adjoint(Space const& space, ConstTensor grid, Tensor core) {
  adjoint_->apply(space, grid, core_work_);
  divide_by_root(space, diagonal_, core_work_, core);
}

void Collocation::apply_scaled_normal(Space const& space, ConstTensor x, Tensor y) {
  divide_by_root(space, diagonal_, x, core_work_);
  coupling_->apply(space, core_work_, coupled_);
  finish_normal_product(space, diagonal_, coupled_, core_work_, y);
}

void Collocation::add_core(Space const& space, ConstTensor x, Tensor coefficients) {
  divide_by_root(space, diagonal_, x, core_work_);
  expand_->apply(space, core_work_, coefficient_work_);
  add(space, 1.0, coefficient_work_, coefficients);
}

double norm(Space const& space, MPI_Comm comm, ConstTensor x) {
  double mine = sum_of_squares(space, x), all = 0;
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, comm);
  return std::sqrt(all);
}

namespace {

/// The core system as PETSc sees it, with its two vectors.
class CoreSolver {
 public:
  CoreSolver(Space const& space, Collocation& system)
      : local_{system.core().local()},
        shell_{system.core().comm(), static_cast<PetscInt>(system.core().local_size()), true,
               [this, &space, &system](Vec x, Vec y) {
                 linalg::BorrowedView<double const> const from{x};
                 linalg::BorrowedView<double> const to{y};
                 system.apply_scaled_normal(space, from.tensor(local_), to.tensor(local_));
                 space.fence();
               }},
        right_side_{shell_.vector()},
        solution_{shell_.vector()},
        solver_{shell_.mat(), "gp_pde_", KSPCG} {}

  /// One pass: the correction of the coefficients for a residual on the grid.
  solve::LinearReport correct(Space const& space, Collocation& system, ConstTensor residual,
                              solve::LinearTolerances const& tolerances, Tensor coefficients) {
    {
      linalg::BorrowedView<double> const b{right_side_};
      system.apply_scaled_adjoint(space, residual, b.tensor(local_));
      space.fence();
    }
    auto report = solver_.solve(right_side_, solution_, tolerances);
    linalg::BorrowedView<double const> const x{solution_};
    system.add_core(space, x.tensor(local_), coefficients);
    space.fence();
    return report;
  }

 private:
  grid::Extents local_;
  linalg::MatShell shell_;
  Handle<Vec> right_side_, solution_;
  solve::LinearSolver solver_;
};

}  // namespace

SolveReport solve_interior(Space const& space, Collocation& system, ConstTensor source,
                           SolverTolerances const& tolerances, int first_pass, AfterPass const& after_pass,
                           Tensor coefficients) {
  auto const comm = system.core().comm();
  auto residual = linalg::make_tensor("gp_pde::residual", system.nodes());
  auto form_residual = [&] {  // residual = source - L u; returns ||L u||
    system.apply_operator(space, coefficients, residual);
    double const applied = norm(space, comm, residual);
    subtract_from(space, source, residual);
    return applied;
  };
  CoreSolver core{space, system};
  SolveReport report;
  // The lift may have absorbed the whole source, so the right-hand side itself is no measure of size.
  double const size = norm(space, comm, source) + form_residual();
  if (size == 0.0) {
    report.converged = true;
    report.reason = "zero source and boundary data";
    return report;
  }
  for (int pass = first_pass; pass <= tolerances.refinements; ++pass) {
    auto const linear =
        core.correct(space, system, residual,
                     {tolerances.relative, tolerances.absolute * size, tolerances.max_iterations}, coefficients);
    report.iterations += linear.iterations;
    report.converged = linear.converged;
    report.reason = linear.reason;
    for (double value : linear.history) report.history.push_back(value / size);
    form_residual();
    if (!linear.converged || (pass < tolerances.refinements && after_pass(pass + 1, report.iterations))) break;
  }
  report.grid_residual = norm(space, comm, residual) / size;
  return report;
}

}  // namespace kroma::gp_pde
