#pragma once

#include <vector>

#include "problems/chromatography/stage_solver.hpp"
#include "problems/chromatography/variation.hpp"

namespace kroma::chromatography {

/// A step of the column that tangents take too.
struct Step {
  double time = 0, h = 0, last_h = 0;           // s; last_h 0: at a restart
  double contraction = 0;                       // of the column's Newton iterations
  std::vector<double> const* weight = nullptr;  // 1 / (tolerance * size) of each variable of a node
  std::vector<Pack> const* y = nullptr;         // where it begins
  Stages const* stages = nullptr;               // Z
  SorptionJacobian const* first = nullptr;      // of the factors: all that linear laws need
};

/// Derivatives s = dy/dp of a column's state by parameters. Differentiating a step of Radau IIA with its length held
/// fixed gives, for stages S of s,
///
///   E (A^-1 x S) / h - J(y + Z) S = J(y + Z) s + f_p - E_p (A^-1 x Z) / h
///
/// (staggered direct method: Caracotsios and Stewart 1985), which the factors of the step solve by the iteration they
/// have served for: none of Newton's evaluations of rates, no factors. f_p and E_p are differences of the rates between
/// two columns, so that any number of a deck can be the parameter: rates are smooth in it, states need not be solved
/// for again. Where a section's end moves, s jumps: E (s+ - s-) = (f- - f+) dt/dp.
class Tangents {
 public:
  /// `column` and `directions` outlive this. Not collective.
  Tangents(Column const& column, std::vector<Direction> const& directions, Discretisation const& d,
           Resolution const& resolution, int stages, double tolerance);

  std::size_t count() const { return all_.size(); }
  /// Before the first step of a section, at state y.
  void begin(std::size_t section, Discretisation& d, std::vector<Pack> const& y);
  /// Stages of all tangents over a step whose factors `solver` has. False if they do not converge.
  bool advance(Discretisation& d, StageSolver& solver, Step const& step);
  /// The step that was advanced over is taken.
  void accept();
  /// Derivatives of the concentrations at the outlet at theta of the last step: (parameters, components).
  std::vector<double> outlet(Discretisation const& d, std::vector<double> const& share) const;
  /// The same at the beginning.
  std::vector<double> initial_outlet(Discretisation const& d) const;

  /// Appends all that the next steps depend on; takes it back.
  void save(std::vector<double>& saved) const;
  void load(double const* saved);

 private:
  struct One {
    Variation variation;
    std::vector<Pack> s, base;    // now, and where the last step began
    Stages stages, kept;          // S, and S of the last step
    std::vector<double> largest;  // |s| so far, per variable of a node
  };

  void prepare(Discretisation& d, StageSolver const& solver, Step const& step);
  void make_sources(One& one, StageSolver const& solver, Step const& step);
  bool solve(One& one, double scale, Discretisation& d, StageSolver& solver, Step const& step);
  bool solve_at_once(One& one, Discretisation& d, StageSolver& solver, Step const& step);
  void grow(One& one, Discretisation const& d, std::vector<Pack> const& s) const;

  Column const& column_;
  double tolerance_;
  std::size_t section_ = 0;
  bool any_totals_ = false;
  std::vector<One> all_;
  // of a step, for all parameters: y + Z, its slopes, Jacobians; for one: sources and rates of its stages
  Stages at_, slopes_, sources_, rates_;
  std::vector<SorptionJacobian> jacobians_;
  std::vector<Pack> work_;
};

}  // namespace kroma::chromatography
