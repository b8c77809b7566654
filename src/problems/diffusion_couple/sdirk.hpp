#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/checkpoints.hpp"
#include "problems/diffusion_couple/options.hpp"

namespace kroma::diffusion_couple {

/// Singly diagonally implicit Runge-Kutta schemes, L-stable and stiffly accurate, with an embedded error estimate.
struct Tableau {
  int stages, order;               // order of the scheme; the estimate is of one less
  double diagonal;                 // gamma, the same in every stage
  double a[3][3], c[3], error[3];  // error: weights of the scheme minus those of the embedded one
};

/// sdirk2, sdirk3: Alexander 1977.
Tableau const& tableau(Scheme scheme);

/// Chooses steps so that the estimated error of each stays at `tolerance`. The whole state is in its members.
struct StepControl {
  double tolerance;
  int order;  // of the estimate
  double next = 0;
  std::int64_t accepted = 0, rejected = 0;
  bool failed_before = false;

  /// Takes the estimate of a step of size dt (infinite: the stages did not converge). Returns whether to keep it.
  bool judge(double dt, double error) {
    bool const keep = error <= tolerance;
    double factor = std::isfinite(error) && error > 0 ? 0.9 * std::pow(tolerance / error, 1.0 / (order + 1)) : 2.5;
    if (!std::isfinite(error)) factor = 0.25;
    factor = std::clamp(factor, 0.2, keep && !failed_before ? 2.5 : 1.0);
    next = dt * factor;
    failed_before = !keep;
    ++(keep ? accepted : rejected);
    return keep;
  }
  /// Collective.
  void save(io::Checkpoint& to) const;
  void load(io::Checkpoint const& from);
};

/// One step of size dt from y at time t, into `result`.
///
/// System has a type State with operations
///   axpy(State& y, double a, State const& x)      y += a x
///   assign(State& y, State const& x), norm(x)     copy; largest modulus (collective where states are distributed)
/// and a member bool solve_stage(double t, double a, State const& r, State& y), which finds y = r + a f(t, y) from the
/// y it is given, or says false. `slopes` are work space for the stages' f; they are left there. Returns the error
/// estimate; infinity if a stage failed.
template <class System, class State>
double sdirk_step(System& system, Tableau const& scheme, double t, double dt, State const& y, State& result,
                  State& known, std::vector<State>& slopes) {
  for (int i = 0; i < scheme.stages; ++i) {
    system.assign(known, y);
    for (int j = 0; j < i; ++j) system.axpy(known, dt * scheme.a[i][j], slopes[static_cast<std::size_t>(j)]);
    double const own = dt * scheme.diagonal;
    // The first guess: no change, then the slope of the stage before.
    system.assign(result, i == 0 ? y : known);
    if (i > 0) system.axpy(result, own, slopes[static_cast<std::size_t>(i) - 1]);
    if (!system.solve_stage(t + scheme.c[i] * dt, own, known, result)) return std::numeric_limits<double>::infinity();
    auto& slope = slopes[static_cast<std::size_t>(i)];
    system.assign(slope, result);
    system.axpy(slope, -1.0, known);
    system.scale(slope, 1 / own);
  }
  system.assign(known, slopes[0]);
  system.scale(known, dt * scheme.error[0]);
  for (int i = 1; i < scheme.stages; ++i) system.axpy(known, dt * scheme.error[i], slopes[static_cast<std::size_t>(i)]);
  return system.norm(known);
}

/// One accepted step of at most `until - time`, from y at `time` into y; returns the new time. What does not fit goes
/// in two halves. `acceptable(result)` may refuse a step by naming what is wrong with it, else gives an empty text;
/// `advice` belongs to that. System has a member begin_step(), called before each attempt. Throws
/// Error(solver_failed) where no step is small enough.
template <class System, class State, class Acceptable>
double accepted_step(System& system, Tableau const& scheme, StepControl& control, double time, double until, double end,
                     State& y, State& result, State& known, std::vector<State>& slopes, Acceptable const& acceptable,
                     char const* advice) {
  if (control.next == 0) control.next = 1e-9 * end;
  while (true) {
    auto const wanted = control.next;
    double const left = until - time;
    double const dt = wanted >= left ? left : 2 * wanted > left ? 0.5 * left : wanted;
    system.begin_step();
    double error = sdirk_step(system, scheme, time, dt, y, result, known, slopes);
    std::string const wrong = std::isfinite(error) ? acceptable(result) : "";
    if (!wrong.empty() || std::isnan(error)) error = std::numeric_limits<double>::infinity();
    if (control.judge(dt, error)) {
      control.next = std::max(control.next, dt < wanted ? wanted : 0.0);
      system.assign(y, result);
      return dt == left ? until : time + dt;
    }
    if (control.next < 1e-16 * end) {
      throw solver_failed(
          fmt::format("t = {} s: {}", time, wrong.empty() ? "no time step is small enough for the tolerance" : wrong),
          wrong.empty() ? "Look at the diffusivity, or give a larger solver.tolerance." : advice);
    }
  }
}

}  // namespace kroma::diffusion_couple
