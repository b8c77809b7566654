#include "problems/gp_pde/solve_interior.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/mat_shell.hpp"
#include "linalg/petsc_view.hpp"
#include "solve/linear_solver.hpp"

namespace kroma::gp_pde {
namespace {

/// The scaled system as PETSc sees it, with its two vectors: the normal operator on the core for conjugate gradients,
/// or the operator from the core to the grid for LSQR.
class InnerSolver {
 public:
  InnerSolver(Space const& space, Collocation& system)
      : system_{system},
        space_{space},
        core_{system.core().local()},
        nodes_{system.nodes().local()},
        shell_{make_shell()},
        right_side_{shell_->row_vector()},
        solution_{shell_->vector()},
        solver_{shell_->mat(), "gp_pde_", system.has_normal_operator() ? KSPCG : KSPLSQR} {}

  /// The correction of the coefficients for a residual on the grid, added to `coefficients`.
  solve::LinearReport correct(ConstTensor residual, solve::LinearTolerances const& tolerances, Tensor coefficients) {
    {
      linalg::BorrowedView<double> const b{right_side_};
      if (system_.has_normal_operator()) {
        system_.apply_scaled_adjoint(space_, residual, b.tensor(core_));
      } else {
        Kokkos::deep_copy(space_, b.tensor(nodes_), residual);
      }
      space_.fence();
    }
    auto report = solver_.solve(right_side_, solution_, tolerances);
    scale_ = 1.0;
    add_correction(1.0, coefficients);
    return report;
  }

  /// coefficients += factor times the last correction.
  void add_correction(double factor, Tensor coefficients) {
    petsc_ok(VecScale(solution_, factor / scale_));
    scale_ = factor;
    linalg::BorrowedView<double const> const x{solution_};
    system_.add_core(space_, x.tensor(core_), coefficients);
    space_.fence();
  }

 private:
  using Apply = void (Collocation::*)(Space const&, ConstTensor, Tensor);

  linalg::MatShell::Product product(Apply apply, grid::Extents from, grid::Extents to) {
    return [this, apply, from, to](Vec x, Vec y) {
      linalg::BorrowedView<double const> const input{x};
      linalg::BorrowedView<double> const output{y};
      (system_.*apply)(space_, input.tensor(from), output.tensor(to));
      space_.fence();
    };
  }

  std::unique_ptr<linalg::MatShell> make_shell() {
    auto const comm = system_.core().comm();
    auto const columns = static_cast<PetscInt>(system_.core().local_size());
    if (system_.has_normal_operator()) {
      return std::make_unique<linalg::MatShell>(comm, columns, true,
                                                product(&Collocation::apply_scaled_normal, core_, core_));
    }
    return std::make_unique<linalg::MatShell>(comm, static_cast<PetscInt>(system_.nodes().local_size()), columns,
                                              product(&Collocation::apply_scaled, core_, nodes_),
                                              product(&Collocation::apply_scaled_adjoint, nodes_, core_));
  }

  Collocation& system_;
  Space space_;
  grid::Extents core_, nodes_;
  std::unique_ptr<linalg::MatShell> shell_;
  Handle<Vec> right_side_, solution_;
  solve::LinearSolver solver_;
  double scale_ = 1;  // what the correction in solution_ has been multiplied by
};

/// One solve: what its passes share.
class InteriorSolve {
 public:
  InteriorSolve(Space const& space, Collocation& system, ConstTensor source, SolverTolerances const& tolerances,
                AfterPass const& after_pass, Tensor coefficients)
      : space_{space},
        system_{system},
        source_{source},
        tolerances_{tolerances},
        after_pass_{after_pass},
        coefficients_{coefficients},
        residual_{linalg::make_tensor("gp_pde::residual", system.nodes())},
        inner_{space, system} {
    // The lift may have absorbed the whole source, so the right-hand side itself is no measure of size.
    system_.apply_operator(space_, coefficients_, residual_);
    size_ = norm_of(residual_) + norm_of(source_);
  }

  SolveReport run(int first_pass) {
    if (size_ == 0.0 && system_.nonlinearity() == nullptr) {
      report_.converged = true;
      report_.reason = "zero source and boundary data";
      return report_;
    }
    if (system_.nonlinearity() != nullptr) {
      gauss_newton(first_pass);
    } else {
      refine(first_pass);
    }
    report_.grid_residual = size_ > 0 ? norm_of(residual_) / size_ : 0.0;
    return report_;
  }

 private:
  double norm_of(ConstTensor x) const { return norm(space_, system_.core().comm(), x); }

  /// residual = source - L u - N(u); its norm.
  double form_residual(bool with_nonlinearity = true) {
    system_.apply_operator(space_, coefficients_, residual_);
    if (with_nonlinearity && system_.nonlinearity() != nullptr) {
      system_.nonlinearity()->add_values(space_, coefficients_, residual_);
    }
    subtract_from(space_, source_, residual_);
    return norm_of(residual_);
  }

  /// Solves for a correction and adds it; whether that converged.
  bool correct(double relative) {
    auto const monitor = [this](int iteration) {
      if (tolerances_.monitor) tolerances_.monitor(report_.passes + 1, iteration);
    };
    auto const linear = inner_.correct(
        residual_, {relative, tolerances_.absolute * size_, tolerances_.max_iterations, monitor}, coefficients_);
    report_.iterations += linear.iterations;
    report_.converged = linear.converged;
    report_.reason = linear.reason;
    ++report_.passes;
    for (double value : linear.history) report_.history.push_back(size_ > 0 ? value / size_ : value);
    return linear.converged;
  }

  void refine(int first_pass) {
    form_residual();
    for (int pass = first_pass; pass <= tolerances_.refinements; ++pass) {
      bool const converged = correct(tolerances_.relative);
      form_residual();
      if (!converged || (pass < tolerances_.refinements && after_pass_(pass + 1, report_.iterations))) break;
    }
  }

  void gauss_newton(int first_pass) {
    if (first_pass == 0) {
      system_.nonlinearity()->clear(space_);
      form_residual(false);
      correct(kInnerTolerance);
      if (after_pass_(1, report_.iterations)) return;
    }
    double before = form_residual();
    for (int pass = std::max(1, first_pass); pass <= tolerances_.newton_steps; ++pass) {
      system_.nonlinearity()->linearise(space_, coefficients_);
      auto const earlier = linalg::make_tensor("gp_pde::earlier", system_.coefficients());
      Kokkos::deep_copy(space_, earlier, coefficients_);
      if (!correct(kInnerTolerance)) return;
      double after = form_residual();
      subtract_from(space_, coefficients_, earlier);
      // Quadratic convergence: what a step this small leaves is rounding.
      if (norm_of(earlier) <= kStill * norm_of(coefficients_)) return;
      if (!search_line(before, after)) {
        report_.converged = false;
        report_.reason = fmt::format("no step of Gauss-Newton makes the residual smaller than {:.1e}", before / size_);
        return;
      }
      before = after;
      if (after_pass_(pass + 1, report_.iterations)) return;
    }
    report_.converged = false;
    report_.reason = fmt::format("{} steps of Gauss-Newton", tolerances_.newton_steps);
  }

  /// Takes back halves of the correction that is in `coefficients` until the norm of the residual, `after`, is below
  /// `before`; whether it comes to that.
  bool search_line(double before, double& after) {
    double fraction = 1.0;
    while (!(after <= (1 - 1e-4 * fraction) * before)) {  // Armijo's condition; also backs away from NaN
      if (fraction < kShortest) return false;
      fraction *= 0.5;
      inner_.add_correction(-fraction, coefficients_);
      after = form_residual();
    }
    return true;
  }

  static constexpr double kInnerTolerance = 1e-6;  // of LSQR: a step gains no more digits than that
  static constexpr double kStill = 1e-7;
  static constexpr double kShortest = 1e-3;

  Space space_;
  Collocation& system_;
  ConstTensor source_;
  SolverTolerances const& tolerances_;
  AfterPass const& after_pass_;
  Tensor coefficients_, residual_;
  InnerSolver inner_;
  double size_ = 0;
  SolveReport report_;
};

}  // namespace

SolverTolerances suited(Collocation const& system, SolverTolerances tolerances) {
  if (!system.is_single()) return tolerances;
  tolerances.relative = std::max(tolerances.relative, 1e-6);
  tolerances.refinements += 1;
  return tolerances;
}

SolveReport solve_interior(Space const& space, Collocation& system, ConstTensor source,
                           SolverTolerances const& tolerances, int first_pass, AfterPass const& after_pass,
                           Tensor coefficients) {
  return InteriorSolve{space, system, source, tolerances, after_pass, coefficients}.run(first_pass);
}

}  // namespace kroma::gp_pde
