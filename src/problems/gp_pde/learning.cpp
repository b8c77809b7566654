#include "problems/gp_pde/learning.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <span>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "problems/gp_pde/prior.hpp"
#include "problems/gp_pde/whittle.hpp"

namespace kroma::gp_pde {
namespace {

using std::numbers::pi;

constexpr int kFibres = 8;
constexpr double kWindowWidth = 6;  // cycles over the axis between which Kaiser's window resolves two peaks
// Nodes of one fibre that the evidence looks at: the covariance matrix is dense, and has n^2 distances unless steps are
// equal. Consecutive ones, since leaving out nodes would alias.
constexpr std::size_t kMostEqualNodes = 1024, kMostNodes = 256;

/// Root mean square frequency of the modulus, in radians per unit length.
double typical_frequency(AxisSupport const& support) {
  double sum = 0, moment = 0;
  for (std::size_t i = 0; i < support.frequency.size(); ++i) {
    double const power = support.modulus[i] * support.modulus[i];
    sum += power;
    moment += power * support.frequency[i] * support.frequency[i];
  }
  return sum > 0 ? 2 * pi * std::sqrt(moment / sum) : 0.0;
}

double response(Symbol const& symbol, double omega) {
  return std::hypot(symbol[0] - symbol[2] * omega * omega, symbol[1] * omega);
}

double root_mean_square(std::vector<std::vector<double>> const& lists) {
  double sum = 0, count = 0;
  for (auto const& list : lists) {
    for (double value : list) sum += value * value;
    count += static_cast<double>(list.size());
  }
  return count > 0 ? std::sqrt(sum / count) : 0.0;
}

/// Fibres of the source along axis d at a random choice of the others' nodes.
std::vector<std::vector<double>> source_fibres(Model const& model, std::size_t d, std::vector<double> const& nodes) {
  std::mt19937_64 generator{d + 1};
  std::vector<std::vector<double>> fibres;
  for (int k = 0; k < (model.axes.size() == 1 ? 1 : kFibres); ++k) {
    PointSet points;
    for (std::size_t e = 0; e < model.axes.size(); ++e) {
      auto const& other = model.axes[e].nodes;
      points.push_back(e == d ? nodes : std::vector<double>{other[generator() % other.size()]});
    }
    auto const values = sample_here(model.source, "gp_pde.source", points);
    fibres.emplace_back(values.data(), values.data() + values.size());
  }
  return fibres;
}

std::vector<double> middle_nodes(grid::Axis const& axis) {
  auto const n = axis.nodes.size(), count = most_fibre_nodes(axis), first = (n - count) / 2;
  return {axis.nodes.begin() + static_cast<std::ptrdiff_t>(first),
          axis.nodes.begin() + static_cast<std::ptrdiff_t>(first + count)};
}

/// Fibres and the factors that made them about 1: L u = operator_scale * data, u = scale * data.
struct ScaledFibres {
  FibreData data;
  double operator_scale = 0, scale = 1;
};

ScaledFibres make_fibres(Model const& model, std::size_t d, std::vector<AxisSupport> const& support) {
  ScaledFibres result;
  auto& data = result.data;
  data.nodes = middle_nodes(model.axes[d]);
  data.symbol = symbol_along(model.frozen(), d, support);
  data.fibres = source_fibres(model, d, data.nodes);
  if (model.axes.size() == 1) {
    std::vector<double> values;
    for (auto const& condition : model.boundary.conditions(0)) {
      if (!condition.is_dirichlet()) continue;
      data.ends.push_back(condition.place);
      values.push_back(condition.data({condition.place, 0.0, 0.0}));
    }
    if (!values.empty()) data.values = {values};
  }
  result.operator_scale = root_mean_square(data.fibres);
  if (result.operator_scale == 0) return result;
  result.scale = std::max(result.operator_scale / response(data.symbol, typical_frequency(support[d])),
                          root_mean_square(data.values));
  for (auto& fibre : data.fibres) {
    for (double& value : fibre) value /= result.operator_scale;
  }
  for (auto& values : data.values) {
    for (double& value : values) value /= result.scale;
  }
  for (double& factor : data.symbol) factor *= result.scale / result.operator_scale;
  return result;
}

/// Where the search starts: what the deck gives, or the peaks; weights in the data's scale.
std::vector<MixtureComponent> starting_components(CovarianceOptions const& covariance, grid::Axis const& axis,
                                                  AxisSupport const& support, double scale) {
  auto const given = covariance.components.find(axis.name);
  if (given != covariance.components.end()) {
    std::vector<MixtureComponent> components;
    for (auto const& c : given->second) components.push_back({c.weight / (scale * scale), c.frequency, c.scale});
    return components;
  }
  if (covariance.is_single()) return {{1.0, 0.0, axis.length() / 8}};
  return components_at_peaks(support, axis, covariance.most_components);
}

LearnedAxis learn_axis(Model const& model, std::size_t d, CovarianceOptions const& covariance,
                       std::vector<AxisSupport> const& support) {
  auto const& axis = model.axes[d];
  auto const fibres = make_fibres(model, d, support);
  LearnedAxis result;
  if (fibres.operator_scale == 0) return result;
  MixtureParameters const parameters{mixture_kind(covariance.spectrum), axis.length()};
  auto x = parameters.pack(starting_components(covariance, axis, support[d], fibres.scale), 1e-6);
  auto const box =
      mixture_box(parameters, x, axis.length() / axis.size(), axis.length(), axis.nyquist(), covariance.is_single());
  Evidence const evidence{fibres.data, parameters};
  // Tolerances: the evidence of n values changes by less than a hundredth of a nat.
  auto const report = solve::minimise(
      "gp_pde_", evidence, box, {1e-2, 1e-6, 0, covariance.learn_iterations, 10 * covariance.learn_iterations}, x);
  result.iterations = report.iterations;
  result.evaluations = report.evaluations;
  result.noise_deviation = std::sqrt(MixtureParameters::noise(x)) * fibres.operator_scale;
  result.components = parameters.components(x);
  for (auto& c : result.components) c.weight *= fibres.scale * fibres.scale;
  auto const count = static_cast<double>(fibres.data.fibres.size());
  auto const nodes = static_cast<double>(fibres.data.nodes.size()), ends = static_cast<double>(fibres.data.ends.size());
  result.log_evidence =
      -report.value - count * (nodes * std::log(fibres.operator_scale) + ends * std::log(fibres.scale) +
                               0.5 * (nodes + ends) * std::log(2 * pi));
  return result;
}

/// All axes at once, by the periodogram of the source.
std::vector<LearnedAxis> learn_by_whittle(Model const& model, CovarianceOptions const& covariance,
                                          std::vector<AxisSupport> const& support) {
  auto const kind = mixture_kind(covariance.spectrum);
  std::vector<MixtureParameters> parameters;
  std::vector<std::size_t> counts;
  std::vector<double> x;
  solve::Box box;
  for (std::size_t d = 0; d < model.axes.size(); ++d) {
    auto const& axis = model.axes[d];
    parameters.push_back({kind, axis.length()});
    auto const start = starting_components(covariance, axis, support[d], 1.0);
    counts.push_back(start.size());
    auto const part = parameters[d].pack(start, 1e-4);
    auto const bounds = mixture_box(parameters[d], part, axis.length() / axis.size(), axis.length(), axis.nyquist(),
                                    covariance.is_single());
    x.insert(x.end(), part.begin(), part.end() - 1);
    box.lower.insert(box.lower.end(), bounds.lower.begin(), bounds.lower.end() - 1);
    box.upper.insert(box.upper.end(), bounds.upper.begin(), bounds.upper.end() - 1);
  }
  x.push_back(std::log(1e-4));
  box.lower.push_back(std::log(1e-12));
  box.upper.push_back(0.0);
  Whittle const whittle{model, parameters, counts};
  if (whittle.source_scale() == 0) return std::vector<LearnedAxis>(model.axes.size());
  auto const report = solve::minimise(
      "gp_pde_", whittle, box, {1e-2, 1e-6, 0, covariance.learn_iterations, 10 * covariance.learn_iterations}, x);
  std::vector<LearnedAxis> axes;
  std::span<double const> rest{x};
  for (std::size_t d = 0; d < model.axes.size(); ++d) {
    axes.push_back({parameters[d].components(rest.first(3 * counts[d])),
                    std::sqrt(MixtureParameters::noise(x)) * whittle.source_scale(), -report.value, report.iterations,
                    report.evaluations});
    rest = rest.subspan(3 * counts[d]);
  }
  for (auto& c : axes.front().components) c.weight *= whittle.scale() * whittle.scale();
  return axes;
}

/// An axis as numbers, of fixed length but for the components at the end.
std::vector<double> pack(LearnedAxis const& axis) {
  std::vector<double> numbers{axis.noise_deviation, axis.log_evidence, static_cast<double>(axis.iterations),
                              static_cast<double>(axis.evaluations)};
  for (auto const& c : axis.components) numbers.insert(numbers.end(), {c.weight, c.frequency, c.length});
  return numbers;
}

LearnedAxis unpack(std::vector<double> const& numbers) {
  LearnedAxis axis{{}, numbers[0], numbers[1], static_cast<int>(numbers[2]), static_cast<int>(numbers[3])};
  for (std::size_t i = 4; i < numbers.size(); i += 3) {
    axis.components.push_back({numbers[i], numbers[i + 1], numbers[i + 2]});
  }
  return axis;
}

std::string name_of(std::size_t axis) { return fmt::format("learned_{}", axis); }

/// What the axes found, as the covariance that the solver is to use.
Learned finished(Model const& model, CovarianceOptions const& covariance, std::vector<LearnedAxis> axes) {
  Learned learned{covariance, std::move(axes), {}, {}};
  learned.covariance.learn = covariance.learning();  // by_spectrum would stand for none, now that there are components
  for (std::size_t d = 0; d < learned.axes.size(); ++d) {
    auto& components = learned.covariance.components[model.axes[d].name];
    components.clear();
    for (auto const& c : learned.axes[d].components) components.push_back({c.weight, c.frequency, c.length});
  }
  if (covariance.learning() == Learn::evidence && learned.axes.size() == 1) {
    learned.log_evidence = learned.axes.front().log_evidence;
  }
  return learned;
}

/// The axes in the newest checkpoint, if it is one of a solution.
std::vector<LearnedAxis> load_learned(Run& run, std::size_t axes) {
  std::vector<LearnedAxis> result;
  auto const checkpoint = run.resume ? run.checkpoints.newest() : std::nullopt;
  if (!checkpoint || checkpoint->value<std::int64_t>("training") == 1) return result;
  if (checkpoint->value<std::int64_t>("learned") == 0) return result;
  for (std::size_t d = 0; d < axes; ++d) {
    auto const size = checkpoint->shape(name_of(d)).front();
    std::vector<double> numbers(static_cast<std::size_t>(size));
    checkpoint->read(name_of(d), numbers, {{0}, {size}});
    result.push_back(unpack(numbers));
  }
  return result;
}

/// On every axis by the evidence, or on all by the periodogram; nothing where one of them has nothing to learn from.
std::vector<LearnedAxis> learn_axes(MPI_Comm comm, Model const& model, CovarianceOptions const& covariance,
                                    std::vector<AxisSupport> const& support) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  std::vector<LearnedAxis> whole, axes;
  if (covariance.learning() == Learn::whittle) {
    whole = agreed(comm, [&] {
      return rank == 0 ? learn_by_whittle(model, covariance, support) : std::vector<LearnedAxis>(model.axes.size());
    });
  }
  for (std::size_t d = 0; d < model.axes.size(); ++d) {
    auto const mine = !whole.empty() ? whole[d] : agreed(comm, [&] {
      return rank == 0 ? learn_axis(model, d, covariance, support) : LearnedAxis{};
    });
    axes.push_back(broadcast_axis(comm, mine));
    if (axes.back().components.empty()) return {};
  }
  return axes;
}

}  // namespace

std::size_t most_fibre_nodes(grid::Axis const& axis) {
  return std::min(axis.nodes.size(), axis.kind == grid::Nodes::uniform ? kMostEqualNodes : kMostNodes);
}

bool is_pruned(MixtureComponent const& component, std::vector<MixtureComponent> const& all) {
  double largest = 0;
  for (auto const& c : all) largest = std::max(largest, c.weight);
  return component.weight < 1e-7 * largest;
}

std::vector<MixtureComponent> components_at_peaks(AxisSupport const& support, grid::Axis const& axis, int most) {
  auto const& modulus = support.modulus;
  double const length = axis.length() / 4, separation = kWindowWidth / axis.length();
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < modulus.size(); ++i) {
    bool const rises = i == 0 || modulus[i] >= modulus[i - 1],
               falls = i + 1 == modulus.size() || modulus[i] > modulus[i + 1];
    if (rises && falls && modulus[i] > 1e-4) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return modulus[a] > modulus[b]; });
  std::vector<MixtureComponent> components;
  for (std::size_t const i : order) {
    double const frequency = support.frequency[i];
    bool const apart = std::all_of(components.begin(), components.end(), [&](MixtureComponent const& c) {
      return std::abs(c.frequency - frequency) >= separation;
    });
    if (apart && static_cast<int>(components.size()) < std::max(1, most - 1)) {
      components.push_back({modulus[i] * modulus[i], frequency, length});
    }
  }
  bool const low = std::any_of(components.begin(), components.end(),
                               [&](MixtureComponent const& c) { return c.frequency < separation; });
  if (!low && static_cast<int>(components.size()) < most) components.push_back({1e-3, 0.0, length});
  return components;
}

Symbol symbol_along(Equation const& equation, std::size_t axis, std::vector<AxisSupport> const& support) {
  Symbol symbol{0, 0, 0};
  for (auto const& term : equation.terms) {
    double factor = term.coefficient;
    for (std::size_t e = 0; e < support.size(); ++e) {
      int const order = term.orders[e];
      if (e == axis || order == 0) continue;
      // d^p of a wave of random phase: i^p w^p, whose odd orders have no part in phase with the rest.
      factor *= order % 2 == 1 ? 0.0 : std::pow(-1.0, order / 2) * std::pow(typical_frequency(support[e]), order);
    }
    auto const order = static_cast<std::size_t>(term.orders[axis]);
    if (order > 2) {
      throw bad_input(
          fmt::format("learn: evidence knows derivatives up to the second; the equation has one of order {}", order),
          "Use learn: whittle, or learn: support.");
    }
    symbol[order] += factor;
  }
  return symbol;
}

Learned learn_covariance(Run& run, Model const& model, CovarianceOptions const& covariance,
                         std::vector<AxisSupport> const& support) {
  if (!covariance.learns_mixture()) return {covariance, {}, {}, {}};
  auto const saved = load_learned(run, model.axes.size());
  if (!saved.empty()) return finished(model, covariance, saved);
  if (covariance.learning() != Learn::joint) {
    return finished(model, covariance, learn_axes(run.comm, model, covariance, support));
  }
  auto const training = train_jointly(run, model, covariance);
  if (!training) return {covariance, {}, {}, {}};
  std::vector<LearnedAxis> axes;
  for (auto const& components : training->components) {
    axes.push_back(broadcast_axis(run.comm, {components}));
  }
  auto learned = finished(model, covariance, std::move(axes));
  learned.training = training;
  return learned;
}

LearnedAxis broadcast_axis(MPI_Comm comm, LearnedAxis const& mine) {
  return unpack(linalg::broadcast(comm, 0, pack(mine)));
}

void save_learned(io::Checkpoint& checkpoint, MPI_Comm comm, Learned const& learned) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  checkpoint.write("learned", std::int64_t{learned.axes.empty() ? 0 : 1});
  for (std::size_t d = 0; d < learned.axes.size(); ++d) {
    auto const numbers = pack(learned.axes[d]);
    auto const size = static_cast<std::int64_t>(numbers.size()), mine = rank == 0 ? size : 0;
    checkpoint.write(name_of(d), {numbers.data(), static_cast<std::size_t>(mine)}, {{0}, {mine}}, {size});
  }
}

}  // namespace kroma::gp_pde
