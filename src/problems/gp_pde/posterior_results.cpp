#include "problems/gp_pde/posterior_results.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "problems/gp_pde/results.hpp"

namespace kroma::gp_pde {
namespace {

/// Root mean square of the solution over that of the prior.
double amplitude(Run& run, Model const& model, Solution const& solution, ConstTensor u) {
  bool const sized = std::all_of(solution.priors.begin(), solution.priors.end(),
                                 [](AxisPrior const& prior) { return !prior.components.empty(); });
  if (sized && (solution.learned.axes.empty() || model.axes.size() == 1)) return 1;
  double prior = 1, count = 1;
  for (std::size_t d = 0; d < model.axes.size(); ++d) {
    double variance = 0;
    for (double const deviation : solution.bases[d].features.deviation) variance += deviation * deviation;
    prior *= variance;
    count *= model.axes[d].size();
  }
  double const size = norm(Space{}, run.comm, u) / std::sqrt(count * prior);
  return size > 0 ? size : 1.0;
}

}  // namespace

bool wants_posterior(Options const& options, Output const& output) {
  return options.uncertainty.keep > 0 ||
         std::find(output.fields.begin(), output.fields.end(), Field::variance) != output.fields.end();
}

void check_posterior(Options const& options, Output const& output) {
  auto const learning = options.covariance.learning();
  bool const learned = learning == Learn::evidence || learning == Learn::whittle;
  if (options.observations || !wants_posterior(options, output) || options.uncertainty.noise || learned) return;
  throw bad_input("output.fields: variance needs to know how exact the source is",
                  "Give gp_pde.uncertainty.noise, the standard deviation of the source's values, or learn: evidence.");
}

void write_posterior(Run& run, Model const& model, Options const& options, Solver const& solver, Output const& output,
                     Solution const& solution) {
  if (!wants_posterior(options, output)) return;
  Timed const timed{run.timers, "posterior"};
  auto const& asked = options.uncertainty;
  PosteriorRequest request;
  request.method = asked.method;
  request.samples = asked.samples;
  request.kept = asked.keep;
  request.seed = static_cast<std::uint64_t>(asked.seed);
  request.max_iterations = std::max(solver.max_iterations, request.max_iterations);
  if (!asked.noise && solution.learned.axes.empty()) {
    throw solver_failed("no noise was learned, since the source is zero", "Give gp_pde.uncertainty.noise.");
  }
  request.noise = asked.noise ? *asked.noise : solution.learned.axes.front().noise_deviation;
  PointSet nodes;
  for (auto const& axis : model.axes) nodes.push_back(axis.nodes);
  auto const u = evaluate(run.comm, solution.bases, std::vector<Term>{Term{}}, nodes, solution.coefficients);
  request.amplitude = amplitude(run, model, solution, u);
  auto const posterior = find_posterior(run.comm, model.equation, solution.bases, solution.coefficients, request);
  write_field(run, model, "variance", "posterior variance of u", posterior.variance);
  for (std::size_t i = 0; i < posterior.samples.size(); ++i) {
    add(Space{}, 1.0, u, posterior.samples[i]);
    Space{}.fence();
    write_field(run, model, fmt::format("sample_{}", i + 1), "sample of the posterior of u", posterior.samples[i]);
  }
  run.metrics.set("noise", request.noise);
  run.metrics.set("prior_amplitude", request.amplitude);
  run.metrics.set("variance_is_exact", std::int64_t{posterior.exact ? 1 : 0});
  run.metrics.set("sample_iterations", std::int64_t{posterior.largest_iterations});
}

}  // namespace kroma::gp_pde
