#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "problems/chromatography/stage_solver.hpp"
#include "problems/chromatography/tangents.hpp"

namespace kroma::chromatography {

/// What an integration cost.
struct Effort {
  std::int64_t steps = 0, rejected = 0, newton_iterations = 0, factorisations = 0;
};

/// What came of a step that was tried: its error in units of the allowed one, infinite where Newton's iteration failed,
/// and, where that is not below 1, the factor by which to cut the step.
struct Trial {
  double error = 0, cut = 1;
  bool good() const { return error < 1; }
};

/// The next step where h is proposed and `remaining` is left: all of it, or half of it, rather than a sliver at the
/// end.
inline double share_of(double remaining, double h) {
  if (h > 0.999 * remaining) return remaining;
  return h > 0.55 * remaining ? 0.5 * remaining : h;
}

/// Integrates one column in time by Radau IIA: simplified Newton in the eigenvectors of the scheme, each iteration one
/// real and (s - 1) / 2 complex condensed solves; steps from the embedded error and from Newton's contraction, which is
/// what limits them with steep sorption laws. All that it allocates it allocates when made: one object per thread can
/// do many columns of one shape, one after the other.
class ColumnIntegrator {
 public:
  /// `scales`: size of each component's concentrations; a step's error is held below tolerance * scale, root mean
  /// square over all unknowns. Bound amounts have the larger of their component's scale and of what they reached.
  ColumnIntegrator(Discretisation discretisation, Radau scheme, std::vector<double> scales, double tolerance);

  Discretisation const& discretisation() const { return d_; }
  /// The state (layout) at time(); to be set before the first section.
  std::vector<Pack>& state() { return y_; }
  std::vector<Pack> const& state() const { return y_; }
  double time() const { return time_; }
  double last_step() const { return taken_; }
  Effort const& effort() const { return effort_; }
  /// Where the last step began, and its stages Z.
  std::vector<Pack> const& before() const { return base_; }
  Stages const& stages() const { return kept_; }

  /// Restarts at time `section.begin`, where the inlet may jump. `number` of the section counts for tangents.
  void begin(Section const& section, std::size_t number = 0);
  /// One accepted step inside the section; true at its end. Throws solver_failed, with component, position and time, if
  /// steps are cut below what can be resolved.
  bool step();

  // In company, columns and tanks that feed one another try the same step, and take it together or not at all.

  /// Length of the next step; as proposed by begin(), accept() and reject() until it is set.
  double next_step() const { return h_; }
  void set_next_step(double h) { h_ = h; }
  /// Entering concentrations at the begin of the next step and at its stages: (1 + stages, components), to be filled.
  std::vector<double>& entering() { return entering_; }
  Trial try_step();
  /// Concentration at the outlet at the begin (row 0) or at a stage of the step that was tried.
  double leaving(std::size_t row, int component) const;
  void accept(double error);
  void reject(double factor);
  /// Throws solver_failed with component, position and time of the fastest change.
  [[noreturn]] void give_up(char const* why);

  /// Concentrations at the outlet at time() - (1 - theta) last_step(), by the collocation polynomial: (components).
  std::vector<double> outlet(double theta) const;
  void append_outlet(double theta, std::vector<double>& to) const;
  /// The whole state there (layout).
  std::vector<Pack> interpolated(double theta) const;
  /// What left and what entered during the last step, mol/m^2 of fluid: (components), to the order of the scheme.
  std::vector<double> const& left() const { return left_; }
  std::vector<double> const& entered() const { return entered_; }

  /// Derivatives by parameters follow the steps to come, from the initial state on. Steps are also cut where these do
  /// not converge.
  void follow(std::unique_ptr<Tangents> tangents) { tangents_ = std::move(tangents); }
  /// Their concentrations at the outlet at theta of the last step, or at the beginning: (parameters, components).
  std::vector<double> outlet_slopes(double theta) const;
  std::vector<double> initial_slopes() const;

  /// All that the next steps depend on, to go on bit for bit.
  std::vector<double> save() const;
  void load(std::vector<double> const& saved, Section const& section);

 private:
  enum class Newton { converged, slow, diverged, not_finite };

  bool attempt();
  void refresh();
  Newton solve_stages();
  Newton solve_linear_stages();
  double iterate();
  void update_weights();
  double error();
  void enter_section();
  void account();
  Radau const& scheme() const { return solver_.scheme(); }
  double norm(std::vector<Pack> const& x) const { return weighted_norm(d_, weight_, x); }
  std::string worst_place();

  Discretisation d_;
  StageSolver solver_;
  std::vector<double> scales_;
  double tolerance_;
  Section section_;

  // state and steps
  double time_ = 0, h_ = 0, taken_ = 0;
  double factored_h_ = 0;  // of the factors; 0: none
  bool jacobian_is_new_ = false, first_ = true;
  double contraction_ = 0, last_error_ = 1, last_h_ = 0;
  int iterations_ = 0, careful_ = 0, cuts_ = 0;
  Effort effort_;

  std::vector<Pack> y_, base_, linearised_at_, rates_, totals_, work_;
  Stages stage_, kept_, stage_rates_;  // Z; Z of the last step; f(y + Z)
  SorptionJacobian jacobian_;
  std::vector<double> weight_;  // per variable of a node: 1 / (tolerance * scale)
  std::vector<double> entering_, entering_change_, left_, entered_;
  std::unique_ptr<Tangents> tangents_;
};

}  // namespace kroma::chromatography
