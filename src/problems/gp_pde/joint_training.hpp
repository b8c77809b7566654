#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "problems/gp_pde/joint_objective.hpp"
#include "problems/gp_pde/model.hpp"
#include "problems/problem.hpp"

namespace kroma::gp_pde {

/// Adam's state (Kingma and Ba 2015; beta 0.9 and 0.999, epsilon 1e-8).
struct AdamState {
  std::vector<double> x, first, second;  // unknowns, and moving averages of the gradient and its square
  std::int64_t step = 0;
};

/// One step, with entries of x then moved into [low, high]. Not collective.
void adam_step(AdamState& state, std::vector<double> const& gradient, double rate, std::vector<double> const& low,
               std::vector<double> const& high);

/// What the training of Fang et al. (2024) ended with, and what it was on the way.
struct JointTraining {
  std::vector<std::vector<MixtureComponent>> components;  // of each axis; on rank 0 only
  std::vector<double> steps, objective;                   // at about 20 checkpoints and the end
  std::vector<double> error;  // of the trained mean at 300 equispaced points an axis; 0 without an exact solution
  double seconds = 0;         // in this run's steps, without checks
};

/// Trains on rank 0 while the others wait; from a checkpoint if there is one of a training, and with one where the run
/// is to stop (nothing is returned then). Throws solver_failed where a matrix or the objective breaks down. Collective.
std::optional<JointTraining> train_jointly(Run& run, Model const& model, CovarianceOptions const& covariance);

}  // namespace kroma::gp_pde
