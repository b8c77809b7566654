#include "problems/sdp_clustering/methods.hpp"

#include "core/error.hpp"
#include "problems/sdp_clustering/baselines.hpp"
#include "problems/sdp_clustering/likelihood.hpp"
#include "problems/sdp_clustering/relaxation.hpp"
#include "problems/sdp_clustering/sketch.hpp"

namespace kroma::sdp_clustering {
namespace {

Outcome from_k_means(Data const& data, Options const& options, int clusters) {
  auto const seed = static_cast<std::uint64_t>(options.seed);
  auto const partition = polished(data.points, k_means(data.points, clusters, options.starts, seed));
  Outcome outcome;
  outcome.label = partition.label;
  outcome.objective = partition.within;
  outcome.iterations = partition.iterations;
  return outcome;
}

Outcome from_em(Data const& data, Options const& options, int clusters) {
  auto const estimation = estimation_for(data.points, options.covariance, clusters);
  Fit fit;
  em_baseline(data, clusters, options.starts, static_cast<std::uint64_t>(options.seed), estimation, &fit);
  Outcome outcome;
  outcome.label = fit.label;
  outcome.mixture = fit.mixture;
  outcome.objective = -2 * fit.log_likelihood;
  outcome.log_likelihood = fit.log_likelihood;
  outcome.iterations = fit.iterations;
  return outcome;
}

Outcome by_method(Pauses& pauses, Data const& data, Options const& options, Solver const& solver, int clusters) {
  switch (options.method) {
    case Method::sdp:
      return by_dense_sdp(data.points, clusters, options, solver, &pauses);
    case Method::low_rank:
      return by_low_rank(data.points, clusters, options, solver, &pauses);
    case Method::sketch_and_lift:
      return by_sketch(data.points, clusters, options, solver);
    case Method::la_sdp:
      return by_la_sdp(data, clusters, options, solver, pauses);
    case Method::ila_sdp:
      return by_ila_sdp(data, clusters, options, solver, pauses);
    case Method::k_means:
      return from_k_means(data, options, clusters);
    case Method::em:
      return from_em(data, options, clusters);
  }
  throw internal_error("a method without a function");
}

}  // namespace

Outcome cluster(Run& run, Pauses& pauses, Data const& data, Options const& options, Solver const& solver,
                int clusters) {
  Timed const timed{run.timers, "solve"};
  auto outcome = by_method(pauses, data, options, solver, clusters);
  outcome.clusters = clusters;
  auto const estimation = estimation_for(data.points, options.covariance, clusters);
  Mixture mixture;
  auto const likelihood = labelled_log_likelihood(data.points, outcome.label, clusters, estimation, mixture);
  if (!(outcome.log_likelihood == outcome.log_likelihood)) outcome.log_likelihood = likelihood;
  if (outcome.mixture.covariance.empty()) outcome.mixture = mixture;
  return outcome;
}

}  // namespace kroma::sdp_clustering
