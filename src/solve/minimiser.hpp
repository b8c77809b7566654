#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace kroma::solve {

/// Value of a smooth function at x; fills `gradient`, which has the size of x. What it throws ends the minimisation and
/// reaches the caller of `minimise`.
using Objective = std::function<double(std::span<double const> x, std::span<double> gradient)>;

/// A box; both lists have the size of x, or are empty where nothing is bounded.
struct Box {
  std::vector<double> lower, upper;
};

struct MinimiserTolerances {
  double absolute = 1e-8;  // norm of the projected gradient
  double relative = 1e-8;  // the same relative to the value
  double reduction = 0;    // the same relative to its first value
  int max_iterations = 200;
  int max_evaluations = 2000;
};

/// How a minimisation ended.
struct MinimiserReport {
  int iterations = 0, evaluations = 0;
  bool converged = false;
  std::string reason;  // PETSc's word for it, e.g. "CONVERGED_GRTOL"
  double value = 0;
  std::vector<double> history;  // value after each iteration, the first at the start
};

/// Minimises in a box from x, which it replaces, by TAO's bounded limited-memory quasi-Newton method (BLMVM, Benson and
/// More 2001); `-PREFIXtao_type bqnls` and other options under `prefix` change that. Does not throw when it fails to
/// converge: x is then the best point found, and the report says why. Throws bad_input where PETSc refuses an option,
/// solver_failed where the value at the start is not finite. Not collective: every rank that calls minimises alone;
/// let one do it and broadcast where ranks must agree to the bit.
MinimiserReport minimise(std::string const& prefix, Objective const& objective, Box const& box,
                         MinimiserTolerances const& tolerances, std::vector<double>& x);

}  // namespace kroma::solve
