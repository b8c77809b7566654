#include "problems/gp_pde/collocation.hpp"

#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace kroma::gp_pde {
namespace {

using linalg::KroneckerSum;
using linalg::KroneckerTerm;
using linalg::to_device;

/// Extents of a product of axes, 1 where there is no axis.
template <class Size>
grid::Extents extents(std::vector<AxisBasis> const& bases, Size size) {
  grid::Extents n{1, 1, 1};
  for (std::size_t d = 0; d < bases.size(); ++d) n[d] = size(bases[d]);
  return n;
}

/// Per axis one device matrix; the identity where there is no axis.
template <class Choose>
std::array<Matrix, 3> factors(std::vector<AxisBasis> const& bases, Choose choose) {
  std::array<Matrix, 3> result;
  for (std::size_t d = 0; d < bases.size(); ++d) result[d] = to_device(choose(bases[d]));
  return result;
}

/// Derivatives along the axes as device matrices, each made once so that terms share it.
class DerivativeFactors {
 public:
  using Choose = HostMatrix (*)(AxisBasis const&, int order);
  DerivativeFactors(std::vector<AxisBasis> const& bases, Choose choose) : bases_{bases}, choose_{choose} {}

  Matrix operator()(int axis, int order) {
    auto const d = static_cast<std::size_t>(axis);
    if (d >= bases_.size()) return {};
    auto& matrix = made_[d][static_cast<std::size_t>(order)];
    if (matrix.data() == nullptr) matrix = to_device(choose_(bases_[d], order));
    return matrix;
  }

 private:
  std::vector<AxisBasis> const& bases_;
  Choose choose_;
  std::array<std::array<Matrix, kHighestOrder + 1>, 3> made_;
};

/// Off-diagonal part of A^T A: for two second derivatives Z2_k (x) Z_l and Z_k (x) Z2_l, with S = Z^T Z2 = H + K,
/// S_k^T S_l + S_k S_l^T = 2 (H_k H_l - K_k K_l); for a second derivative and the reaction, S + S^T = 2 H.
std::vector<KroneckerTerm> coupling_terms(Equation const& equation, std::vector<AxisBasis> const& bases) {
  auto const h = factors(bases, [](AxisBasis const& b) { return b.symmetric; });
  auto const k = factors(bases, [](AxisBasis const& b) { return b.antisymmetric; });
  std::vector<KroneckerTerm> terms;
  for (std::size_t d = 0; d < bases.size(); ++d) {
    double const a = equation.diffusion(static_cast<int>(d));
    for (std::size_t e = d + 1; e < bases.size(); ++e) {
      double const both = 2 * a * equation.diffusion(static_cast<int>(e));
      KroneckerTerm symmetric{both, {}}, antisymmetric{-both, {}};
      symmetric.factors[d] = h[d];
      symmetric.factors[e] = h[e];
      antisymmetric.factors[d] = k[d];
      antisymmetric.factors[e] = k[e];
      terms.push_back(symmetric);
      terms.push_back(antisymmetric);
    }
    if (equation.reaction() != 0.0) {
      KroneckerTerm screened{2 * a * equation.reaction(), {}};
      screened.factors[d] = h[d];
      terms.push_back(screened);
    }
  }
  return terms;
}

/// The same terms in single precision; factors that are one array stay one.
std::vector<linalg::KroneckerTermOf<float>> rounded(std::vector<KroneckerTerm> const& terms) {
  std::map<double const*, MatrixOf<float>> made;
  std::vector<linalg::KroneckerTermOf<float>> result;
  for (auto const& term : terms) {
    linalg::KroneckerTermOf<float> copy{term.coefficient, {}};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      auto const& factor = term.factors[axis];
      if (factor.data() == nullptr) continue;
      auto& single = made[factor.data()];
      if (single.data() == nullptr) {
        single = MatrixOf<float>{"gp_pde::single_factor", factor.extent(0), factor.extent(1)};
        Kokkos::deep_copy(single, factor);
      }
      copy.factors[axis] = single;
    }
    result.push_back(copy);
  }
  return result;
}

}  // namespace

Collocation::Collocation(MPI_Comm comm, Equation const& equation, std::vector<AxisBasis> const& bases,
                         PreconditionerKind kind, CorePrecision precision) {
  auto const r = extents(bases, [](AxisBasis const& b) { return b.size(); });
  auto const n = extents(bases, [](AxisBasis const& b) { return b.axis.size(); });
  auto const m = extents(bases, [](AxisBasis const& b) { return b.interior_size(); });
  core_ = {comm, m};
  PointSet nodes;
  std::vector<double> low, high;
  for (auto const& basis : bases) {
    nodes.push_back(basis.axis.nodes);
    low.push_back(basis.axis.low);
    high.push_back(basis.axis.high);
  }
  auto const constant = frozen(equation, low, high);
  auto const groups = weighted_groups(equation, nodes, comm);
  using Direction = GridOperator::Direction;
  auto const workspace = std::make_shared<Workspace>();  // none is applied inside another

  DerivativeFactors of_basis{bases, [](AxisBasis const& b, int order) { return b.derivatives[order]; }};
  operator_ = std::make_unique<GridOperator>(comm, r, n, groups, Direction::to_nodes, of_basis, workspace);
  auto tangents = groups;
  if (equation.nonlinear) {
    nonlinearity_ = std::make_unique<NodalNonlinearity>(comm, *equation.nonlinear, bases, workspace);
    tangents.insert(tangents.end(), nonlinearity_->groups().begin(), nonlinearity_->groups().end());
  }
  DerivativeFactors transposed{
      bases, [](AxisBasis const& b, int order) { return linalg::transposed(b.interior_derivatives[order]); }};
  adjoint_ = std::make_unique<GridOperator>(comm, m, n, tangents, Direction::from_nodes, transposed, workspace);
  expand_ = std::make_unique<KroneckerSum>(
      comm, m, r, std::vector<KroneckerTerm>{{1.0, factors(bases, [](AxisBasis const& b) { return b.interior; })}},
      workspace);

  preconditioner_ = make_preconditioner(kind, constant, bases, core_);
  core_work_ = linalg::make_tensor("gp_pde::core_work", core_);
  coefficient_work_ = linalg::make_tensor("gp_pde::coefficient_work", coefficients());
  if (has_core_operator(kind, equation)) {
    diagonal_ = tau_diagonal(constant, bases, core_);
    make_coupling(comm, coupling_terms(equation, bases), precision, workspace);
  } else {
    DerivativeFactors interior{bases, [](AxisBasis const& b, int order) { return b.interior_derivatives[order]; }};
    scaled_ = std::make_unique<GridOperator>(comm, m, n, tangents, Direction::to_nodes, interior, workspace);
  }
}

void Collocation::make_coupling(MPI_Comm comm, std::vector<KroneckerTerm> const& terms, CorePrecision precision,
                                std::shared_ptr<Workspace> const& workspace) {
  auto const& m = core_.extents();
  if (precision == CorePrecision::single) {
    single_ = std::make_unique<linalg::KroneckerSumOf<float>>(comm, m, m, rounded(terms), workspace);
    single_work_ = linalg::make_tensor_of<float>("gp_pde::single_work", core_);
    single_coupled_ = linalg::make_tensor_of<float>("gp_pde::single_coupled", core_);
  } else {
    coupling_ = std::make_unique<KroneckerSum>(comm, m, m, terms, workspace);
    coupled_ = linalg::make_tensor("gp_pde::coupled", core_);
  }
}

void Collocation::apply_operator(Space const& space, ConstTensor coefficients, Tensor grid) {
  operator_->apply(space, coefficients, grid);
}

void Collocation::apply_scaled(Space const& space, ConstTensor x, Tensor grid) {
  preconditioner_.apply(space, x, core_work_);
  if (scaled_) {
    scaled_->apply(space, core_work_, grid);
  } else {
    expand_->apply(space, core_work_, coefficient_work_);
    operator_->apply(space, coefficient_work_, grid);
  }
}

void Collocation::apply_scaled_adjoint(Space const& space, ConstTensor grid, Tensor core) {
  adjoint_->apply(space, grid, core_work_);
  preconditioner_.apply_transposed(space, core_work_, core);
}

void Collocation::apply_scaled_normal(Space const& space, ConstTensor x, Tensor y) {
  require(has_normal_operator(), "the normal operator is known for constant coefficients only");
  if (single_) {
    divide_by_root(space, diagonal_, x, single_work_);
    single_->apply(space, single_work_, single_coupled_);
    finish_normal_product(space, diagonal_, single_coupled_, x, y);
    return;
  }
  divide_by_root(space, diagonal_, x, core_work_);
  coupling_->apply(space, core_work_, coupled_);
  finish_normal_product(space, diagonal_, coupled_, core_work_, y);
}

void Collocation::add_core(Space const& space, ConstTensor x, Tensor coefficients) {
  preconditioner_.apply(space, x, core_work_);
  expand_->apply(space, core_work_, coefficient_work_);
  add(space, 1.0, coefficient_work_, coefficients);
}

linalg::Work Collocation::work() const {
  linalg::Work all;
  for (auto const* part : {&operator_, &adjoint_, &scaled_}) {
    if (*part) all += (*part)->work();
  }
  for (auto const* part : {&coupling_, &expand_}) {
    if (*part) all += (*part)->work();
  }
  if (single_) all += single_->work();
  return all;
}

double norm(Space const& space, MPI_Comm comm, ConstTensor x) {
  double mine = sum_of_squares(space, x), all = 0;
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, comm);
  return std::sqrt(all);
}

}  // namespace kroma::gp_pde
