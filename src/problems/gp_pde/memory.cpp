#include "problems/gp_pde/memory.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "linalg/kronecker.hpp"
#include "problems/gp_pde/grid_operator.hpp"
#include "problems/gp_pde/memory_axes.hpp"
#include "problems/gp_pde/posterior_results.hpp"
#include "problems/gp_pde/prior.hpp"
#include "problems/gp_pde/support.hpp"
#include "problems/gp_pde/verification.hpp"

namespace kroma::gp_pde {
namespace {

using linalg::KroneckerTerm;

constexpr double kNumber = sizeof(double);

/// What MPI-IO gathers on some ranks before it writes (Open MPI: at most; pages that it does not touch do not count).
constexpr double kWriteBuffers = 32.0 * (1 << 20);

double volume(grid::Extents const& n) { return static_cast<double>(n[0]) * n[1] * n[2]; }

/// Factors without a number in them: a factor's address is all that tells it from others.
class Shapes {
 public:
  explicit Shapes(std::size_t axes) : axes_{axes} {}

  /// The matrix (to, from) along an axis; `key` tells apart those of one axis.
  FactorOf factor(grid::Extents const& from, grid::Extents const& to) const {
    return [axes = axes_, from, to](int axis, int key) {
      auto const d = static_cast<std::size_t>(axis);
      if (d >= axes) return Matrix{};
      return Matrix(&marks[d][static_cast<std::size_t>(key)], static_cast<std::size_t>(to[d]),
                    static_cast<std::size_t>(from[d]));
    };
  }

 private:
  static inline std::array<std::array<double, 32>, 3> marks{};
  std::size_t axes_;
};

/// Bytes of tensors and workspaces on the fullest rank.
class Tensors {
 public:
  Tensors(std::array<int, 2> const& ranks, std::size_t axes)
      : layout_{grid::ProcessGrid{ranks, {0, 0}}, {1, 1, 1}}, shapes_{axes} {}

  grid::Layout layout(grid::Extents const& n) const { return layout_.resized(n); }
  double bytes(grid::Extents const& n) const { return kNumber * static_cast<double>(layout(n).local_size()); }
  template <class T = double>
  double workspace(grid::Extents const& from, grid::Extents const& to,
                   std::vector<linalg::KroneckerTermOf<T>> const& terms) const {
    return static_cast<double>(linalg::KroneckerPlan<T>{layout(from), to, terms}.footprint());
  }
  double workspace(grid::Extents const& from, grid::Extents const& to, std::vector<Term> const& terms) const {
    return workspace(from, to, kronecker_terms(terms, shapes_.factor(from, to)));
  }
  /// A function sampled at points: its values, and the arguments of one row of them.
  double sampled(grid::Extents const& n) const { return bytes(n) + 3 * kNumber * layout(n).count(1) * n[2]; }
  Shapes const& shapes() const { return shapes_; }

 private:
  grid::Layout layout_;
  Shapes shapes_;
};

/// The core operator's terms for all pairs of axes.
template <class T>
std::vector<linalg::KroneckerTermOf<T>> coupling_shapes(grid::Extents const& core, std::size_t axes) {
  static std::array<std::array<T, 2>, 3> marks{};
  std::vector<linalg::KroneckerTermOf<T>> terms;
  for (std::size_t d = 0; d < axes; ++d) {
    for (std::size_t e = d + 1; e < axes; ++e) {
      for (std::size_t part : {0, 1}) {  // symmetric, antisymmetric
        linalg::KroneckerTermOf<T> term;
        for (std::size_t axis : {d, e}) {
          auto const size = static_cast<std::size_t>(core[axis]);
          term.factors[axis] = MatrixOf<T>(&marks[axis][part], size, size);
        }
        terms.push_back(term);
      }
    }
  }
  return terms;
}

/// The stages of a run, in bytes on the fullest rank.
class Stages {
 public:
  explicit Stages(MemoryQuestion const& question)
      : q_{question},
        method_{choose_method(question.model, question.solver.preconditioner)},
        tensors_{question.ranks, question.model.axes.size()} {
    for (std::size_t d = 0; d < q_.model.axes.size(); ++d) {
      nodes_[d] = q_.model.axes[d].size();
      functions_[d] = q_.sizes.functions[d];
      core_[d] = std::max(1, functions_[d] - static_cast<int>(method_.settings[d].conditions.size()));
      error_[d] = error_points(q_.model.axes.size());
      check_[d] = std::min(nodes_[d], most_check_points(q_.model.axes.size()));
      axes_.push_back(axis_memory(q_, method_, d));
      kept_ += kNumber * axes_.back().kept;
      operators_ += kNumber * (axes_.back().operators + axes_.back().preconditioner);
      forming_ = std::max(forming_, kNumber * axes_.back().forming);
    }
    for (auto const& group : grouped(method_.equation.terms)) {
      groups_.push_back(group.terms);
      if (group.factor) ++weights_;
    }
    slots_ = slots_of(method_.equation);
    core_cg_ = has_core_operator(method_.kind, method_.equation);
  }

  MemoryPlan peak() const {
    double const source = grid();
    std::vector<std::pair<char const*, double>> const stages{
        {"set-up", std::max(detecting(), source + kNumber * learning_memory(q_))},
        {"bases", source + kNumber * making_bases(axes_, q_.ranks[0] * q_.ranks[1])},
        {"solve", source + std::max({system() + forming_, system() + lifting(), system() + workspace() + solving()})},
        {"check", source + system() + workspace() + checking()},
        {"output", kept_ + output()},
        {"posterior", kept_ + posterior()}};
    auto const* most = &stages.front();
    for (auto const& stage : stages) {
      if (stage.second > most->second) most = &stage;
    }
    return {most->second, most->first};
  }

 private:
  double grid() const { return tensors_.bytes(nodes_); }
  double coefficients() const { return tensors_.bytes(functions_); }
  double core() const { return tensors_.bytes(core_); }

  static int slots_of(Equation const& equation) {
    if (!equation.nonlinear) return 0;
    auto const& slopes = equation.nonlinear->slopes;
    return static_cast<int>(std::count_if(slopes.begin(), slopes.end(), [](auto const& s) { return s.has_value(); }));
  }

  /// The source, windows of all axes; for each axis the source with that axis whole and the products of some rows, or
  /// the data on the faces, which every rank has.
  double detecting() const {
    double windows = 0, turned = 0, faces = 0;
    for (std::size_t d = 0; d < q_.model.axes.size(); ++d) {
      windows += kNumber * axes_[d].windows;
      double const rows = std::min(kRowsAtOnce, window_frequencies(q_.model.axes[d]));
      double const matrices = 4 * kNumber * rows * nodes_[d];
      turned = std::max(turned, whole_axis(static_cast<int>(d), rows) + matrices);
      double const face = volume(nodes_) / nodes_[d] * static_cast<double>(conditions(d));
      faces = std::max(faces, kNumber * (2 * face + 3 * volume(nodes_) / nodes_[d]));
    }
    return std::max(tensors_.sampled(nodes_), grid() + windows + std::max(turned, faces));
  }

  /// Turning the source until an axis is whole, and two products of `rows` rows along it.
  double whole_axis(int axis, double rows) const {
    auto layout = tensors_.layout(nodes_);
    double held = 0, peak = 0;
    for (int side = 1; side >= 0 && axis <= layout.split()[static_cast<std::size_t>(side)]; --side) {
      auto const next = layout.moved(side, side + 1);
      if (layout.processes().ranks[static_cast<std::size_t>(side)] > 1) {
        double const fresh = kNumber * static_cast<double>(next.local_size());
        peak = std::max(peak, held + fresh + static_cast<double>(grid::Turn<double>::footprint(layout, side)));
        held = fresh;
      }
      layout = next;
    }
    double const products = 2 * kNumber * rows * static_cast<double>(layout.local_size()) /
                            layout.extents()[static_cast<std::size_t>(axis)];
    return std::max(peak, held + products);
  }

  std::size_t conditions(std::size_t axis) const { return method_.settings[axis].conditions.size(); }

  /// Bases, operators and vectors of a Collocation, with the coefficients.
  double system() const {
    double const work = core_cg_ && q_.solver.core_precision == CorePrecision::double_precision ? 2 : core_cg_ ? 2 : 1;
    return kept_ + operators_ + (weights_ + slots_) * grid() + 2 * coefficients() + work * core();
  }

  /// Data on the faces, which every rank has, and their coefficients.
  double lifting() const {
    double done = 0, most = 0;
    for (std::size_t d = 0; d < q_.model.axes.size(); ++d) {
      auto const count = static_cast<double>(conditions(d));
      done += count * volume(functions_) / functions_[d];
      most = std::max(most, 2 * count * volume(nodes_) / nodes_[d]);
    }
    return kNumber * (done + most);
  }

  /// Vectors of the iteration, and what a step of it takes for a moment.
  double solving() const {
    double vectors = grid() + 5 * core();  // residual; right-hand side, solution and three of PETSc's
    if (!core_cg_) vectors += 3 * grid();  // LSQR has right-hand sides on the grid, and two fewer on the core
    double moment = 0;
    if (method_.kind == PreconditionerKind::schur) moment = schur();
    if (slots_ > 0) moment = std::max(moment, coefficients() + (slots_ + 1) * grid());
    return vectors + moment;
  }

  /// Complex values twice; of the whole core where shared axes are coupled.
  double schur() const {
    bool gathers = false;
    for (std::size_t d = 0; d < std::min<std::size_t>(2, q_.model.axes.size()); ++d) {
      gathers = gathers || (q_.ranks[d] > 1 && !method_.settings[d].diagonal);
    }
    return gathers ? 5 * kNumber * volume(core_) + core() : 5 * core();
  }

  double largest_group(grid::Extents const& from, grid::Extents const& to) const {
    double most = 0;
    for (auto const& terms : groups_) most = std::max(most, tensors_.workspace(from, to, terms));
    return most;
  }

  /// What the operators of the system share.
  double workspace() const {
    bool const several = groups_.size() + static_cast<std::size_t>(slots_) > 1;
    double const weighted = weights_ + slots_ > 0 || several ? grid() : 0.0;
    double most =
        std::max(largest_group(functions_, nodes_) + (weights_ > 0 || groups_.size() > 1 ? grid() : 0.0),
                 largest_group(nodes_, core_) + (weights_ + slots_ > 0 ? grid() : 0.0) + (several ? core() : 0.0));
    if (!core_cg_) return std::max(most, largest_group(core_, nodes_) + weighted);
    auto const axes = q_.model.axes.size();
    return std::max(most, q_.solver.core_precision == CorePrecision::single
                              ? tensors_.workspace(core_, core_, coupling_shapes<float>(core_, axes))
                              : tensors_.workspace(core_, core_, coupling_shapes<double>(core_, axes)));
  }

  /// The left-hand side at points, at its peak and afterwards the sum alone.
  double left_side(Equation const& equation, grid::Extents const& points) const {
    double const values = tensors_.bytes(points);
    double most = 0;
    for (auto const& group : grouped(equation.terms)) {
      double const factor = group.factor ? tensors_.sampled(points) : 0.0;
      most = std::max(most, values + std::max(factor, tensors_.workspace(functions_, points, group.terms)));
    }
    if (int const slots = slots_of(equation); slots > 0) {
      most = std::max(most, slots * values + std::max(values, tensors_.workspace(functions_, points, {Term{}})));
    }
    return values + most;
  }

  /// Matrices of bases at points, on the host for a moment and where kernels run.
  double factors(grid::Extents const& points) const {
    double kept = 0, made = 0;
    for (std::size_t d = 0; d < q_.model.axes.size(); ++d) {
      kept += kNumber * points[d] * functions_[d];
      made = std::max(made, kNumber * points[d] * (q_.sizes.features[d] + functions_[d]));
    }
    return 2 * kept + made;
  }

  double checking() const { return tensors_.sampled(check_) + left_side(q_.model.equation, check_) + factors(check_); }

  bool writes(Field field) const {
    return std::find(q_.output.fields.begin(), q_.output.fields.end(), field) != q_.output.fields.end();
  }

  double output() const {
    double const u = grid() + tensors_.workspace(functions_, nodes_, {Term{}}) + factors(nodes_);
    double const writing = q_.ranks[0] > 1 ? std::min(kWriteBuffers, kNumber * volume(nodes_)) : 0.0;
    double most = 0;
    if (writes(Field::solution)) most = std::max(u, grid() + writing);
    if (writes(Field::error) && q_.model.exact) most = std::max({most, u, grid() + tensors_.sampled(nodes_)});
    if (writes(Field::residual)) {
      most =
          std::max({most, left_side(q_.model.equation, nodes_) + factors(nodes_), grid() + tensors_.sampled(nodes_)});
    }
    if (q_.model.exact) {
      double const evaluating = tensors_.workspace(functions_, error_, {Term{}}) + factors(error_);
      most = std::max(most, tensors_.bytes(error_) + std::max(evaluating, tensors_.sampled(error_)));
    }
    return coefficients() + most;
  }

  /// The left-hand side as the posterior has it: groups with and without a factor, and a slope for each slot.
  struct Observed {
    std::vector<std::vector<Term>> groups;
    int weights = 0;
    bool is_constant() const { return groups.size() == 1 && weights == 0; }
  };
  Observed observed() const {
    Observed all;
    for (auto const& group : grouped(q_.model.equation.terms)) {
      all.groups.push_back(group.terms);
      if (group.factor) ++all.weights;
    }
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      if (!q_.model.equation.nonlinear || !q_.model.equation.nonlinear->slopes[slot]) continue;
      all.groups.push_back({Term{1.0, orders_of_slot(slot), {}}});
      ++all.weights;
    }
    return all;
  }

  /// Variance and samples: factors and their products along the axes, the dense precision or the vectors of one sample.
  double posterior() const {
    if (!wants_posterior(q_.options, q_.output)) return 0;
    auto const seen = observed();
    double matrices = 0;
    for (std::size_t d = 0; d < q_.model.axes.size(); ++d) {
      std::set<int> orders{0};
      for (auto const& terms : seen.groups) {
        for (auto const& term : terms) orders.insert(term.orders[d]);
      }
      auto const count = static_cast<double>(orders.size());
      double const products = seen.is_constant() ? count * count * kNumber * core_[d] * core_[d] : 0;
      matrices += 3 * count * kNumber * nodes_[d] * core_[d] + products;  // on the host, and both ways on the device
    }
    double const whole = volume(core_);
    auto const asked = q_.options.uncertainty.method;
    bool const exact =
        asked == VarianceMethod::exact || (asked == VarianceMethod::automatic && whole <= kLargestExactCore);
    double const points = std::max(512.0, static_cast<double>(tensors_.layout(nodes_).count(1)) * nodes_[2]);
    double const kept = q_.options.uncertainty.keep * grid();
    double const dense = exact ? kNumber * whole * (whole + std::max(whole + points, 3 * points)) : 0;
    double const sample = exact && q_.options.uncertainty.keep == 0 ? 0 : 2 * grid() + 9 * core();
    double const weights = (seen.weights + (seen.is_constant() ? 0 : 1)) * grid();
    return coefficients() + matrices + weights + 2 * grid() + kept + posterior_workspace(seen) +
           std::max(dense, sample);
  }

  /// What the posterior's operators share, and that of the sum which makes the diagonal.
  double posterior_workspace(Observed const& seen) const {
    double most = tensors_.workspace(core_, nodes_, {Term{}});
    for (auto const& terms : seen.groups) {
      most = std::max({most, tensors_.workspace(core_, nodes_, terms) + (seen.is_constant() ? 0.0 : grid()),
                       tensors_.workspace(nodes_, core_, terms) + (seen.is_constant() ? 0.0 : grid() + core())});
    }
    if (seen.is_constant()) most = std::max(most, tensors_.workspace(core_, core_, pair_shapes(seen, core_)));
    return most;
  }

  std::vector<KroneckerTerm> pair_shapes(Observed const& seen, grid::Extents const& from) const {
    std::vector<KroneckerTerm> products;
    auto const factor = tensors_.shapes().factor(from, core_);
    for (auto const& a : seen.groups.front()) {
      for (auto const& b : seen.groups.front()) {
        KroneckerTerm term;
        for (int d = 0; d < 3; ++d) {
          auto const axis = static_cast<std::size_t>(d);
          term.factors[axis] = factor(d, 5 * a.orders[axis] + b.orders[axis]);
        }
        products.push_back(term);
      }
    }
    return products;
  }

  MemoryQuestion const& q_;
  Method method_;
  Tensors tensors_;
  grid::Extents nodes_{1, 1, 1}, functions_{1, 1, 1}, core_{1, 1, 1}, check_{1, 1, 1}, error_{1, 1, 1};
  std::vector<AxisMemory> axes_;
  double kept_ = 0, operators_ = 0, forming_ = 0;
  std::vector<std::vector<Term>> groups_;
  int weights_ = 0, slots_ = 0;  // tensors of factors, and of slopes of a nonlinearity
  bool core_cg_ = false;
};

}  // namespace

BasisSizes largest_bases(CovarianceOptions const& covariance, std::vector<grid::Axis> const& axes,
                         double basis_tolerance) {
  BasisSizes sizes;
  std::vector<AxisPrior> priors;
  if (!is_learned(covariance)) priors = make_priors(covariance, axes, {}, Widening::none, basis_tolerance);
  for (std::size_t d = 0; d < axes.size(); ++d) {
    int const all = 1 + 2 * static_cast<int>(2 * axes[d].length() * axes[d].nyquist() + 1e-9);
    int const columns = priors.empty() ? all : std::min(all, priors[d].features.columns());
    sizes.functions.push_back(std::min(most_functions(axes[d]), columns));
    sizes.features.push_back(columns);
  }
  return sizes;
}

BasisSizes sizes_of(std::vector<AxisBasis> const& bases) {
  BasisSizes sizes;
  for (auto const& basis : bases) {
    sizes.functions.push_back(basis.size());
    sizes.features.push_back(basis.features.columns());
  }
  return sizes;
}

MemoryPlan planned_memory(MemoryQuestion const& question) { return Stages{question}.peak(); }

}  // namespace kroma::gp_pde
