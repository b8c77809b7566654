#pragma once

#include <memory>

#include "problems/diffusion_couple/options.hpp"
#include "problems/problem.hpp"

namespace kroma {

/// Diffusion in a couple of two bodies: simulated (mode forward), replaced by an effective
/// diffusivity (effective), evaluated by the classical methods (estimate), or
/// fitted (invert). Each mode is a Problem of its own, made by the function of modes.hpp.
class DiffusionCouple : public Problem {
 public:
  DiffusionCouple(diffusion_couple::Options options, diffusion_couple::Solver solver, diffusion_couple::Output output);

  Plan plan(int ranks) const override { return mode_->plan(ranks); }
  void prepare(MPI_Comm comm) override { mode_->prepare(comm); }
  void solve(Run& run) override { mode_->solve(run); }

 private:
  std::unique_ptr<Problem> mode_;
};

}  // namespace kroma
