#pragma once

#include <complex>
#include <string>
#include <vector>

#include "problems/chromatography/bed.hpp"
#include "problems/chromatography/integrator.hpp"
#include "problems/chromatography/radau.hpp"

namespace kroma::chromatography {

/// What passed the ends of a bed during a step, and the heat that went to what is around.
struct Passed {
  Passing entered, left;
  double heat_lost = 0;
};

/// Integrates a bed in time by Radau IIA in its conservative form, U(Y_i) = U_n - h sum_j a_ij R(Y_j): contents U are
/// carried on from step to step by what passed the faces, so that nothing is lost whatever Newton's iteration leaves.
/// Simplified Newton in the eigenvectors of the scheme, with one real and one complex band matrix of three stages.
class BedIntegrator {
 public:
  /// A step's error is held below tolerance * scale (Bed::scales), root mean square over the unknowns in time.
  BedIntegrator(Column const& column, int cells, Radau scheme, double tolerance);

  Bed& bed() { return bed_; }
  Bed const& bed() const { return bed_; }
  std::vector<double> const& state() const { return y_; }
  double time() const { return time_; }
  double last_step() const { return taken_; }
  Effort const& effort() const { return effort_; }
  Feed feed_at(double time) const;

  /// Restarts at section.begin, where the inlet may jump. At the end of the `final` section Newton's iteration goes on
  /// to rounding, so that state and contents agree.
  void begin(Section const& section, bool final);
  /// One accepted step inside the section; true at its end. Throws solver_failed, with component, position and time.
  bool step();

  /// The state at time() - (1 - theta) last_step(), by the collocation polynomial.
  std::vector<double> interpolated(double theta) const;
  Passed const& passed() const { return passed_; }

  std::vector<double> save() const;
  void load(std::vector<double> const& saved, Section const& section, bool final);

 private:
  enum class Newton { converged, slow, diverged, not_finite };
  using Arrays = std::vector<std::vector<double>>;

  bool attempt();
  void linearise();
  bool factor(std::vector<double> const& state, double time);
  bool factor_shifted();
  void predict();
  Newton solve_stages();
  double iterate();
  void evaluate_stages();
  double error();
  double norm(std::vector<double> const& x, bool all) const;
  void accept(double e);
  void account();
  void update_scales();
  std::string worst_place();
  [[noreturn]] void give_up();

  Bed bed_;
  Radau scheme_;
  std::vector<double> component_scales_;
  double tolerance_;
  Section section_;
  bool final_ = false, last_ = false;  // section, step in it

  double time_ = 0, h_ = 0, taken_ = 0, last_h_ = 0, last_error_ = 1, contraction_ = 0;
  bool first_ = true;
  int careful_ = 0, cuts_ = 0, iterations_ = 0;
  Effort effort_;
  Passed passed_;

  std::vector<double> y_, contents_, base_;  // state and U now, state a step before
  Arrays stage_, kept_;                      // Z, and that of the last step
  Arrays stage_contents_, stage_residual_, defect_;
  std::vector<double> reached_, scale_;  // (width)
  std::vector<double> linearised_at_;    // state, then feed, of the Jacobian
  double factored_h_ = 0;
  std::vector<double> mass_;
  linalg::BandMatrix<double> jacobian_, real_;
  linalg::BandMatrix<std::complex<double>> complex_;
  std::vector<double> work_;
  std::vector<std::complex<double>> complex_work_;
};

}  // namespace kroma::chromatography
