#include "problems/chromatography/problem.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/chromatography/batch.hpp"
#include "problems/chromatography/bed_pass.hpp"
#include "problems/chromatography/fit_run.hpp"
#include "problems/chromatography/gas_model.hpp"
#include "problems/chromatography/network_problem.hpp"
#include "problems/chromatography/numeric_run.hpp"
#include "problems/chromatography/results.hpp"
#include "problems/chromatography/sensitivities.hpp"
#include "problems/led_by_root.hpp"
#include "problems/problem_type.hpp"

namespace kroma {
namespace {

using namespace chromatography;

/// Of the accuracy, which transforms are inverted to. Fits and derivatives have them to rounding.
constexpr double kAllowed = 0.25;

char const* in_words(ColumnModel model) {
  switch (model) {
    case ColumnModel::capillary:
      return "capillary";
    case ColumnModel::lumped_rate:
      return "lumped rate model";
    case ColumnModel::lumped_rate_with_pores:
      return "lumped rate model with pores";
    default:
      return "general rate model";
  }
}

/// Whether temperature or pressures change in time.
bool is_programme(Options const& options) { return options.gas && !options.gas->is_steady(); }

/// Throws bad_input for fields that the column does not have.
void check_fields(Column const& column, Output const& output) {
  for (auto const field : output.fields) {
    if (field == Field::temperature && !column.energy) {
      throw bad_input("output.fields: temperature needs chromatography.energy");
    }
    if (field == Field::wall_temperature && !(column.energy && column.energy->has_wall())) {
      throw bad_input("output.fields: wall_temperature needs chromatography.energy.wall with outer_radius");
    }
    if (field == Field::pressure && column.flow.closure == Closure::constant) {
      throw bad_input("output.fields: pressure is not known with flow.closure: constant");
    }
  }
}

/// Whether the numeric method is used. Throws bad_input where no method that the deck allows can do the column.
bool is_numeric(Options const& options, Column const& column, Solver const& solver, Output const& output) {
  bool const inside = !output.fields.empty();
  check_fields(column, output);
  if (is_programme(options)) {
    if (options.fit) throw bad_input("chromatography.fit: a programme in time is not fitted");
    if (!options.sensitivities.empty()) {
      throw bad_input("chromatography.sensitivities: a programme in time is not differentiated");
    }
    if (inside || options.method == Method::numeric) {
      throw bad_input("chromatography.method: a programme in time is not solved by method: numeric, which fields need");
    }
    return false;
  }
  auto const obstacle = semi_analytic_obstacle(column), numeric = numeric_obstacle(column, solver.numeric);
  if (options.method == Method::semi_analytic && inside) {
    throw bad_input("output.fields: the semi-analytic method knows the outlet only; use method: auto or numeric");
  }
  if (options.method == Method::semi_analytic && !obstacle.empty()) {
    throw bad_input(fmt::format("chromatography.method: semi_analytic cannot do this column: {}", obstacle));
  }
  bool const chosen = options.method == Method::numeric || inside || !obstacle.empty();
  if (chosen && !numeric.empty()) {
    auto const semi = obstacle.empty() ? "" : fmt::format("; semi_analytic cannot either: {}", obstacle);
    throw bad_input(fmt::format("chromatography.method: numeric cannot do this column: {}{}", numeric, semi));
  }
  if (chosen && !options.sensitivities.empty() && by_finite_volumes(column, solver.numeric)) {
    throw bad_input("chromatography.sensitivities: finite volumes are not differentiated");
  }
  return chosen;
}

}  // namespace

Chromatography::Chromatography(Options options, Solver solver, Output output)
    : options_{std::move(options)},
      solver_{std::move(solver)},
      output_{std::move(output)},
      column_{make_column(options_)},
      times_{output_.saved_times(column_.end())},
      numeric_{is_numeric(options_, column_, solver_, output_)} {
  if (options_.fit) measurements_ = read_measurements(options_);
  directions_of(sensitivity_parameters(), kTangentStep);  // complains of what cannot be differentiated
}

DeckParameters Chromatography::sensitivity_parameters() const {
  return {options_, options_.sensitivities, "chromatography.sensitivities", false};
}

Plan Chromatography::plan(int /*ranks*/) const {
  Plan plan;
  plan.summary = fmt::format("{} of {} m, {} component{}", in_words(column_.model), column_.length, column_.count(),
                             column_.count() == 1 ? "" : "s");
  if (numeric_) return numeric_plan(plan);
  plan.unknowns = static_cast<std::int64_t>(times_.size() * column_.count());
  plan.sizes = {{"saved times", std::to_string(times_.size())}};
  plan.bytes_per_rank = 8.0 * 4 * static_cast<double>(plan.unknowns);
  return plan;
}

/// Of the first grid; finer ones follow until the accuracy is met.
Plan Chromatography::numeric_plan(Plan plan) const {
  auto const level = Refinement{column_, options_.accuracy, solver_.numeric}.level();
  auto const& r = level.resolution;
  double const saved = 8.0 * static_cast<double>(times_.size() * column_.count());
  if (by_finite_volumes(column_, solver_.numeric)) {
    plan.unknowns = static_cast<std::int64_t>(Bed{column_, r.elements, 1}.layout().size());
    plan.sizes = {{"first grid", fmt::format("{} finite volumes", r.elements)},
                  {"saved times", std::to_string(times_.size())}};
    plan.bytes_per_rank = bytes_of_bed(column_, level) + saved;
    return plan;
  }
  plan.unknowns = Pass{column_, level, {}}.unknowns();
  plan.sizes = {{"first grid", fmt::format("{} elements of degree {}", r.elements, r.degree)},
                {"saved times", std::to_string(times_.size())}};
  plan.bytes_per_rank = bytes_per_column(column_, level) + saved;
  return plan;
}

/// Says where an outlet is below zero; values of the size of the error belong to the answer and stay.
void Chromatography::name_negative(Run& run, Outlet const& outlet) const {
  auto const scales = column_.scales();
  auto const n = column_.count();
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t lowest = i;
    for (std::size_t k = i; k < outlet.concentration.size(); k += n) {
      if (outlet.concentration[k] < outlet.concentration[lowest]) lowest = k;
    }
    double const c = outlet.concentration[lowest];
    if (c > -1e-14 * scales[i]) continue;
    bool const within = -c <= outlet.error_estimate * scales[i];
    auto const text = fmt::format("{} goes down to {:.1e} mol/m^3 at t = {:.6g} s, {} the error estimate",
                                  column_.components[i], c, times_[lowest / n], within ? "within" : "beyond");
    within ? run.log.detail(text) : run.log.warning(text);
  }
}

void Chromatography::solve_numerically(Run& run, Continuation const& from) {
  auto const parameters = sensitivity_parameters();
  auto const directions = directions_of(parameters, kTangentStep);
  auto const result = [&] {
    Timed const timed{run.timers, "solve"};
    return run_numeric(run, column_, times_, output_.grid(column_.length), options_.accuracy, solver_.numeric,
                       directions, from);
  }();
  if (!result) return;
  Timed const timed{run.timers, "output"};
  run.log.line(fmt::format("method numeric: {}; error estimate {:.1e}", result->outlet.description,
                           result->outlet.error_estimate));
  name_negative(run, result->outlet);
  write_results(run, column_, output_, times_, result->outlet);
  write_sensitivities(run, column_, parameters.all(), times_, result->outlet.slopes);
  write_inside(run, column_, output_, times_, result->inside);
}

bool Chromatography::fit(Run& run, Journal& journal) {
  auto const result = [&] {
    Timed const timed{run.timers, "fit"};
    return run_fit_led(run, options_, measurements_, numeric_, solver_.numeric, journal);
  }();
  if (!result) return false;
  write_fit(run, measurements_, *result);
  run.log.line(
      fmt::format("fit: {} iterations, {}, misfit {:.2e}", result->iterations, result->reason, result->misfit));
  if (!result->converged) {
    throw solver_failed(fmt::format("the fit did not converge in {} iterations", result->iterations),
                        "Give start values nearer to the data, or fit fewer parameters.");
  }
  options_ = result->options;
  column_ = make_column(options_);
  return true;
}

void Chromatography::solve(Run& run) {
  Continuation from{state_of_root(run), [](auto state) { return state; }};
  Journal journal;
  if (options_.fit) {
    if (!from.state.empty()) journal = Journal::load(from.state, &from.state);
    if (!fit(run, journal)) return;
    from.wrapped = [&](auto const& state) { return journal.save(state); };
  }
  if (numeric_) return solve_numerically(run, from);
  auto outlet = [&] {
    Timed const timed{run.timers, "solve"};
    return agreed(run.comm, [&] {
      if (is_programme(options_)) return solve_programme(options_, column_, times_);
      return solve_semi_analytic(column_, times_, options_.accuracy, kAllowed * options_.accuracy);
    });
  }();
  if (!is_programme(options_)) {
    Timed const timed{run.timers, "judge"};
    judge_semi_analytic(column_, times_, outlet, kAllowed * options_.accuracy);
  }
  auto const parameters = sensitivity_parameters();
  if (!parameters.all().empty()) {
    Timed const timed{run.timers, "sensitivities"};
    outlet.slopes =
        agreed(run.comm, [&] { return semi_analytic_sensitivities(parameters, times_, options_.accuracy); });
  }
  Timed const timed{run.timers, "output"};
  run.log.line(fmt::format("method {}: {}", outlet.method, outlet.description));
  write_results(run, column_, output_, times_, outlet);
  write_sensitivities(run, column_, parameters.all(), times_, outlet.slopes);
}

namespace {

/// What a deck is about: one column, or a network of units.
class ColumnOrNetwork : public Problem {
 public:
  ColumnOrNetwork(Options options, Solver solver, Output output)
      : problem_{options.units.empty()
                     ? std::unique_ptr<Problem>{std::make_unique<Chromatography>(std::move(options), std::move(solver),
                                                                                 std::move(output))}
                     : std::make_unique<ChromatographyNetwork>(options, std::move(solver), std::move(output))} {}

  Plan plan(int ranks) const override { return problem_->plan(ranks); }
  void solve(Run& run) override { problem_->solve(run); }

 private:
  std::unique_ptr<Problem> problem_;
};

}  // namespace

ProblemType const& chromatography_type() {
  static auto const type = problem_type<ColumnOrNetwork>(
      "chromatography", "Transport and sorption in chromatographic columns", chromatography::schema(),
      chromatography::solver_schema(), chromatography::output_schema());
  return type;
}

}  // namespace kroma
