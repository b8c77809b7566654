#include "problems/sdp_clustering/results.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "linalg/dense.hpp"
#include "problems/sdp_clustering/matching.hpp"

namespace kroma::sdp_clustering {
namespace {

using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;

bool is_labelled(Data const& data) { return !data.label_names.empty(); }

/// Columns of a table over clusters and coordinates are only legible, and only allowed by HDF5, for so many.
constexpr std::size_t kMostColumns = 32;

void write_labels(Run& run, Data const& data, Outcome const& outcome) {
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, outcome.label);
  Numbers mine(host.data(), host.data() + host.size());
  io::Block const block{{data.points.offset}, {data.points.local()}};
  run.results.field("/fields/label", mine, block, {{"", data.points.count}}, "1", "cluster, from 0");
  if (!is_labelled(data)) return;
  Numbers const truth(data.truth.begin(), data.truth.end());
  run.results.field("/fields/known_label", truth, block, {{"", data.points.count}}, "1", "known label, from 0");
}

/// The two directions of largest variance, (d, 2); the second is zero in one dimension.
HostMatrix principal_axes(Points const& points) {
  auto const moment = gram(points);
  auto const d = static_cast<std::size_t>(points.dimension());
  HostMatrix scatter{"sdp_clustering::scatter", d, d}, axes{"sdp_clustering::axes", d, 2};
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) scatter(i, j) = moment(i, j);
  }
  auto const eigen = linalg::symmetric_eigen(scatter);
  for (std::size_t a = 0; a < std::min<std::size_t>(d, 2); ++a) {
    auto const from = d - 1 - a;
    std::size_t largest = 0;  // its sign is made positive, so that pictures do not flip
    for (std::size_t i = 0; i < d; ++i) {
      if (std::abs(eigen.vectors(i, from)) > std::abs(eigen.vectors(largest, from))) largest = i;
    }
    double const sign = eigen.vectors(largest, from) < 0 ? -1.0 : 1.0;
    for (std::size_t i = 0; i < d; ++i) axes(i, a) = d == 2 ? (i == a ? 1.0 : 0.0) : sign * eigen.vectors(i, from);
  }
  return axes;
}

/// /fields/points: the plane that pictures show; two coordinates are shown as they are.
void write_points(Run& run, Data const& data) {
  auto const& points = data.points;
  auto const d = static_cast<std::size_t>(points.dimension());
  auto const axes = principal_axes(points);
  HostMatrix factors{"sdp_clustering::plane", d + 1, 2};
  for (std::size_t a = 0; a < 2; ++a) {
    for (std::size_t i = 0; i < d; ++i) factors(i, a) = axes(i, a);
  }
  Matrix plane{"sdp_clustering::plane", static_cast<std::size_t>(points.local()), 2};
  multiply(Space{}, points.features, on_device(factors), plane);
  Space{}.fence();
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, plane);
  run.results.field("/fields/points", {host.data(), host.size()}, {{points.offset, 0}, {points.local(), 2}},
                    {{"", points.count}, {"", 2}}, "1",
                    d == 2 ? "coordinates, centred" : "two principal coordinates, centred");
  run.results.replicated("/clusters/axes", {axes.data(), axes.size()}, {{"", points.dimension()}, {"", 2}}, "1",
                         "directions of /fields/points");
}

void write_membership(Run& run, Data const& data, Outcome const& outcome) {
  if (outcome.more.count("dense") == 0) return;
  auto const n = data.points.count;
  bool const mine = outcome.membership.size() > 0;
  io::Block const block = mine ? io::Block{{0, 0}, {n, n}} : io::Block{{0, 0}, {0, 0}};
  run.results.field("/fields/membership", {outcome.membership.data(), outcome.membership.size()}, block,
                    {{"", n}, {"", n}}, "1", "membership matrix Z");
}

/// Means and covariances in the user's units.
void write_clusters(Run& run, Data const& data, Outcome const& outcome, std::vector<double> const& size) {
  auto const& mixture = outcome.mixture;
  auto const k = mixture.mean.extent(0), d = mixture.mean.extent(1);
  Numbers mean, covariance;
  for (std::size_t c = 0; c < k; ++c) {
    for (std::size_t i = 0; i < d; ++i) mean.push_back(data.centre[i] + data.scale[i] * mixture.mean(c, i));
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        covariance.push_back(mixture.covariance[c](i, j) * data.scale[i] * data.scale[j]);
      }
    }
  }
  auto const clusters = static_cast<std::int64_t>(k), coordinates = static_cast<std::int64_t>(d);
  run.results.replicated("/clusters/mean", mean, {{"", clusters}, {"", coordinates}}, "1", "mean of each cluster");
  run.results.replicated("/clusters/covariance", covariance, {{"", clusters}, {"", coordinates}, {"", coordinates}},
                         "1", "covariance of each cluster");
  Integers number;
  for (std::size_t c = 0; c < k; ++c) number.push_back(static_cast<std::int64_t>(c));
  std::vector<io::Column> columns{{"cluster", "1", number}, {"size", "1", size}, {"weight", "1", mixture.weight}};
  auto const column = [&](Numbers const& values, std::size_t step, std::size_t at) {
    Numbers picked;
    for (std::size_t c = 0; c < k; ++c) picked.push_back(values[c * step + at]);
    return picked;
  };
  for (std::size_t i = 0; i < d && d <= kMostColumns; ++i) {
    columns.push_back({fmt::format("mean_{}", data.names[i]), "1", column(mean, d, i)});
  }
  for (std::size_t i = 0; i < d && d * d <= kMostColumns; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      columns.push_back(
          {fmt::format("covariance_{}_{}", data.names[i], data.names[j]), "1", column(covariance, d * d, i * d + j)});
    }
  }
  run.results.table("/tables/clusters", columns, "clusters; means and covariances also in /clusters");
}

void write_confusion(Run& run, Data const& data, Outcome const& outcome) {
  if (!is_labelled(data)) return;
  auto const known = static_cast<int>(data.label_names.size());
  auto const confusion = compare(data.points, outcome.label, outcome.clusters, data.truth, known);
  run.metrics.set("misclustering", confusion.misclustering);
  std::vector<std::string> label;
  Integers cluster, count, matched;
  for (int k = 0; k < outcome.clusters; ++k) {
    for (int l = 0; l < known; ++l) {
      cluster.push_back(k);
      label.push_back(data.label_names[static_cast<std::size_t>(l)]);
      count.push_back(
          static_cast<std::int64_t>(confusion.count(static_cast<std::size_t>(k), static_cast<std::size_t>(l))));
      matched.push_back(confusion.match[static_cast<std::size_t>(k)] == l ? 1 : 0);
    }
  }
  run.results.table(
      "/tables/confusion",
      {{"cluster", "1", cluster}, {"label", "1", label}, {"count", "1", count}, {"matched", "1", matched}},
      "points of each cluster and known label; matched: the best one-to-one matching");
}

void write_baselines(Run& run, std::vector<BaselineResult> const& baselines) {
  if (baselines.empty()) return;
  std::vector<std::string> method;
  Integers starts, iterations;
  Numbers within, likelihood, misclustering, seconds;
  for (auto const& b : baselines) {
    method.push_back(b.method);
    starts.push_back(b.starts);
    iterations.push_back(b.iterations);
    within.push_back(b.within);
    likelihood.push_back(b.log_likelihood);
    misclustering.push_back(b.misclustering);
    seconds.push_back(b.seconds);
    run.log.line(fmt::format(
        "{} from {} start{}: sum of squares {:.8g}, log-likelihood {:.8g}, misclustering {:.4f}, {:.3g} s", b.method,
        b.starts, b.starts == 1 ? "" : "s", b.within, b.log_likelihood, b.misclustering, b.seconds));
  }
  run.results.table("/tables/baselines",
                    {{"method", "1", method},
                     {"starts", "1", starts},
                     {"iterations", "1", iterations},
                     {"sum_of_squares", "1", within},
                     {"log_likelihood", "1", likelihood},
                     {"misclustering", "1", misclustering},
                     {"seconds", "s", seconds}},
                    "k-means and EM on the same data");
}

void write_history(Run& run, Outcome const& outcome) {
  if (outcome.history.empty()) return;
  Integers iteration;
  Numbers objective, bound, residual;
  for (auto const& step : outcome.history) {
    iteration.push_back(step.iteration);
    objective.push_back(step.objective);
    bound.push_back(step.bound);
    residual.push_back(step.residual);
  }
  run.results.table("/metrics/history",
                    {{"iteration", "1", iteration},
                     {"objective", "1", objective},
                     {"bound", "1", bound},
                     {"residual", "1", residual}},
                    "objective of the relaxation, proven bound and relative residual");
}

void write_path(Run& run, Path const& path) {
  if (path.points.size() < 2) return;
  Integers clusters, chosen;
  Numbers objective, gap, likelihood, bic, stability;
  for (std::size_t i = 0; i < path.points.size(); ++i) {
    auto const& p = path.points[i];
    clusters.push_back(p.clusters);
    chosen.push_back(i == path.chosen ? 1 : 0);
    objective.push_back(p.objective);
    gap.push_back(p.gap);
    likelihood.push_back(p.log_likelihood);
    bic.push_back(p.bic);
    stability.push_back(p.stability);
  }
  run.results.table("/tables/path",
                    {{"clusters", "1", clusters},
                     {"chosen", "1", chosen},
                     {"objective", "1", objective},
                     {"relative_gap", "1", gap},
                     {"log_likelihood", "1", likelihood},
                     {"bic", "1", bic},
                     {"stability", "1", stability}},
                    "numbers of clusters: lowest BIC and highest stability speak for one");
}

void write_metrics(Run& run, Data const& data, Outcome const& outcome) {
  auto& m = run.metrics;
  m.set("iterations", outcome.iterations);
  m.set("converged", std::int64_t{outcome.converged ? 1 : 0});
  m.set("clusters", std::int64_t{outcome.clusters});
  m.set("objective", outcome.objective);
  m.set("relaxed_objective", outcome.relaxed);
  m.set("dual_bound", outcome.bound);
  m.set("relative_gap", outcome.gap());
  m.set("log_likelihood", outcome.log_likelihood);
  m.set("kkt_residual", outcome.kkt_residual);
  m.set("certificate", outcome.certificate);
  m.set("points", data.points.count);
  m.set("dropped_points", data.dropped);
  m.set("dropped_columns", fmt::format("{}", fmt::join(data.left_out, ", ")));
  m.set("floored_covariances", std::int64_t{outcome.mixture.floored});
  for (auto const& [name, value] : outcome.more) {
    if (name != "dense") m.set(name, value);
  }
}

}  // namespace

void write_results(Run& run, Data const& data, Output const& output, Outcome const& outcome, Path const& path,
                   std::vector<BaselineResult> const& baselines) {
  auto const wants = [&](Field field) {
    return std::find(output.fields.begin(), output.fields.end(), field) != output.fields.end();
  };
  if (wants(Field::label)) write_labels(run, data, outcome);
  if (wants(Field::points)) write_points(run, data);
  if (wants(Field::membership)) write_membership(run, data, outcome);
  write_clusters(run, data, outcome, partition_of(data.points, outcome.label, outcome.clusters).size);
  write_metrics(run, data, outcome);
  write_confusion(run, data, outcome);
  write_baselines(run, baselines);
  write_history(run, outcome);
  write_path(run, path);
}

}  // namespace kroma::sdp_clustering
