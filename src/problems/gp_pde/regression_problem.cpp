#include "problems/gp_pde/regression_problem.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "problems/gp_pde/learning_results.hpp"
#include "problems/gp_pde/model.hpp"
#include "problems/gp_pde/observations.hpp"

namespace kroma::gp_pde {
namespace {

/// An axis as the observations have it: their coordinates, with the trapezoidal rule.
grid::Axis axis_of(std::string const& name, std::vector<double> const& points) {
  return {name, points.front(), points.back(), grid::Nodes::uniform, points, trapezoidal_weights(points)};
}

double root_mean_square(HostTensor const& values) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += values.data()[i] * values.data()[i];
  return std::sqrt(sum / static_cast<double>(values.size()));
}

/// Modulus of the observations along one axis, the largest over lines, relative to the largest frequency's.
AxisSupport observed_spectrum(TensorData const& data, std::size_t d, grid::Axis const& axis) {
  constexpr double kLeakage = 1e-3;  // side lobes: noisy data have nothing below
  auto const transform = windowed_transform(axis, kLeakage, axis.nyquist());
  auto const cosine = mode_product(transform.cosine, data.values, static_cast<int>(d));
  auto const sine = mode_product(transform.sine, data.values, static_cast<int>(d));
  AxisSupport support{transform.frequency, std::vector<double>(transform.frequency.size(), 0.0), {}};
  std::size_t inner = 1;
  for (std::size_t e = d + 1; e < 3; ++e) inner *= cosine.extent(e);
  for (std::size_t i = 0; i < cosine.size(); ++i) {
    auto& modulus = support.modulus[i / inner % transform.frequency.size()];
    modulus = std::max(modulus, std::hypot(cosine.data()[i], sine.data()[i]));
  }
  double const largest = *std::max_element(support.modulus.begin(), support.modulus.end());
  for (double& modulus : support.modulus) modulus /= largest > 0 ? largest : 1.0;
  return support;
}

std::vector<MixtureComponent> starting_components(CovarianceOptions const& covariance, grid::Axis const& axis,
                                                  TensorData const& data, std::size_t d) {
  auto const given = covariance.components.find(axis.name);
  std::vector<MixtureComponent> components;
  if (given != covariance.components.end()) {
    for (auto const& c : given->second) components.push_back({c.weight, c.frequency, c.scale});
    return components;
  }
  if (covariance.is_single()) return {{1.0, 0.0, axis.length() / 8}};
  return components_at_peaks(observed_spectrum(data, d, axis), axis, covariance.most_components);
}

/// Covariance and noise that the regression uses.
struct Hyperparameters {
  ProductCovariance covariance;
  double noise_variance = 0;
  std::vector<LearnedAxis> learned;  // if they were learned
};

Hyperparameters starting_point(Options const& options, std::vector<grid::Axis> const& axes, TensorData const& data) {
  auto const& covariance = options.covariance;
  Hyperparameters start{{mixture_kind(covariance.spectrum), {}}, 0, {}};
  for (std::size_t d = 0; d < axes.size(); ++d) {
    start.covariance.axes.push_back(starting_components(covariance, axes[d], data, d));
  }
  double const size = root_mean_square(data.values);
  if (covariance.components.empty()) {  // the data's own variance
    double const factor = (size > 0 ? size * size : 1.0) / start.covariance.variance();
    for (auto& c : start.covariance.axes.front()) c.weight *= factor;
  }
  start.noise_variance = options.observations->noise ? *options.observations->noise * *options.observations->noise
                                                     : 1e-2 * (size > 0 ? size * size : 1.0);
  return start;
}

/// Bounds of all hyper-parameters: weights free, lengths from the mean step to ten times the axis, noise from 1e-5 of
/// the data's root mean square up to it, or as given.
solve::Box regression_box(Options const& options, std::vector<grid::Axis> const& axes, TensorData const& data,
                          std::vector<double> const& x, std::vector<std::size_t> const& counts) {
  solve::Box box;
  std::size_t first = 0;
  for (std::size_t d = 0; d < axes.size(); ++d) {
    MixtureParameters const parameters{mixture_kind(options.covariance.spectrum), axes[d].length()};
    std::vector<double> part(x.begin() + static_cast<std::ptrdiff_t>(first),
                             x.begin() + static_cast<std::ptrdiff_t>(first + 3 * counts[d]));
    part.push_back(0.0);
    auto const one = mixture_box(parameters, part, axes[d].length() / axes[d].size(), 10 * axes[d].length(),
                                 axes[d].nyquist(), options.covariance.is_single());
    box.lower.insert(box.lower.end(), one.lower.begin(), one.lower.end() - 1);
    box.upper.insert(box.upper.end(), one.upper.begin(), one.upper.end() - 1);
    first += 3 * counts[d];
  }
  double const size = std::max(root_mean_square(data.values), 1e-150);
  bool const given = options.observations->noise.has_value();
  box.lower.push_back(given ? x.back() : std::log(1e-10 * size * size));
  box.upper.push_back(given ? x.back() : std::log(size * size));
  return box;
}

Hyperparameters learn(Options const& options, std::vector<grid::Axis> const& axes, TensorData const& data,
                      Hyperparameters const& start) {
  std::vector<MixtureParameters> parameters;
  std::vector<std::size_t> counts;
  for (std::size_t d = 0; d < axes.size(); ++d) {
    parameters.push_back({start.covariance.kind, axes[d].length()});
    counts.push_back(start.covariance.axes[d].size());
  }
  RegressionEvidence const evidence{data, parameters, counts};
  auto x = evidence.pack(start.covariance, start.noise_variance);
  auto const report = solve::minimise(
      "gp_pde_", evidence, regression_box(options, axes, data, x, counts),
      {1e-2, 1e-6, 0, options.covariance.learn_iterations, 10 * options.covariance.learn_iterations}, x);
  Hyperparameters result{evidence.covariance(x), std::exp(x.back()), {}};
  for (auto const& components : result.covariance.axes) {
    result.learned.push_back(
        {components, std::sqrt(result.noise_variance), -report.value, report.iterations, report.evaluations});
  }
  return result;
}

/// Learned on rank 0, the same bits on all.
Hyperparameters hyperparameters(MPI_Comm comm, Options const& options, std::vector<grid::Axis> const& axes,
                                TensorData const& data) {
  auto result = starting_point(options, axes, data);
  if (options.covariance.learning() == Learn::none) return result;
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  auto const mine = agreed(comm, [&] { return rank == 0 ? learn(options, axes, data, result) : result; });
  std::vector<double> noise{mine.noise_variance};
  result.noise_variance = linalg::broadcast(comm, 0, noise).front();
  for (std::size_t d = 0; d < axes.size(); ++d) {
    result.learned.push_back(broadcast_axis(comm, rank == 0 ? mine.learned[d] : LearnedAxis{}));
    result.covariance.axes[d] = result.learned[d].components;
  }
  return result;
}

/// This rank's part of the grid and what is known there.
class GridFields {
 public:
  GridFields(Run& run, std::vector<grid::Axis> const& axes) : run_{run}, axes_{axes} {
    PointSet nodes;
    for (auto const& axis : axes) nodes.push_back(axis.nodes);
    layout_ = {run.comm, extents_of(nodes)};
    auto const local = layout_.local();
    for (std::size_t d = 0; d < axes.size(); ++d) {
      auto const begin = axes[d].nodes.begin() + layout_.begin(static_cast<int>(d));
      points_.emplace_back(begin, begin + local[d]);
    }
  }

  PointSet const& points() const { return points_; }

  /// This rank's part of a plane that all ranks have whole.
  HostTensor part(HostMatrix whole) const {
    auto const n = layout_.local();
    HostTensor mine{"gp_pde::part", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]), 1};
    for (int i = 0; i < n[0]; ++i) {
      for (int j = 0; j < n[1]; ++j) mine(i, j, 0) = whole(layout_.begin(0) + i, layout_.begin(1) + j);
    }
    return mine;
  }

  void write(std::string const& name, std::string const& long_name, HostTensor values) const {
    io::Block block;
    std::vector<io::Dimension> dimensions;
    for (std::size_t d = 0; d < axes_.size(); ++d) {
      block.offset.push_back(layout_.begin(static_cast<int>(d)));
      block.count.push_back(layout_.local()[d]);
      dimensions.push_back({"/grid/" + axes_[d].name, layout_.extents()[d]});
    }
    run_.results.field("/fields/" + name, {values.data(), values.size()}, block, dimensions, "1", long_name);
  }

  /// Sums over all nodes of all ranks: of squares of u - exact, of exact squared, and the largest difference.
  void write_error(HostTensor mean, HostTensor exact, bool wanted) const {
    double sums[2] = {0, 0}, largest = 0;
    for (std::size_t i = 0; i < mean.size(); ++i) {
      double const e = exact.data()[i] - mean.data()[i];
      sums[0] += e * e;
      sums[1] += exact.data()[i] * exact.data()[i];
      largest = std::max(largest, std::abs(e));
      exact.data()[i] = e;
    }
    MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, run_.comm);
    MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, run_.comm);
    auto const n = layout_.extents();
    run_.metrics.set("relative_l2", std::sqrt(sums[0] / sums[1]));
    run_.metrics.set("max_error", largest);
    run_.metrics.set("mean_square_error", sums[0] / (static_cast<double>(n[0]) * n[1] * n[2]));
    if (wanted) write("error", "exact solution - mean", exact);
  }

 private:
  Run& run_;
  std::vector<grid::Axis> const& axes_;
  grid::Layout layout_;
  PointSet points_;
};

/// Mean and variance on this rank's part of the grid, (n0_local, n1_local, n2).
struct LocalFields {
  HostTensor mean, variance;
};

LocalFields predict_conserving(Run& run, Options const& options, std::vector<grid::Axis> const& axes,
                               Regression const& regression, GridFields const& fields) {
  auto const& c = *options.conservation;
  if (axes.front().name != c.along) {
    throw bad_input(fmt::format("conservation.along: {} is not the first axis", c.along),
                    "Name the axis that is integrated over first in the order x, y, z, t.");
  }
  Conservation constraint{trapezoidal_weights(axes[0].nodes), {}, c.noise * c.noise};
  auto const totals = sample_here(in_coordinates(options, c.total), "gp_pde.conservation.total",
                                  {{axes[0].nodes.front()}, axes[1].nodes});
  constraint.total.assign(totals.data(), totals.data() + totals.size());
  auto const plain = predict(regression, {axes[0].nodes, axes[1].nodes});
  auto const after = conserve(regression, {axes[0].nodes, axes[1].nodes}, plain, constraint, c.update, c.tolerance);
  run.metrics.set("total_error_before", worst_total(plain.mean, constraint));
  run.metrics.set("total_error", worst_total(after.mean, constraint));
  return {fields.part(after.mean), fields.part(after.variance)};
}

LocalFields predict_here(Regression const& regression, GridFields const& fields) {
  std::vector<HostMatrix> features;
  for (std::size_t d = 0; d < fields.points().size(); ++d)
    features.push_back(regression.features(d, fields.points()[d]));
  return {regression.mean(features), regression.variance(features)};
}

/// Bytes at the peak of a regression from N observations, n_d along an axis, to n_d nodes: learning on rank 0, or the
/// posterior at this rank's share of the nodes, or the update with a conserved total, whose plane every rank has whole.
double regression_memory(Options const& options, std::vector<grid::Axis> const& axes,
                         std::vector<std::vector<double>> const& points, int ranks) {
  grid::Layout const nodes{grid::ProcessGrid{{options.conservation ? 1 : ranks, 1}, {0, 0}}, [&] {
                             grid::Extents n{1, 1, 1};
                             for (std::size_t d = 0; d < axes.size(); ++d) n[d] = axes[d].size();
                             return n;
                           }()};
  double observed = 1, vectors = 0, widest = 0, features = 0;
  for (auto const& axis : points) observed *= static_cast<double>(axis.size());
  double step = observed, products = 0;  // of the data by one axis's features after another
  for (std::size_t d = 0; d < axes.size(); ++d) {
    auto const n = static_cast<double>(points[d].size()), m = static_cast<double>(nodes.count(static_cast<int>(d)));
    vectors += n * n;
    widest = std::max(widest, n * n);
    features += m * n;
    double const next = step / n * m;
    products = std::max(products, step + (d == 1 ? 1 : 2) * next);  // along the middle axis block by block
    step = next;
  }
  auto const grid = static_cast<double>(nodes.local_size());
  double const posterior = 4 * observed + vectors;
  double const making = posterior + std::max(2 * observed, 4 * widest);
  double const slope = posterior + observed + 4 * widest;
  double const predicting = posterior + observed + 2 * features + grid + products;
  double most =
      std::max({making, options.covariance.learning() == Learn::none ? 0.0 : slope, predicting, posterior + 3 * grid});
  if (options.conservation) {
    double const x = axes[0].size(), t = axes[1].size();
    most = std::max(most, posterior + 4 * grid + std::max({2 * grid, x * x + t * t, 5 * t * t}));
  }
  return sizeof(double) * most;
}

}  // namespace

Plan plan_regression(Options const& options, int ranks) {
  auto const data = read_observations(options);
  std::vector<std::string> nodes, points;
  auto const axes = make_axes(options);
  for (std::size_t d = 0; d < axes.size(); ++d) {
    nodes.push_back(std::to_string(axes[d].size()));
    points.push_back(std::to_string(data.points[d].size()));
  }
  Plan plan;
  plan.summary = fmt::format("Regression in {}-D on {} nodes", axes.size(), fmt::join(nodes, " x "));
  plan.unknowns = static_cast<std::int64_t>(data.values.size());
  plan.sizes = {{"observations", fmt::format("{}", fmt::join(points, " x "))},
                {"nodes", fmt::format("{}", fmt::join(nodes, " x "))}};
  plan.bytes_per_rank = regression_memory(options, axes, data.points, ranks);
  return plan;
}

void solve_regression(Run& run, Options const& options, Output const& output) {
  auto const axes = make_axes(options);
  auto const data = agreed(run.comm, [&] { return read_observations(options); }).tensor();
  std::vector<grid::Axis> observed;
  for (std::size_t d = 0; d < axes.size(); ++d) observed.push_back(axis_of(axes[d].name, data.points[d]));
  std::optional<Hyperparameters> found;
  {
    Timed const timed{run.timers, "setup"};
    found = hyperparameters(run.comm, options, observed, data);
  }
  Timed const timed{run.timers, "solve"};
  auto const regression = agreed(run.comm, [&] { return Regression{data, found->covariance, found->noise_variance}; });
  GridFields const fields{run, axes};
  for (auto const& axis : axes) run.results.coordinate("/grid/" + axis.name, axis.nodes, "1", axis.name);
  auto const local = options.conservation ? predict_conserving(run, options, axes, regression, fields)
                                          : predict_here(regression, fields);
  auto const wants = [&](Field field) {
    return std::find(output.fields.begin(), output.fields.end(), field) != output.fields.end();
  };
  if (wants(Field::solution)) fields.write("solution", "posterior mean of u", local.mean);
  if (wants(Field::variance)) fields.write("variance", "posterior variance of u", local.variance);
  if (options.exact) {
    auto const exact = agreed(run.comm, [&] {
      return sample_here(in_coordinates(options, *options.exact), "gp_pde.exact", fields.points());
    });
    fields.write_error(local.mean, exact, wants(Field::error));
  }
  Learned learned{options.covariance, found->learned, regression.log_evidence(), {}};
  std::vector<AxisPrior> priors;
  for (auto const& components : found->covariance.axes) priors.push_back({{}, {}, components});
  write_spectrum_table(run, axes, priors, learned);
  run.metrics.set("noise", std::sqrt(found->noise_variance));
  run.metrics.set("unknowns", static_cast<std::int64_t>(data.values.size()));
  run.log.line(
      fmt::format("log evidence {:.4g}, noise {:.3g}", regression.log_evidence(), std::sqrt(found->noise_variance)));
}

}  // namespace kroma::gp_pde
