#pragma once

#include "problems/gp_pde/model.hpp"
#include "problems/gp_pde/options.hpp"
#include "problems/problem.hpp"

namespace kroma {

/// A partial differential equation on a box, solved by a Gaussian process whose covariance is a product over axes of
/// spectral densities (Fang, Cooley, Long, Li, Kirby and Zhe 2024), in weight space.
class GpPde : public Problem {
 public:
  GpPde(gp_pde::Options options, gp_pde::Solver solver, gp_pde::Output output);

  Plan plan(int ranks) const override;
  /// Evaluates the source on all nodes, and makes the bases of a covariance that is given.
  void prepare(MPI_Comm comm) override;
  void solve(Run& run) override;

 private:
  void solve_arranged(Run& run);

  gp_pde::Options options_;
  gp_pde::Solver solver_;
  gp_pde::Output output_;
  gp_pde::Model model_;
};

}  // namespace kroma
