#pragma once

#include <vector>

#include "linalg/anderson.hpp"
#include "problems/led_by_root.hpp"
#include "problems/sdp_clustering/outcome.hpp"
#include "problems/sdp_clustering/spectral_set.hpp"

namespace kroma::sdp_clustering {

using Blocks = std::vector<HostMatrix>;

/// When a dense solver stops.
struct DenseLimits {
  double tolerance = 1e-6;  // relative KKT residual
  double gap = 0;           // or this rigorous relative gap to `upper`; 0: not
  int most_iterations = 20000;
  double upper = 0;                // objective of a feasible point
  Ask ask = {};                    // where given: asked after each iteration
  std::vector<double> state = {};  // what an earlier solve gave to `ask`, to go on from bit for bit, or empty
};

/// A dense solution and what is proven of it.
struct DenseSolution {
  HostMatrix z;          // (n, n), symmetric, nonnegative
  double objective = 0;  // of z
  double bound = 0;      // <= the optimum of the relaxation, whatever the iterate
  double kkt_residual = 0;
  int iterations = 0;
  bool converged = false;
  std::vector<Step> history;
};

/// Two-set ADMM (Boyd et al. 2011) for  min sum_k <C_k, Z_k>  with Z_k in spectral sets and all of them together in a
/// second convex set, to be defined by a derived class. N is the point in the second set, U the scaled dual of Z = N.
/// One iteration maps N + U to its next value, N being the projection of that sum; this map is over-relaxed and
/// accelerated (`linalg::Anderson`), and its penalty annealed (`Penalty`). The last residual is that of exact
/// projections.
class Admm {
 public:
  virtual ~Admm() = default;

 protected:
  /// cost (K) of (n, n), symmetric; start (K), a feasible point; sets (K).
  Admm(Blocks cost, Blocks const& start, std::vector<SpectralSet> sets, DenseLimits const& limits);

  /// From the limits' state, or the start, to the end. Where limits.ask makes it return, the solution counts for
  /// nothing. Throws solver_failed for NaN.
  void iterate();

  std::size_t points() const { return n_; }
  double factor() const { return rho_ * scale_; }  // of multipliers in units of the cost: that of Z >= 0 is -factor U
  double cost_of(Blocks const& z) const;           // sum_k <C_k, Z_k>

  Blocks const cost_;
  Blocks z_, n_part_, dual_;
  DenseSolution solution_;

 private:
  /// Projects onto the second set, in place.
  virtual void project(Blocks& m) = 0;
  /// Objective of z_, and a bound from the duals, both in the units of limits.upper.
  virtual Step value() = 0;
  /// The duals have been divided by this.
  virtual void rescaled(double) {}
  /// What the next iterations depend on besides this class's own.
  virtual std::vector<double> extra_state() const { return {}; }
  virtual void set_extra_state(std::vector<double> const&) {}

  double residual() const { return std::max(primal_, dual_residual_); }
  bool closed() const;
  void step();
  void accelerate(std::vector<double>& point);
  void adapt(int iteration);
  void record(int iteration);
  std::vector<double> packed() const;
  bool asks_to_return(int iteration) const;
  std::vector<double> save(int iteration) const;
  int load(std::vector<double> const& saved);

  std::size_t n_;
  DenseLimits limits_;
  std::vector<SpectralSet> sets_;
  Penalty penalty_;
  linalg::Anderson accelerator_;
  Blocks work_;
  double scale_ = 1e-300, rho_ = 1, primal_ = 0, dual_residual_ = 0;
  bool exact_ = false;  // whether the last projections were
};

/// Matrices of n x n doubles that a solve of `blocks` blocks holds at once.
double dense_matrices(int blocks);

}  // namespace kroma::sdp_clustering
