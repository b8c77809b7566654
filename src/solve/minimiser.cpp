#include "solve/minimiser.hpp"

#include <algorithm>
#include <cmath>
#include <exception>

#include <fmt/format.h>
#include <petsctao.h>

#include "core/error.hpp"
#include "core/petsc.hpp"

namespace kroma::solve {
namespace {

/// What TAO's C callbacks need; an exception waits here until TAO has returned.
struct Callback {
  Objective const& objective;
  MinimiserReport& report;
  std::exception_ptr thrown{};
};

PetscErrorCode evaluate(Tao /*tao*/, Vec x, PetscReal* value, Vec gradient, void* context) {
  auto& callback = *static_cast<Callback*>(context);
  PetscInt size = 0;
  PetscScalar const* from = nullptr;
  PetscScalar* to = nullptr;
  PetscCall(VecGetSize(x, &size));
  PetscCall(VecGetArrayRead(x, &from));
  PetscCall(VecGetArrayWrite(gradient, &to));
  auto const n = static_cast<std::size_t>(size);
  try {
    ++callback.report.evaluations;
    *value = callback.objective({from, n}, {to, n});
  } catch (...) {
    callback.thrown = std::current_exception();
  }
  PetscCall(VecRestoreArrayWrite(gradient, &to));
  PetscCall(VecRestoreArrayRead(x, &from));
  return callback.thrown ? PETSC_ERR_USER : PetscErrorCode{};
}

PetscErrorCode record(Tao tao, void* context) {
  PetscReal value = 0;
  PetscCall(TaoGetSolutionStatus(tao, nullptr, &value, nullptr, nullptr, nullptr, nullptr));
  static_cast<Callback*>(context)->report.history.push_back(value);
  return PetscErrorCode{};
}

/// A vector on this rank with these entries, or with `missing` everywhere where there are none.
Handle<Vec> vector_of(std::vector<double> const& values, std::size_t size, double missing) {
  require(values.empty() || values.size() == size, "bounds have the size of x");
  Handle<Vec> vec;
  petsc_ok(VecCreateSeq(PETSC_COMM_SELF, static_cast<PetscInt>(size), vec.put()));
  petsc_ok(VecSet(vec, missing));
  if (values.empty()) return vec;
  PetscScalar* to = nullptr;
  petsc_ok(VecGetArrayWrite(vec, &to));
  std::copy(values.begin(), values.end(), to);
  petsc_ok(VecRestoreArrayWrite(vec, &to));
  return vec;
}

std::vector<double> values_of(Vec vec, std::size_t size) {
  PetscScalar const* from = nullptr;
  petsc_ok(VecGetArrayRead(vec, &from));
  std::vector<double> values(from, from + size);
  petsc_ok(VecRestoreArrayRead(vec, &from));
  return values;
}

void set_up(Tao tao, std::string const& prefix, MinimiserTolerances const& tolerances) {
  petsc_ok(TaoSetOptionsPrefix(tao, prefix.c_str()));
  petsc_ok(TaoSetType(tao, TAOBLMVM));
  petsc_ok(TaoSetTolerances(tao, tolerances.absolute, tolerances.relative, tolerances.reduction));
  petsc_ok(TaoSetMaximumIterations(tao, tolerances.max_iterations));
  petsc_ok(TaoSetMaximumFunctionEvaluations(tao, tolerances.max_evaluations));
  if (TaoSetFromOptions(tao) != PetscErrorCode{}) {
    throw bad_input(fmt::format("PETSc does not take one of the options under -{}tao", prefix),
                    "Look for a wrong name or value in solver.petsc, or behind -- on the command line.");
  }
}

void take_report(Tao tao, MinimiserReport& report) {
  TaoConvergedReason reason{};
  PetscInt iterations = 0;
  petsc_ok(TaoGetSolutionStatus(tao, &iterations, &report.value, nullptr, nullptr, nullptr, &reason));
  report.iterations = static_cast<int>(iterations);
  report.converged = reason > 0;
  report.reason = TaoConvergedReasons[reason];
}

}  // namespace

MinimiserReport minimise(std::string const& prefix, Objective const& objective, Box const& box,
                         MinimiserTolerances const& tolerances, std::vector<double>& x) {
  MinimiserReport report;
  std::vector<double> gradient(x.size());
  if (!std::isfinite(objective(x, gradient))) {
    throw solver_failed("the function to be minimised is not finite where the search starts",
                        "Look for NaN or extreme values in the data and the starting values.");
  }
  Callback callback{objective, report};
  auto const lower = vector_of(box.lower, x.size(), PETSC_NINFINITY);
  auto const upper = vector_of(box.upper, x.size(), PETSC_INFINITY);
  auto const point = vector_of(x, x.size(), 0.0);
  Handle<Tao> tao;
  petsc_ok(TaoCreate(PETSC_COMM_SELF, tao.put()));
  set_up(tao, prefix, tolerances);
  petsc_ok(TaoSetSolution(tao, point));
  petsc_ok(TaoSetVariableBounds(tao, lower, upper));
  petsc_ok(TaoSetObjectiveAndGradient(tao, nullptr, evaluate, &callback));
  petsc_ok(TaoSetMonitor(tao, record, &callback, nullptr));
  auto const code = TaoSolve(tao);
  if (callback.thrown) std::rethrow_exception(callback.thrown);
  petsc_ok(code);
  take_report(tao, report);
  x = values_of(point, x.size());
  return report;
}

}  // namespace kroma::solve
