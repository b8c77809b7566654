#include "problems/gp_pde/posterior_precision.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "core/mix.hpp"
#include "linalg/dense.hpp"
#include "problems/gp_pde/kernels.hpp"
#include "problems/gp_pde/posterior_kernels.hpp"

namespace kroma::gp_pde {
namespace {

using linalg::KroneckerSum;
using linalg::KroneckerTerm;
using linalg::multiply;

double trace(HostMatrix a) {
  double sum = 0;
  for (std::size_t i = 0; i < a.extent(0); ++i) sum += a(i, i);
  return sum;
}

/// Scales columns of both to unit columns of the first.
void scale_to_unit_columns(HostMatrix a, HostMatrix b) {
  for (std::size_t j = 0; j < a.extent(1); ++j) {
    double squares = 0;
    for (std::size_t i = 0; i < a.extent(0); ++i) squares += a(i, j) * a(i, j);
    double const root = std::sqrt(squares);
    for (std::size_t i = 0; i < a.extent(0); ++i) a(i, j) /= root;
    for (std::size_t i = 0; i < b.extent(0); ++i) b(i, j) /= root;
  }
}

HostMatrix copy_of(HostMatrix a) { return linalg::rows(a, 0, a.extent_int(0)); }

/// A standard normal number for (seed, index) alone: splitmix64 twice, then Box and Muller.
double normal(std::uint64_t seed, std::uint64_t index) {
  auto const uniform = [&](std::uint64_t i) { return static_cast<double>(mix(mix(seed) + i) >> 11) * 0x1p-53; };
  return std::sqrt(-2 * std::log(1 - uniform(2 * index))) * std::cos(2 * std::numbers::pi * uniform(2 * index + 1));
}

Tensor white_noise(grid::Layout const& layout, std::uint64_t seed) {
  auto const tensor = linalg::make_tensor("gp_pde::noise", layout);
  auto const host = Kokkos::create_mirror_view(tensor);
  auto const n = layout.extents();
  for (int i = 0; i < host.extent_int(0); ++i) {
    for (int j = 0; j < host.extent_int(1); ++j) {
      auto const row = static_cast<std::uint64_t>(layout.begin(0) + i) * static_cast<std::uint64_t>(n[1]) +
                       static_cast<std::uint64_t>(layout.begin(1) + j);
      for (int k = 0; k < host.extent_int(2); ++k) {
        host(i, j, k) = normal(seed, row * static_cast<std::uint64_t>(n[2]) + static_cast<std::uint64_t>(k));
      }
    }
  }
  Kokkos::deep_copy(tensor, host);
  return tensor;
}

HostMatrix elementwise_product(HostMatrix a, HostMatrix b) {
  HostMatrix c{"gp_pde::elementwise", a.extent(0), a.extent(1)};
  for (std::size_t i = 0; i < a.extent(0); ++i) {
    for (std::size_t j = 0; j < a.extent(1); ++j) c(i, j) = a(i, j) * b(i, j);
  }
  return c;
}

/// All pairs of terms as Kronecker products, with factors `pair(axis, order of one, order of the other)` that are each
/// made once.
template <class Pair>
std::vector<KroneckerTerm> pairs(std::vector<Term> const& some, std::vector<Term> const& others, std::size_t axes,
                                 Pair pair) {
  std::map<std::tuple<std::size_t, int, int>, Matrix> made;
  std::vector<KroneckerTerm> products;
  for (auto const& a : some) {
    for (auto const& b : others) {
      KroneckerTerm product{a.coefficient * b.coefficient, {}};
      for (std::size_t d = 0; d < axes; ++d) {
        auto& found = made[{d, a.orders[d], b.orders[d]}];
        if (found.data() == nullptr) found = linalg::to_device(pair(d, a.orders[d], b.orders[d]));
        product.factors[d] = found;
      }
      products.push_back(product);
    }
  }
  return products;
}

}  // namespace

HostMatrix ConditionedAxis::evaluate(std::vector<double> const& points, int order) const {
  return multiply(feature_matrix(features, axis, points, order), to_features);
}

ConditionedAxis condition_on_ends(AxisBasis const& basis) {
  // The basis is the features' singular vectors; P, orthonormal, are their coordinates of unit prior variance.
  auto const unit = copy_of(basis.from_features), ends = copy_of(basis.ends);
  scale_to_unit_columns(unit, ends);
  ConditionedAxis result{basis.features, basis.axis, multiply(unit, linalg::null_space(ends))};
  auto const slopes = result.evaluate(basis.axis.nodes, 1), second = result.evaluate(basis.axis.nodes, 2);
  auto const k = multiply(slopes, slopes, true), r = multiply(second, second, true);
  double const k_trace = trace(k), r_trace = trace(r);
  HostMatrix both{"gp_pde::both", r.extent(0), r.extent(1)};
  for (std::size_t i = 0; i < r.extent(0); ++i) {
    for (std::size_t j = 0; j < r.extent(1); ++j) both(i, j) = k(i, j) / k_trace + 0.01 * r(i, j) / r_trace;
  }
  result.to_features = multiply(result.to_features, linalg::symmetric_eigen(both).vectors);
  return result;
}

PosteriorPrecision::PosteriorPrecision(MPI_Comm comm, std::vector<WeightedGroup> groups,
                                       std::vector<ConditionedAxis> axes, double noise)
    : comm_{comm}, groups_{std::move(groups)}, axes_{std::move(axes)}, inverse_noise_{1 / (noise * noise)} {
  grid::Extents core{1, 1, 1}, nodes{1, 1, 1};
  for (std::size_t d = 0; d < axes_.size(); ++d) {
    core[d] = axes_[d].size();
    nodes[d] = axes_[d].axis.size();
  }
  auto const workspace = std::make_shared<Workspace>();  // none is applied inside another
  auto const along = [&](bool transposed) {
    return [this, transposed](int d, int order) { return on_device(static_cast<std::size_t>(d), order, transposed); };
  };
  using Direction = GridOperator::Direction;
  observe_ = std::make_unique<GridOperator>(comm, core, nodes, groups_, Direction::to_nodes, along(false), workspace);
  adjoint_ = std::make_unique<GridOperator>(comm, core, nodes, groups_, Direction::from_nodes, along(true), workspace);
  evaluate_ = std::make_unique<KroneckerSum>(comm, core, nodes, kronecker_terms({Term{}}, along(false)), workspace);
  if (groups_.size() == 1 && groups_.front().weight.data() == nullptr) {
    auto const& terms = groups_.front().terms;
    normal_ = std::make_unique<KroneckerSum>(
        comm, core, core,
        pairs(terms, terms, axes_.size(),
              [this](std::size_t d, int p, int q) { return multiply(factor(d, p), factor(d, q), true); }),
        workspace);
  } else {
    observed_ = linalg::make_tensor("gp_pde::observed", this->nodes());
  }
  roots_ = inverse_roots();
}

HostMatrix PosteriorPrecision::factor(std::size_t d, int order) {
  auto& found = factors_[{d, order}];
  if (found.size() == 0) {
    if (d < axes_.size()) {
      found = axes_[d].evaluate(axes_[d].axis.nodes, order);
    } else {
      found = HostMatrix{"gp_pde::one", 1, 1};
      found(0, 0) = 1;
    }
  }
  return found;
}

Matrix PosteriorPrecision::on_device(std::size_t d, int order, bool transposed) {
  if (d >= axes_.size()) return {};
  auto& found = on_device_[{static_cast<int>(d), order, transposed ? 1 : 0}];
  if (found.data() == nullptr) {
    found = linalg::to_device(transposed ? linalg::transposed(factor(d, order)) : factor(d, order));
  }
  return found;
}

/// D_c = 1 + sum over nodes of (A_nc)^2 / noise^2: for every pair of groups, products of the factors' elementwise
/// products with the groups' weights.
Tensor PosteriorPrecision::inverse_roots() {
  Space const space;
  auto const squares = linalg::make_tensor("gp_pde::squares", core());
  auto const part = linalg::make_tensor("gp_pde::squares", core());
  auto const weights = linalg::make_tensor("gp_pde::weights", nodes());
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    for (std::size_t h = g; h < groups_.size(); ++h) {
      Kokkos::deep_copy(space, weights, g == h ? 1.0 : 2.0);
      for (std::size_t const i : {g, h}) {
        if (groups_[i].weight.data() != nullptr) multiply_by(space, groups_[i].weight, weights);
      }
      KroneckerSum sum{comm_, nodes().extents(), core().extents(),
                       pairs(groups_[g].terms, groups_[h].terms, axes_.size(), [this](std::size_t d, int p, int q) {
                         return linalg::transposed(elementwise_product(factor(d, p), factor(d, q)));
                       })};
      sum.apply(space, weights, part);
      add(space, inverse_noise_, part, squares);
    }
  }
  auto const host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, squares);
  for (std::size_t i = 0; i < host.size(); ++i) host.data()[i] = 1 / std::sqrt(1 + std::max(host.data()[i], 0.0));
  Kokkos::deep_copy(squares, host);
  return squares;
}

void PosteriorPrecision::apply_scaled(Space const& space, ConstTensor x, Tensor y) {
  auto const work = scaled(space, x);
  if (normal_) {
    normal_->apply(space, work, y);
  } else {
    observe_->apply(space, work, observed_);
    adjoint_->apply(space, observed_, y);
  }
  scale(space, inverse_noise_, y);
  add(space, 1.0, work, y);
  multiply_by(space, roots_, y);
}

Tensor PosteriorPrecision::scaled(Space const& space, ConstTensor x) const {
  auto const y = linalg::make_tensor("gp_pde::scaled", core());
  multiply(space, roots_, x, y);
  return y;
}

Tensor PosteriorPrecision::random_side(Space const& space, std::uint64_t seed) {
  auto const side = linalg::make_tensor("gp_pde::side", core());
  adjoint_->apply(space, white_noise(nodes(), 2 * seed), side);
  auto const prior = white_noise(core(), 2 * seed + 1);
  add(space, std::sqrt(inverse_noise_), side, prior);
  multiply_by(space, roots_, prior);
  return prior;
}

Tensor PosteriorPrecision::at_nodes(Space const& space, ConstTensor x) {
  auto const u = linalg::make_tensor("gp_pde::sample", nodes());
  evaluate_->apply(space, x, u);
  return u;
}

std::vector<std::array<int, 2>> PosteriorPrecision::blocks() const {
  constexpr int kPoints = 512;  // enough for products of matrices to be fast
  int const rows = nodes().count(0), points = std::max(1, nodes().count(1) * nodes().count(2));
  int const most = std::max(1, kPoints / points);
  std::vector<std::array<int, 2>> result;
  for (int first = 0; first < rows; first += most) result.push_back({first, std::min(most, rows - first)});
  return result;
}

/// (points of a block, N), zero.
HostMatrix PosteriorPrecision::rows_of(std::array<int, 2> block) const {
  std::size_t functions = 1, points = static_cast<std::size_t>(block[1]);
  for (int const m : core().extents()) functions *= static_cast<std::size_t>(m);
  for (int const axis : {1, 2}) points *= static_cast<std::size_t>(nodes().count(axis));
  return HostMatrix{"gp_pde::rows", points, functions};
}

/// rows += weight times the term's values at the nodes of a block that begins at local row `first`; an empty weight
/// stands for 1.
void PosteriorPrecision::add_rows(int first, Term const& term, HostTensor weight, HostMatrix rows) {
  auto const& layout = nodes();
  auto const a = factor(0, term.orders[0]), b = factor(1, term.orders[1]), c = factor(2, term.orders[2]);
  auto const n1 = static_cast<std::size_t>(layout.count(1)), n2 = static_cast<std::size_t>(layout.count(2));
  auto const x0 = static_cast<std::size_t>(layout.begin(0)), y0 = static_cast<std::size_t>(layout.begin(1));
  for (std::size_t point = 0; point < rows.extent(0); ++point) {
    auto const i = static_cast<std::size_t>(first) + point / (n1 * n2), j = point / n2 % n1, k = point % n2;
    double const factor = term.coefficient * (weight.data() != nullptr ? weight(i, j, k) : 1.0);
    std::size_t at = 0;
    for (std::size_t p = 0; p < a.extent(1); ++p) {
      for (std::size_t q = 0; q < b.extent(1); ++q) {
        double const ab = factor * a(x0 + i, p) * b(y0 + j, q);
        for (std::size_t r = 0; r < c.extent(1); ++r) rows(point, at++) += ab * c(k, r);
      }
    }
  }
}

HostMatrix PosteriorPrecision::values(std::array<int, 2> block) {
  auto const rows = rows_of(block);
  add_rows(block[0], Term{}, {}, rows);
  return rows;
}

HostMatrix PosteriorPrecision::dense() {
  std::vector<HostTensor> weights;
  for (auto const& group : groups_) {
    weights.emplace_back();
    if (group.weight.data() == nullptr) continue;
    weights.back() = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, group.weight);
  }
  auto const functions = rows_of({0, 0}).extent(1);
  HostMatrix all{"gp_pde::precision", functions, functions};
  for (auto const block : blocks()) {
    auto const rows = rows_of(block);
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (auto const& term : groups_[g].terms) add_rows(block[0], term, weights[g], rows);
    }
    auto const product = multiply(rows, rows, true);
    for (std::size_t i = 0; i < all.size(); ++i) all.data()[i] += inverse_noise_ * product.data()[i];
  }
  MPI_Allreduce(MPI_IN_PLACE, all.data(), static_cast<int>(all.size()), MPI_DOUBLE, MPI_SUM, comm_);
  for (std::size_t i = 0; i < functions; ++i) all(i, i) += 1;
  return all;
}

}  // namespace kroma::gp_pde
