#include "problems/gp_pde/solution.hpp"

#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/kronecker.hpp"
#include "problems/gp_pde/method.hpp"

namespace kroma::gp_pde {
namespace {

/// Where a stopped run goes on: in which attempt, after how many passes.
struct Progress {
  int attempt = 0, pass = 0;
  std::int64_t iterations = 0;
  std::optional<io::Checkpoint> saved;  // holds the coefficients of that attempt
};

Progress progress_of(Run& run) {
  Progress progress;
  if (!run.resume) return progress;
  progress.saved = run.checkpoints.newest();
  if (progress.saved && progress.saved->value<std::int64_t>("training") == 1) progress.saved.reset();
  if (!progress.saved) return progress;
  progress.attempt = static_cast<int>(progress.saved->value<std::int64_t>("attempt"));
  progress.pass = static_cast<int>(progress.saved->value<std::int64_t>("pass"));
  progress.iterations = progress.saved->value<std::int64_t>("iterations");
  return progress;
}

io::Block block_of(grid::Layout const& layout) {
  return {{layout.begin(0), layout.begin(1), layout.begin(2)}, {layout.count(0), layout.count(1), layout.count(2)}};
}

io::Shape shape_of(grid::Layout const& layout) {
  auto const& n = layout.extents();
  return {n[0], n[1], n[2]};
}

void save(io::Checkpoint& checkpoint, grid::Layout const& layout, ConstTensor coefficients, int attempt, int pass,
          std::int64_t iterations, Learned const& learned) {
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, coefficients);
  checkpoint.write("training", std::int64_t{0});
  save_learned(checkpoint, layout.comm(), learned);
  checkpoint.write("attempt", std::int64_t{attempt});
  checkpoint.write("pass", std::int64_t{pass});
  checkpoint.write("iterations", iterations);
  checkpoint.write("coefficients", {host.data(), host.size()}, block_of(layout), shape_of(layout));
}

void load(io::Checkpoint const& saved, grid::Layout const& layout, Tensor coefficients) {
  if (saved.shape("coefficients") != shape_of(layout)) {
    throw bad_input(fmt::format("{}: holds another number of coefficients than this deck has", saved.path()),
                    "Start again with --overwrite.");
  }
  auto const host = Kokkos::create_mirror_view(coefficients);
  saved.read("coefficients", {host.data(), host.size()}, block_of(layout));
  Kokkos::deep_copy(coefficients, host);
}

/// What stays the same in all attempts of one run.
class Search {
 public:
  Search(Run& run, Model const& model, Options const& options, Solver const& solver)
      : run_{run},
        model_{model},
        options_{options},
        solver_{solver},
        progress_{progress_of(run)},
        method_{choose_method(model, solver.preconditioner)} {
    Timed const timed{run.timers, "setup"};
    nodes_ = {run.comm, extents_of(model.nodes())};
    {
      Timed const part{run.timers, "source"};
      source_ = sample(method_.source, "gp_pde.source", model.nodes(), run.comm);
    }
    Timed const part{run.timers, "support"};
    support_ = detect_support(method_.constant, model.axes, model.boundary, source_, nodes_,
                              options.covariance.support_tolerance);
    learned_ = learn_covariance(run, model, options.covariance, support_);
    weigh(model.axes, nodes_, source_);
  }

  /// Attempt number `attempt`; nothing when the run is to stop.
  std::unique_ptr<Solution> attempt(int number, Widening widening) {
    auto solution = std::make_unique<Solution>();
    std::unique_ptr<Collocation> system;
    set_up(*solution, system, widening);
    bool const resumed = progress_.saved && progress_.attempt == number;
    {
      Timed const timed{run_.timers, "setup"};
      if (resumed) {
        solution->coefficients = linalg::make_tensor("gp_pde::coefficients", system->coefficients());
        load(*progress_.saved, system->coefficients(), solution->coefficients);
      } else {
        solution->coefficients = lift(solution->bases, model_.boundary, system->coefficients());
      }
    }
    if (!solve(*solution, *system, number, resumed ? progress_.pass : 0)) return nullptr;
    Timed const timed{run_.timers, "check"};
    solution->off_grid = check_off_grid(run_.comm, solution->bases, model_.equation, model_.source, model_.boundary,
                                        solution->coefficients);
    return solution;
  }

  int first_attempt() const { return progress_.attempt; }

  /// Whether a widening gives other bands than an earlier attempt had.
  bool differs(Solution const& earlier, Widening widening) const {
    auto const priors = make_priors(learned_.covariance, model_.axes, support_, widening, solver_.basis_tolerance);
    for (std::size_t d = 0; d < priors.size(); ++d) {
      if (priors[d].bands != earlier.priors[d].bands) return true;
    }
    return false;
  }

 private:
  void set_up(Solution& solution, std::unique_ptr<Collocation>& system, Widening widening) {
    Timed const timed{run_.timers, "setup"};
    solution.support = support_;
    solution.learned = learned_;
    solution.priors = make_priors(learned_.covariance, model_.axes, support_, widening, solver_.basis_tolerance);
    Timed const part{run_.timers, "bases"};
    solution.bases = make_bases(run_.comm, model_.axes, features_of(solution.priors),
                                truncation_of(model_.axes, solver_.basis_tolerance), method_.settings);
    system = std::make_unique<Collocation>(run_.comm, method_.equation, solution.bases, method_.kind,
                                           solver_.core_precision);
    if (can_resonate(method_.constant, method_.kind)) look_for_resonance(solution, system->core());
  }

  /// Near a resonance of the box the data no longer determine the solution, which no residual shows.
  void look_for_resonance(Solution& solution, grid::Layout const& core) const {
    double const distance = resonance_distance(method_.constant, solution.bases, core);
    solution.resonance_distance = distance;
    if (distance > kResonance * std::abs(method_.constant.reaction())) return;
    throw solver_failed(
        fmt::format("the equation is at a resonance: a wave that meets the homogeneous conditions solves it without a "
                    "source to within {:.1e} of the factor {:.6g} of u",
                    distance, method_.constant.reaction()),
        "At this wave number and these conditions no solution is the only one; change either.");
  }

  static constexpr double kResonance = 1e-8;  // half the digits: the rest would be noise multiplied by 1 / distance

  bool solve(Solution& solution, Collocation& system, int attempt, int first_pass) {
    Timed const timed{run_.timers, "solve"};
    auto const after_pass = [&](int passes, int iterations) {
      return run_.should_stop(attempt * 100 + passes, [&](io::Checkpoint& checkpoint) {
        save(checkpoint, system.coefficients(), solution.coefficients, attempt, passes,
             iterations + progress_.iterations, learned_);
      });
    };
    auto tolerances = suited(system, {solver_.rtol, 1e-15, solver_.max_iterations, solver_.refinements});
    tolerances.monitor = [&](int pass, int iteration) {
      run_.progress.report(-1,
                           fmt::format("attempt {}  pass {}  iteration {}", attempt + 1, first_pass + pass, iteration));
    };
    solution.report =
        solve_interior(Space{}, system, source_, tolerances, first_pass, after_pass, solution.coefficients);
    solution.report.iterations += static_cast<int>(progress_.iterations);
    progress_.iterations = 0;
    return !run_.stopped;
  }

  Run& run_;
  Model const& model_;
  Options const& options_;
  Solver const& solver_;
  Progress progress_;
  Method method_;
  grid::Layout nodes_;
  Tensor source_;
  std::vector<AxisSupport> support_;
  Learned learned_;
};

}  // namespace

std::unique_ptr<Solution> find_solution(Run& run, Model const& model, Options const& options, Solver const& solver) {
  Search search{run, model, options, solver};
  if (run.stopped) return nullptr;
  constexpr std::array widenings{Widening::none, Widening::crossed, Widening::whole};
  auto const attempts = is_learned(options.covariance) ? static_cast<int>(widenings.size()) : 1;
  std::unique_ptr<Solution> solution;
  for (int number = search.first_attempt(); number < attempts; ++number) {
    if (solution && !search.differs(*solution, widenings[static_cast<std::size_t>(number)])) continue;
    solution.reset();  // before the next one, so that the two are not held together
    solution = search.attempt(number, widenings[static_cast<std::size_t>(number)]);
    if (!solution || solution->off_grid.worst() <= options.off_grid_tolerance) break;
    run.log.detail(fmt::format("off-grid residual {:.1e}, asked for {:.1e}{}", solution->off_grid.worst(),
                               options.off_grid_tolerance,
                               number + 1 < attempts ? ": widening the spectral support" : ""));
  }
  return solution;
}

}  // namespace kroma::gp_pde
