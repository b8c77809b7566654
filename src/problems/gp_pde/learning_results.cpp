#include "problems/gp_pde/learning_results.hpp"

#include <algorithm>
#include <string>

namespace kroma::gp_pde {
namespace {

/// The trained mean's own error, as published (the best of the checks) and as it is (the last).
void write_training(Run& run, JointTraining const& training) {
  run.metrics.set("training_steps", static_cast<std::int64_t>(training.steps.back()));
  run.metrics.set("training_seconds", training.seconds);
  run.metrics.set("training_objective", training.objective.back());
  run.metrics.set("training_relative_l2", training.error.back());
  run.metrics.set("training_best_relative_l2", *std::min_element(training.error.begin(), training.error.end()));
  run.results.table(
      "/tables/training",
      {{"step", "1", training.steps}, {"objective", "1", training.objective}, {"error", "1", training.error}},
      "learn: joint: negative log joint density and relative error of the trained mean, 0 without exact");
}

void write_metrics(Run& run, std::vector<grid::Axis> const& axes, Learned const& learned) {
  for (std::size_t d = 0; d < learned.axes.size(); ++d) {
    auto const& axis = learned.axes[d];
    run.metrics.set("learn_iterations_" + axes[d].name, std::int64_t{axis.iterations});
    run.metrics.set("learn_evaluations_" + axes[d].name, std::int64_t{axis.evaluations});
    run.metrics.set("learned_noise_" + axes[d].name, axis.noise_deviation);
    if (learned.covariance.learning() == Learn::evidence) {
      run.metrics.set("log_evidence_" + axes[d].name, axis.log_evidence);
    }
  }
  if (learned.training) write_training(run, *learned.training);
  if (learned.log_evidence) run.metrics.set("log_evidence", *learned.log_evidence);
}

}  // namespace

void write_spectrum_table(Run& run, std::vector<grid::Axis> const& axes, std::vector<AxisPrior> const& priors,
                          Learned const& learned) {
  std::vector<std::string> axis;
  std::vector<double> weight, frequency, scale;
  std::vector<std::int64_t> pruned;
  auto const add_row = [&](std::string const& name, double w, double f, double s, bool is_gone) {
    axis.push_back(name);
    weight.push_back(w);
    frequency.push_back(f);
    scale.push_back(s);
    pruned.push_back(is_gone ? 1 : 0);
  };
  for (std::size_t d = 0; d < axes.size(); ++d) {
    auto const& components = priors[d].components;
    for (auto const& c : components) {
      bool const is_gone = !learned.axes.empty() && is_pruned(c, components);
      add_row(axes[d].name, c.weight, c.frequency, c.length, is_gone);
    }
    if (!components.empty()) continue;
    for (auto const& band : priors[d].bands) {
      add_row(axes[d].name, 1.0, 0.5 * (band.low + band.high), 0.5 * (band.high - band.low), false);
    }
  }
  run.results.table(
      "/tables/spectrum",
      {{"axis", "1", axis},
       {"weight", "1", weight},
       {"frequency", "1", frequency},
       {"scale", "1", scale},
       {"pruned", "1", pruned}},
      "prior spectrum: bands (centre and half-width, cycles per unit length) or mixture components (centre "
      "and correlation length; pruned: what learning gave no weight)");
  write_metrics(run, axes, learned);
}

}  // namespace kroma::gp_pde
