#pragma once

#include <optional>
#include <vector>

#include "problems/gp_pde/evidence.hpp"
#include "problems/gp_pde/joint_training.hpp"
#include "problems/gp_pde/model.hpp"
#include "problems/gp_pde/support.hpp"

namespace kroma::gp_pde {

/// What learning found on one axis.
struct LearnedAxis {
  std::vector<MixtureComponent> components;  // all that were tried, pruned ones too
  double noise_deviation = 0;                // of the equation's values, in their unit
  double log_evidence = 0;                   // of the fibres used
  int iterations = 0, evaluations = 0;
};

/// What learning found, if anything was to be learned.
struct Learned {
  CovarianceOptions covariance;        // as given, with what was learned as its components
  std::vector<LearnedAxis> axes;       // empty if nothing was learned
  std::optional<double> log_evidence;  // where the fibres are all there is: in one dimension
  std::optional<JointTraining> training;
};

/// A component that the data do not want: its weight is below 1e-7 of the largest.
bool is_pruned(MixtureComponent const& component, std::vector<MixtureComponent> const& all);

/// Nodes of a fibre along an axis that the evidence looks at.
std::size_t most_fibre_nodes(grid::Axis const& axis);

/// Starting values of a mixture: a component at each of the highest peaks of the support, one of them at frequency 0.
std::vector<MixtureComponent> components_at_peaks(AxisSupport const& support, grid::Axis const& axis, int most);

/// Factors of the derivatives along `axis` in the equation, where the other axes oscillate as the data show: the terms
/// with derivatives there count with the root mean square frequency. Throws bad_input for orders above 2.
Symbol symbol_along(Equation const& equation, std::size_t axis, std::vector<AxisSupport> const& support);

/// Learns the components of a mixture as `covariance` asks for, and returns it as it is where it asks for nothing.
/// evidence: on each axis, by the fibres of the source along it, in one dimension with the boundary data; fibres are a
/// random choice of kFibres on other axes' nodes, the same on all ranks. Where the source is zero there is nothing to
/// learn: the result then has no components. joint: joint_training.hpp; the run may stop in it (run.stopped). What a
/// checkpoint holds is not learned again. Collective.
Learned learn_covariance(Run& run, Model const& model, CovarianceOptions const& covariance,
                         std::vector<AxisSupport> const& support);

/// What rank 0 has, on all ranks, the same bits. Collective.
LearnedAxis broadcast_axis(MPI_Comm comm, LearnedAxis const& mine);

/// What was learned goes into a checkpoint of the solution, so that a run that goes on need not learn again.
void save_learned(io::Checkpoint& checkpoint, MPI_Comm comm, Learned const& learned);

}  // namespace kroma::gp_pde
