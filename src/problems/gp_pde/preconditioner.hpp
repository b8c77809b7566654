#pragma once

#include <functional>
#include <vector>

#include "grid/layout.hpp"
#include "problems/gp_pde/axis_basis.hpp"
#include "problems/gp_pde/boundary.hpp"
#include "problems/gp_pde/equation.hpp"
#include "problems/gp_pde/kernels.hpp"
#include "problems/gp_pde/options.hpp"
#include "problems/gp_pde/well_posed.hpp"

namespace kroma::gp_pde {

/// How the unknown is scaled so that the operator becomes nearly orthogonal.
///   tau    elliptic, second order: by the root of the sum of the axes' squared second derivatives
///   ritz   elliptic: by the eigenvalues of the operator, summed from those of its parts along the axes
///   schur  anything: by solving with the operator's parts along the axes, in their Schur forms
enum class PreconditionerKind { tau, ritz, schur };

/// What suits the equation, which must be frozen: tau for second order without resonances or strong convection, ritz
/// for Helmholtz and fourth order, schur for first derivatives, time and waves. `asked` overrides it.
PreconditionerKind choose_preconditioner(Equation const& frozen, Character const& character,
                                         std::vector<grid::Axis> const& axes, PreconditionerName asked);

/// Whether the normal operator of this equation is known on the core: constant coefficients of a Laplacian's kind, and
/// tau. Conjugate gradients run there, LSQR on the grid elsewhere.
bool has_core_operator(PreconditionerKind kind, Equation const& equation);

/// What each axis's basis must have for the equation and this preconditioner.
std::vector<AxisSetting> axis_settings(Equation const& frozen, Boundary const& boundary, PreconditionerKind kind,
                                       int highest_order);

/// A linear map of the core to itself, and its transpose. Both may be collective.
struct Preconditioner {
  std::function<void(Space const&, ConstTensor, Tensor)> apply, apply_transposed;
};

/// The diagonal of tau, whose root divides: sum of squared coefficients times stiffness, and the square of the
/// reaction.
Diagonal tau_diagonal(Equation const& frozen, std::vector<AxisBasis> const& bases, grid::Layout const& core);
/// That of ritz, which divides itself: the operator's eigenvalues.
Diagonal ritz_diagonal(Equation const& frozen, std::vector<AxisBasis> const& bases, grid::Layout const& core);

/// Whether the operator can have the eigenvalue 0: an elliptic one whose reaction has the sign of its second
/// derivatives (Helmholtz).
bool can_resonate(Equation const& frozen, PreconditionerKind kind);
/// Smallest modulus of the eigenvalues, as the bases have them. For Helmholtz |k^2 - theta|: the error of u can exceed
/// the residual by its inverse. Bases made for ritz. Collective.
double resonance_distance(Equation const& frozen, std::vector<AxisBasis> const& bases, grid::Layout const& core);

Preconditioner make_preconditioner(PreconditionerKind kind, Equation const& frozen, std::vector<AxisBasis> const& bases,
                                   grid::Layout const& core);

}  // namespace kroma::gp_pde
