#include "problems/gp_pde/memory_axes.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "problems/gp_pde/learning.hpp"
#include "problems/gp_pde/prior.hpp"
#include "problems/gp_pde/support.hpp"

namespace kroma::gp_pde {
namespace {

/// Numbers that the singular value decomposition of an (m, n) matrix takes beside its argument: a copy, the vectors,
/// and inside LAPACKE the transposes of all three and the work array of dgesdd.
double decomposing(double m, double n) {
  double const k = std::min(m, n);
  return 2 * (m * n + m * k + k * n) + 4 * k * k;
}

/// Orders of derivatives along an axis that the terms have.
std::set<int> orders_along(std::vector<Term> const& terms, std::size_t axis) {
  std::set<int> orders;
  for (auto const& term : terms) orders.insert(term.orders[axis]);
  return orders;
}

/// One axis by the evidence of fibres: pairs of observations with the entries that share them, their jets, matrices.
double evidence_memory(CovarianceOptions const& covariance, grid::Axis const& axis) {
  double const n = static_cast<double>(most_fibre_nodes(axis)), components = covariance.most_components;
  double const pairs = axis.kind == grid::Nodes::uniform ? 2 * n : 0.5 * n * n;
  return pairs * (9 + 5 * components) + 3.5 * n * n;
}

/// The whole source, and the products of cosines and sines along one axis after another.
double whittle_memory(std::vector<grid::Axis> const& axes) {
  double before = 1, peak = 0;
  for (auto const& axis : axes) before *= axis.size();
  double const source = before;
  double copies = 1;
  for (auto const& axis : axes) {
    double const after = before * std::floor(1 + 0.95 * axis.nyquist() * axis.length()) / axis.size();
    peak = std::max(peak, copies * before + 2 * copies * after);
    copies *= 2;
    before = after;
  }
  return source + std::max(peak, (copies + 3) * before);
}

/// The published training: values, their gradient and the two means of Adam; matrices of each axis and of the grid.
double joint_memory(JointOptions const& joint, std::vector<grid::Axis> const& axes) {
  double grid = 1, matrices = 0;
  for (auto const& axis : axes) {
    double const n = axis.size();
    grid *= n;
    matrices += 4 * n * n + 10 * n * joint.components;
  }
  return 16 * grid + matrices;
}

}  // namespace

AxisMemory axis_memory(MemoryQuestion const& question, Method const& method, std::size_t axis) {
  auto const& setting = method.settings[axis];
  double const n = question.model.axes[axis].size(), r = question.sizes.functions[axis];
  double const c = question.sizes.features[axis], b = static_cast<double>(setting.conditions.size()), i = r - b;
  double const orders = std::max(2, setting.order) + 1;
  AxisMemory memory;
  memory.windows = 2 * n * window_frequencies(question.model.axes[axis]);
  memory.kept = c * r + orders * n * r + r * i + orders * n * i + 3 * i * i + 2 * b * r;
  bool const cut = question.sizes.functions[axis] == most_functions(question.model.axes[axis]);  // decomposed again
  double const truncating = n * c + decomposing(n, c) + (cut ? std::min(n, c) * (n + c) : 0);
  double const interior = c * r + orders * n * r + r * i + n * i + decomposing(n, i);
  memory.making = std::max({truncating, interior, memory.kept + n * i + 3 * i * i});

  auto const own = orders_along(method.equation.terms, axis);
  auto tangents = own;
  double slots = 0;
  if (method.equation.nonlinear) {
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      if (!method.equation.nonlinear->slopes[slot]) continue;
      tangents.insert(orders_of_slot(slot)[axis]);
      ++slots;
    }
  }
  bool const core = has_core_operator(method.kind, method.equation);
  memory.operators = static_cast<double>(own.size()) * n * r + slots * n * r + r * i +
                     static_cast<double>(tangents.size()) * n * i * (core ? 1 : 2);
  bool const single = core && question.solver.core_precision == CorePrecision::single;
  if (core && question.model.axes.size() > 1) memory.operators += (single ? 1 : 2) * i * i;
  if (method.kind == PreconditionerKind::schur && !setting.diagonal) {
    memory.preconditioner = 6 * i * i;  // complex vectors, form and adjoint
    memory.forming = 6 * i * i;
  }
  return memory;
}

double making_bases(std::vector<AxisMemory> const& axes, int ranks) {
  double peak = 0, all = 0;
  for (auto const& axis : axes) all += axis.kept;
  for (std::size_t first = 0; first < std::min<std::size_t>(static_cast<std::size_t>(ranks), axes.size()); ++first) {
    double before = 0;
    for (std::size_t d = first; d < axes.size(); d += static_cast<std::size_t>(ranks)) {
      peak = std::max(peak, before + axes[d].making);
      before += axes[d].kept;
    }
  }
  return std::max(peak, all);
}

double learning_memory(MemoryQuestion const& question) {
  auto const& covariance = question.options.covariance;
  auto const& axes = question.model.axes;
  double most = 0;
  switch (covariance.learning()) {
    case Learn::evidence:
      for (auto const& axis : axes) most = std::max(most, evidence_memory(covariance, axis));
      return most;
    case Learn::whittle:
      return whittle_memory(axes);
    case Learn::joint:
      return joint_memory(covariance.joint, axes);
    default:
      return 0;
  }
}

}  // namespace kroma::gp_pde
