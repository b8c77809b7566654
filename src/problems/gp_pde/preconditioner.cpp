#include "problems/gp_pde/preconditioner.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <memory>
#include <numbers>
#include <utility>

#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "linalg/sylvester.hpp"

namespace kroma::gp_pde {
namespace {

/// Coefficients of the derivatives along one axis alone.
std::array<double, 5> part_along(Equation const& equation, std::size_t axis) {
  std::array<double, 5> part{};
  for (auto const& term : equation.terms) {
    auto const order = static_cast<std::size_t>(term.orders[axis]);
    if (term.orders[0] + term.orders[1] + term.orders[2] == term.orders[axis]) part[order] += term.coefficient;
  }
  part[0] = 0;  // the unknown itself belongs to no axis
  return part;
}

/// The values of one axis that this rank needs, times a factor; {0} where there is no axis.
Vector axis_values(std::vector<AxisBasis> const& bases, std::size_t axis, double factor, grid::Layout const& core) {
  int const begin = core.begin(static_cast<int>(axis)), count = core.count(static_cast<int>(axis));
  Vector device{"gp_pde::axis_values", static_cast<std::size_t>(count)};
  auto const host = Kokkos::create_mirror_view(device);
  for (int i = 0; i < count; ++i) {
    host(i) = axis < bases.size() ? factor * bases[axis].stiffness[static_cast<std::size_t>(begin + i)] : 0.0;
  }
  Kokkos::deep_copy(device, host);
  return device;
}

/// Diagonal with `factor(axis)` times the axis's values.
template <class Factor>
Diagonal diagonal_of(std::vector<AxisBasis> const& bases, grid::Layout const& core, double shift, Factor factor) {
  return {axis_values(bases, 0, factor(0), core), axis_values(bases, 1, factor(1), core),
          axis_values(bases, 2, factor(2), core), shift};
}

/// Modulus of the operator at the lowest frequencies of the box: below it no part of the operator is smaller.
double lowest_symbol(Equation const& frozen, std::vector<AxisBasis> const& bases) {
  double sum = std::abs(frozen.reaction());
  for (std::size_t d = 0; d < bases.size(); ++d) {
    sum += axis_symbol(frozen, static_cast<int>(d), std::numbers::pi / bases[d].axis.length());
  }
  return sum;
}

using linalg::ComplexSchur;

/// Rank 0's Schur form on all ranks.
ComplexSchur shared_schur(MPI_Comm comm, HostMatrix galerkin) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  auto form = agreed(comm, [&] { return rank == 0 ? linalg::complex_schur(galerkin) : ComplexSchur{}; });
  form.size = galerkin.extent_int(0);
  for (auto* values : {&form.u, &form.s}) {
    auto const* const numbers = reinterpret_cast<double const*>(values->data());
    auto const all = linalg::broadcast(comm, 0, std::vector<double>(numbers, numbers + 2 * values->size()));
    values->resize(all.size() / 2);
    std::copy(all.begin(), all.end(), reinterpret_cast<double*>(values->data()));
  }
  return form;
}

/// Solves with the sum of the axes' Galerkin matrices. Where axes that ranks share out are coupled along themselves,
/// every rank solves for the whole core: that core is no longer than the axes' own matrices in two dimensions.
class SchurSolver {
 public:
  SchurSolver(std::vector<AxisBasis> const& bases, grid::Layout const& core, double shift, double floor)
      : core_{core}, gathers_{couples_shared_axes(bases, core)} {
    std::vector<linalg::SylvesterSum::AxisForm> forms(3);
    for (std::size_t d = 0; d < 3; ++d) {
      int const axis = static_cast<int>(d);
      if (d >= bases.size()) {
        forms[d].diagonal.assign(static_cast<std::size_t>(gathers_ ? 1 : core.count(axis)), 0.0);
      } else if (bases[d].setting.diagonal) {
        auto const begin = bases[d].stiffness.begin() + (gathers_ ? 0 : core.begin(axis));
        forms[d].diagonal.assign(begin, begin + (gathers_ ? core.extents()[d] : core.count(axis)));
      } else {
        forms[d].schur = shared_schur(core.comm(), bases[d].galerkin);
      }
    }
    solver_ = std::make_unique<linalg::SylvesterSum>(std::move(forms), shift, floor);
  }

  void apply(Space const& space, ConstTensor x, Tensor y, bool transposed) const {
    auto const mine = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, x);
    if (!gathers_) {
      HostTensor work{"gp_pde::schur", x.extent(0), x.extent(1), x.extent(2)};
      Kokkos::deep_copy(work, mine);
      solver_->solve(work, transposed);
      Kokkos::deep_copy(space, y, work);
      return;
    }
    auto const n = core_.extents();
    HostTensor all{"gp_pde::schur", static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]),
                   static_cast<std::size_t>(n[2])};
    auto const part = [&](int axis) {
      return std::pair<int, int>(core_.begin(axis), core_.begin(axis) + core_.count(axis));
    };
    auto const own = Kokkos::subview(all, part(0), part(1), part(2));
    Kokkos::deep_copy(own, mine);
    MPI_Allreduce(MPI_IN_PLACE, all.data(), static_cast<int>(all.size()), MPI_DOUBLE, MPI_SUM, core_.comm());
    solver_->solve(all, transposed);
    HostTensor packed{"gp_pde::schur_part", x.extent(0), x.extent(1), x.extent(2)};
    Kokkos::deep_copy(packed, own);
    Kokkos::deep_copy(space, y, packed);
  }

 private:
  static bool couples_shared_axes(std::vector<AxisBasis> const& bases, grid::Layout const& core) {
    for (std::size_t d = 0; d < std::min<std::size_t>(2, bases.size()); ++d) {
      if (core.processes().ranks[d] > 1 && !bases[d].setting.diagonal) return true;
    }
    return false;
  }

  grid::Layout core_;
  bool gathers_;
  std::unique_ptr<linalg::SylvesterSum> solver_;
};

}  // namespace

PreconditionerKind choose_preconditioner(Equation const& frozen, Character const& character,
                                         std::vector<grid::Axis> const& axes, PreconditionerName asked) {
  if (asked == PreconditionerName::schur || !character.elliptic) return PreconditionerKind::schur;
  bool const second = std::all_of(axes.begin(), axes.end(),
                                  [&](auto const& axis) { return character.order[&axis - axes.data()] == 2; });
  if (asked == PreconditionerName::tau && second) return PreconditionerKind::tau;
  if (asked != PreconditionerName::automatic || !second) return PreconditionerKind::ritz;
  for (std::size_t d = 0; d < axes.size(); ++d) {
    auto const part = part_along(frozen, d);
    // Cell number of the axis: convection outweighs diffusion at low frequencies.
    if (std::abs(part[1]) * axes[d].length() > 20 * std::abs(part[2])) return PreconditionerKind::schur;
  }
  bool const resonant = frozen.reaction() * frozen.diffusion(0) > 0;
  return resonant ? PreconditionerKind::ritz : PreconditionerKind::tau;
}

std::vector<AxisSetting> axis_settings(Equation const& frozen, Boundary const& boundary, PreconditionerKind kind,
                                       int highest_order) {
  std::vector<AxisSetting> settings;
  for (std::size_t d = 0; d < boundary.faces.size(); ++d) {
    AxisSetting setting;
    setting.conditions = boundary.end_conditions(d);
    setting.periodic = boundary.periodic[d];
    setting.order = highest_order;
    setting.operator_part = part_along(frozen, d);
    bool const symmetric = setting.operator_part[1] == 0.0 && setting.operator_part[3] == 0.0 &&
                           boundary.faces[d][0].size() == boundary.faces[d][1].size();
    setting.diagonal = kind == PreconditionerKind::ritz || (kind == PreconditionerKind::schur && symmetric);
    settings.push_back(setting);
  }
  return settings;
}

bool has_core_operator(PreconditionerKind kind, Equation const& equation) {
  return kind == PreconditionerKind::tau && equation.has_constant_coefficients() && equation.is_laplacian_like();
}

Diagonal tau_diagonal(Equation const& frozen, std::vector<AxisBasis> const& bases, grid::Layout const& core) {
  double const shift = frozen.reaction() * frozen.reaction(), lowest = lowest_symbol(frozen, bases);
  auto diagonal =
      diagonal_of(bases, core, shift, [&](int axis) { return frozen.diffusion(axis) * frozen.diffusion(axis); });
  diagonal.floor = 1e-2 * lowest * lowest;  // a constant that only the rest of the equation holds
  return diagonal;
}

Diagonal ritz_diagonal(Equation const& frozen, std::vector<AxisBasis> const& bases, grid::Layout const& core) {
  return diagonal_of(bases, core, frozen.reaction(), [](int) { return 1.0; });
}

bool can_resonate(Equation const& frozen, PreconditionerKind kind) {
  return kind == PreconditionerKind::ritz && frozen.reaction() * frozen.diffusion(0) > 0;
}

double resonance_distance(Equation const& frozen, std::vector<AxisBasis> const& bases, grid::Layout const& core) {
  auto const values = [&](std::size_t d) { return d < bases.size() ? bases[d].stiffness : std::vector<double>{0.0}; };
  auto const first = values(0), second = values(1), third = values(2);
  double mine = std::numeric_limits<double>::infinity(), all = 0;
  for (int i = core.begin(0); i < core.begin(0) + core.count(0); ++i) {
    for (double b : second) {
      for (double c : third) {
        mine = std::min(mine, std::abs(first[static_cast<std::size_t>(i)] + b + c + frozen.reaction()));
      }
    }
  }
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_MIN, core.comm());
  return all;
}

Preconditioner make_preconditioner(PreconditionerKind kind, Equation const& frozen, std::vector<AxisBasis> const& bases,
                                   grid::Layout const& core) {
  double const lowest = lowest_symbol(frozen, bases);
  if (kind == PreconditionerKind::tau) {
    auto diagonal = tau_diagonal(frozen, bases, core);
    auto const apply = [diagonal](Space const& space, ConstTensor x, Tensor y) {
      divide_by_root(space, diagonal, x, y);
    };
    return {apply, apply};
  }
  if (kind == PreconditionerKind::ritz) {
    auto const diagonal = ritz_diagonal(frozen, bases, core);
    double const floor = 1e-6 * lowest;
    auto const apply = [diagonal, floor](Space const& space, ConstTensor x, Tensor y) {
      divide_by(space, diagonal, floor, x, y);
    };
    return {apply, apply};
  }
  auto const solver = std::make_shared<SchurSolver>(bases, core, frozen.reaction(), 1e-6 * lowest);
  return {[solver](Space const& space, ConstTensor x, Tensor y) { solver->apply(space, x, y, false); },
          [solver](Space const& space, ConstTensor x, Tensor y) { solver->apply(space, x, y, true); }};
}

}  // namespace kroma::gp_pde
