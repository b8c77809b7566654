#include "problems/gp_pde/joint_training.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "problems/gp_pde/prior.hpp"

namespace kroma::gp_pde {
namespace {

constexpr int kChecks = 20;              // as often as the published code looks at its error
constexpr int kStepsBetweenAsking = 50;  // whether to stop
constexpr int kTestPoints = 300;         // for each axis

HostMatrix as_matrix(HostTensor const& values) {
  HostMatrix matrix{"gp_pde::joint", values.extent(0), values.extent(1)};
  std::copy_n(values.data(), values.size(), matrix.data());
  return matrix;
}

/// Values on the faces, zero inside. The published method prescribes u on every face.
HostMatrix face_values(Model const& model, PointSet const& nodes) {
  auto const n = extents_of(nodes);
  HostMatrix values{"gp_pde::faces", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1])};
  for (std::size_t axis = 0; axis < nodes.size(); ++axis) {
    auto const conditions = model.boundary.conditions(axis);
    bool const dirichlet = conditions.size() == 2 && conditions[0].is_dirichlet() && conditions[1].is_dirichlet();
    if (!dirichlet) {
      throw bad_input("gp_pde.covariance.learn: joint is written for Dirichlet data on every face",
                      "Use learn: evidence or learn: support.");
    }
    auto const faces = sample_faces(conditions, nodes, axis);
    for (int side = 0; side < 2; ++side) {
      for (int k = 0; k < n[1 - static_cast<int>(axis)]; ++k) {
        int const end = side * (n[axis] - 1);
        axis == 0 ? values(end, k) = faces(side, k, 0) : values(k, end) = faces(k, side, 0);
      }
    }
  }
  return values;
}

/// The published method differentiates along one axis at a time, twice.
void check_equation(Model const& model) {
  for (auto const& term : model.equation.terms) {
    int second = 0, none = 0;
    for (std::size_t d = 0; d < 3; ++d) {
      second += term.orders[d] == 2;
      none += term.orders[d] == 0;
    }
    if (none + second != 3 || second > 1 || term.factor || model.equation.nonlinear) {
      throw bad_input(
          "gp_pde.covariance.learn: joint is written for second derivatives and multiples of u with constant "
          "coefficients alone",
          "Use learn: evidence or learn: support.");
    }
  }
}

JointProblem make_problem(Model const& model, CovarianceOptions const& covariance) {
  check_equation(model);
  JointProblem problem;
  problem.kind = mixture_kind(covariance.spectrum);
  problem.components = covariance.joint.components;
  problem.jitter = covariance.joint.jitter;
  problem.boundary_weight = covariance.joint.boundary_weight;
  problem.reaction = model.equation.reaction();
  for (std::size_t d = 0; d < model.axes.size(); ++d) {
    problem.nodes.push_back(model.axes[d].nodes);
    problem.diffusion.push_back(model.equation.diffusion(static_cast<int>(d)));
  }
  problem.source = as_matrix(sample_here(model.source, "gp_pde.source", problem.nodes));
  problem.boundary = face_values(model, problem.nodes);
  return problem;
}

/// Training on one rank.
class Trainer {
 public:
  Trainer(Model const& model, CovarianceOptions const& covariance)
      : options_{covariance.joint},
        objective_{make_problem(model, covariance)},
        gradient_(objective_.size()),
        low_(objective_.size(), -std::numeric_limits<double>::infinity()),
        high_(objective_.size(), std::numeric_limits<double>::infinity()) {
    state.x = objective_.start(options_.highest_frequency);
    state.first.assign(objective_.size(), 0.0);
    state.second.assign(objective_.size(), 0.0);
    high_[objective_.log_precisions()] = high_[objective_.log_precisions() + 1] = options_.largest_log_precision;
    for (std::size_t d = 0; d < model.axes.size(); ++d) {
      auto const first = objective_.frequencies(d), count = static_cast<std::size_t>(options_.components);
      std::fill_n(low_.begin() + static_cast<std::ptrdiff_t>(first), count, 0.0);
      std::fill_n(high_.begin() + static_cast<std::ptrdiff_t>(first), count, 0.95 * model.axes[d].nyquist());
    }
    if (!model.exact) return;
    for (auto const& axis : model.axes) {
      test_points_.emplace_back();
      for (int i = 0; i < kTestPoints; ++i) {
        test_points_.back().push_back(axis.low + axis.length() * i / (kTestPoints - 1));
      }
    }
    exact_ = as_matrix(sample_here(*model.exact, "gp_pde.exact", test_points_));
  }

  void steps(int count) {
    auto const start = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
      value_ = objective_(state.x, gradient_);
      if (!std::isfinite(value_)) {
        throw solver_failed(fmt::format("learn: joint: the objective is {} at step {}", value_, state.step),
                            "Give a smaller gp_pde.covariance.joint.learning_rate, or a larger jitter.");
      }
      adam_step(state, gradient_, options_.learning_rate, low_, high_);
    }
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  double objective() const { return value_; }

  /// Relative error of the mean at the test points; 0 without an exact solution.
  double error() const {
    if (test_points_.empty()) return 0.0;
    auto const mean = objective_.predict(state.x, test_points_);
    double difference = 0, size = 0;
    for (std::size_t i = 0; i < mean.size(); ++i) {
      double const e = mean.data()[i] - exact_.data()[i];
      difference += e * e;
      size += exact_.data()[i] * exact_.data()[i];
    }
    return std::sqrt(difference / size);
  }

  std::vector<MixtureComponent> mixture(std::size_t axis) const { return objective_.mixture(state.x, axis); }

  AdamState state;
  double seconds = 0;

 private:
  JointOptions options_;
  JointObjective objective_;
  std::vector<double> gradient_, low_, high_;
  double value_ = 0;
  PointSet test_points_;
  HostMatrix exact_;
};

/// An array that rank 0 has, in a checkpoint; the others have none of it.
void write_array(io::Checkpoint& checkpoint, std::string const& name, int rank, std::vector<double> const& values,
                 std::int64_t size) {
  checkpoint.write(name, {values.data(), rank == 0 ? values.size() : 0}, {{0}, {rank == 0 ? size : 0}}, {size});
}

std::vector<double> read_array(io::Checkpoint const& checkpoint, std::string const& name, int rank) {
  auto const size = checkpoint.shape(name).front();
  std::vector<double> values(rank == 0 ? static_cast<std::size_t>(size) : 0);
  checkpoint.read(name, values, {{0}, {rank == 0 ? size : 0}});
  return values;
}

/// The training of all ranks: rank 0 steps, all know how far it is and what the checks found.
class SharedTraining {
 public:
  SharedTraining(Run& run, Model const& model, CovarianceOptions const& covariance)
      : run_{run}, total_{covariance.joint.steps}, between_{std::max<std::int64_t>(1, total_ / kChecks)} {
    MPI_Comm_rank(run.comm, &rank_);
    agreed(run.comm, [&] {
      if (rank_ == 0) trainer_ = std::make_unique<Trainer>(model, covariance);
    });
    if (!run.resume) return;
    auto const checkpoint = run.checkpoints.newest();
    if (checkpoint && checkpoint->value<std::int64_t>("training") == 1) load(*checkpoint);
  }

  bool is_done() const { return step_ == total_; }
  double fraction() const { return static_cast<double>(step_) / static_cast<double>(total_); }

  /// Some steps, and a check where one is due.
  void advance() {
    auto const next = std::min({step_ + kStepsBetweenAsking, (step_ / between_ + 1) * between_, total_});
    bool const due = next % between_ == 0 || next == total_;
    std::vector<double> found;
    agreed(run_.comm, [&] {
      if (rank_ != 0) return;
      trainer_->steps(static_cast<int>(next - step_));
      if (due) found = {static_cast<double>(next), trainer_->objective(), trainer_->error()};
    });
    step_ = next;
    if (!due) return;
    found = linalg::broadcast(run_.comm, 0, found);
    checks_.insert(checks_.end(), found.begin(), found.end());
    run_.log.detail(fmt::format("training step {}: objective {:.6e}, error {:.2e}", step_, found[1], found[2]));
  }

  std::int64_t step() const { return step_; }

  void save(io::Checkpoint& checkpoint) const {
    static AdamState const none;
    auto const& state = trainer_ ? trainer_->state : none;
    auto size = static_cast<std::int64_t>(state.x.size());
    MPI_Bcast(&size, 1, MPI_INT64_T, 0, run_.comm);
    checkpoint.write("training", std::int64_t{1});
    checkpoint.write("step", step_);
    write_array(checkpoint, "x", rank_, state.x, size);
    write_array(checkpoint, "first", rank_, state.first, size);
    write_array(checkpoint, "second", rank_, state.second, size);
    auto checks = checks_;
    checks.insert(checks.begin(), 0.0);  // an array has at least one element
    write_array(checkpoint, "checks", rank_, checks, static_cast<std::int64_t>(checks.size()));
  }

  JointTraining result(std::size_t axes) const {
    JointTraining result;
    for (std::size_t i = 0; i < checks_.size(); i += 3) {
      result.steps.push_back(checks_[i]);
      result.objective.push_back(checks_[i + 1]);
      result.error.push_back(checks_[i + 2]);
    }
    std::vector<double> seconds{trainer_ ? trainer_->seconds : 0.0};
    result.seconds = linalg::broadcast(run_.comm, 0, seconds).front();
    for (std::size_t d = 0; d < axes; ++d) {
      result.components.push_back(trainer_ ? trainer_->mixture(d) : std::vector<MixtureComponent>{});
    }
    return result;
  }

 private:
  void load(io::Checkpoint const& saved) {
    auto const x = read_array(saved, "x", rank_), first = read_array(saved, "first", rank_),
               second = read_array(saved, "second", rank_);
    step_ = saved.value<std::int64_t>("step");
    checks_ = linalg::broadcast(run_.comm, 0, read_array(saved, "checks", rank_));
    checks_.erase(checks_.begin());
    agreed(run_.comm, [&] {
      if (rank_ != 0) return;
      if (x.size() != trainer_->state.x.size()) {
        throw bad_input(fmt::format("{}: holds another number of unknowns than this deck has", saved.path()),
                        "Start again with --overwrite.");
      }
      trainer_->state = {x, first, second, step_};
    });
  }

  Run& run_;
  int rank_ = 0;
  std::int64_t total_, between_, step_ = 0;
  std::vector<double> checks_;  // step, objective and error of each
  std::unique_ptr<Trainer> trainer_;
};

}  // namespace

void adam_step(AdamState& state, std::vector<double> const& gradient, double rate, std::vector<double> const& low,
               std::vector<double> const& high) {
  constexpr double kFirst = 0.9, kSecond = 0.999, kEpsilon = 1e-8;
  ++state.step;
  auto const t = static_cast<double>(state.step);
  double const correction1 = 1 - std::pow(kFirst, t), correction2 = 1 - std::pow(kSecond, t);
  for (std::size_t i = 0; i < state.x.size(); ++i) {
    state.first[i] = kFirst * state.first[i] + (1 - kFirst) * gradient[i];
    state.second[i] = kSecond * state.second[i] + (1 - kSecond) * gradient[i] * gradient[i];
    double const step = rate * (state.first[i] / correction1) / (std::sqrt(state.second[i] / correction2) + kEpsilon);
    state.x[i] = std::clamp(state.x[i] - step, low[i], high[i]);
  }
}

std::optional<JointTraining> train_jointly(Run& run, Model const& model, CovarianceOptions const& covariance) {
  Timed const timed{run.timers, "training"};
  SharedTraining training{run, model, covariance};
  while (!training.is_done()) {
    training.advance();
    run.progress.report(training.fraction(), fmt::format("training step {}", training.step()));
    if (training.is_done()) break;
    if (run.should_stop(training.step(), [&](io::Checkpoint& checkpoint) { training.save(checkpoint); })) {
      return std::nullopt;
    }
  }
  return training.result(model.axes.size());
}

}  // namespace kroma::gp_pde
