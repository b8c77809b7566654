#pragma once

#include <vector>

#include "problems/chromatography/condensation.hpp"
#include "problems/chromatography/discretisation.hpp"
#include "problems/chromatography/radau.hpp"

namespace kroma::chromatography {

/// A list of arrays (layout), one for each stage.
using Stages = std::vector<std::vector<Pack>>;

/// sum = a + b; sum = factor * sum_i weights_i terms_i. `sum` may be an argument.
void add(std::vector<Pack> const& a, std::vector<Pack> const& b, std::vector<Pack>& sum);
void combine(std::vector<double> const& weights, Stages const& terms, double factor, std::vector<Pack>& sum);
/// Root mean square of weight * x over all unknowns, a weight for each variable of a node.
double weighted_norm(Discretisation const& d, std::vector<double> const& weight, std::vector<Pack> const& x);

/// Appends an array to a saved state; takes it back and moves on behind it.
void put(std::vector<double>& to, std::vector<Pack> const& from);
void take(double const*& from, std::vector<Pack>& to);

/// The linear systems of a step of Radau IIA: E (A^-1 x Z) / h - J Z = r for all stages at once, in the eigenvectors of
/// A, where they are one real and (s - 1) / 2 complex condensed systems. Iterations with factors of a nearby J are the
/// simplified Newton method of the column's equations and, with the same factors, of those of its tangents.
class StageSolver {
 public:
  StageSolver(Discretisation const& d, Radau scheme);

  Radau const& scheme() const { return scheme_; }

  void factor(Discretisation const& d, SorptionJacobian const& jacobian, double h);
  /// Begins the iterations of a step of length h: Z extrapolated from the collocation polynomial of the step before it,
  /// `last` of length `last_h`; zero if that is 0.
  void predict(Stages const& last, double h, double last_h, Stages& stages);
  /// The same for Z = 0 that is not looked at.
  void start_at_zero();
  /// One iteration: `rates` (stage) are those at the present Z, which are replaced by better ones. Returns the size of
  /// the correction in units of 1 / weight.
  double correct(Discretisation const& d, double h, Stages const& rates, std::vector<double> const& weight,
                 Stages& stages);
  /// v (stage) <- (A^-1 x E / h - J)^-T v. What correct() goes on from is lost.
  void solve_transposed(Discretisation const& d, Stages& v);
  /// The same for a linear law, where one iteration from Z = 0 is all: `rates` are those at the begin of the step,
  /// `entering` (stages, components) is what is different at its stages in the rates of the first node of all.
  void solve_linear(Discretisation const& d, std::vector<Pack> const& rates, std::vector<double> const& entering,
                    Stages& stages);
  /// x <- (gamma_0 / h E - J)^-1 x.
  void solve_real(Discretisation const& d, std::vector<Pack>& x) { real_solver_.solve(d, x.data()); }

 private:
  void start(Stages const& stages);
  void make_right_sides(Discretisation const& d, double h, Stages const& rates);
  void make_linear_sides(std::vector<Pack> const& rates, std::vector<double> const& entering);
  void solve_right_sides(Discretisation const& d);
  double correction_size(Discretisation const& d, std::vector<double> const& weight) const;
  void to_stages(Stages& stages);

  Radau scheme_;
  std::vector<Pack> real_, real_rhs_, totals_, work_;  // W in the eigenvectors, and right-hand sides
  Stages re_, im_;
  std::vector<std::vector<Complex<Pack>>> complex_rhs_;
  Condensation<Pack> real_solver_;
  std::vector<Condensation<Complex<Pack>>> complex_solvers_;
  bool at_zero_ = false;  // W is
};

}  // namespace kroma::chromatography
