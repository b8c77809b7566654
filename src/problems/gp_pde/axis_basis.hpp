#pragma once

#include <array>
#include <vector>

#include <mpi.h>

#include "core/space.hpp"
#include "grid/axis.hpp"
#include "problems/gp_pde/spectrum.hpp"

namespace kroma::gp_pde {

/// Highest derivative that a condition at an end may hold.
inline constexpr int kHighestInCondition = 3;

/// Left-hand side of a condition at one end of an axis: sum_p weights[p] d^p u / dx^p.
struct EndCondition {
  int side = 0;  // 0 low, 1 high
  std::array<double, kHighestInCondition + 1> weights{1.0, 0.0, 0.0, 0.0};
};

/// What a problem asks of an axis.
struct AxisSetting {
  std::vector<EndCondition> conditions{{0, {1.0, 0.0, 0.0, 0.0}}, {1, {1.0, 0.0, 0.0, 0.0}}};  // Dirichlet
  bool periodic = false;                                                                       // then no conditions
  int order = 2;                                                                               // highest derivative
  std::array<double, 5> operator_part{0.0, 0.0, 1.0, 0.0, 0.0};  // coefficient of each derivative along this axis alone
  bool diagonal = false;  // coordinates in which that operator is diagonal, not ones with orthogonal second derivatives
};

/// Everything the solver needs of one axis: n nodes, r basis functions, b conditions. Dense, on the host, the same bits
/// on all ranks. The weighted feature matrix diag(sqrt(weights)) F, whose square is the covariance matrix of the prior,
/// has the singular value decomposition Q diag(s) P^T; the basis are its left singular functions above a cut-off, which
/// for a flat band are discrete prolate functions (Slepian 1983). No inverse of a covariance appears: derivatives of
/// the basis come from those of the features (Adcock and Huybrechs 2019 on why truncation makes that stable). A
/// periodic axis has only features whose period is its length.
struct AxisBasis {
  grid::Axis axis;
  AxisSetting setting;
  Features features;
  HostMatrix from_features;  // (columns, r) P diag(1/s): basis functions in terms of features

  std::vector<HostMatrix> derivatives;  // [order] (n, r): derivative of the basis at the nodes times sqrt(weight)
  HostMatrix values;                    // (n, r) Q = derivatives[0]; orthonormal columns
  HostMatrix second;                    // (n, r) = derivatives[2]
  HostMatrix ends;                      // (b, r) left-hand sides of the conditions
  HostMatrix lifting;  // (r, b) smoothest functions that meet one condition each: min ||second c||, ends c = e_i

  // Functions that meet the homogeneous conditions, in the coordinates of the setting.
  HostMatrix interior;                           // (r, r-b) W: coefficients in the basis; orthonormal columns
  std::vector<HostMatrix> interior_derivatives;  // [order] (n, r-b) derivatives[order] W
  HostMatrix interior_values;                    // (n, r-b) Z = Q W
  HostMatrix interior_second;                    // (n, r-b) Z2 = second W; Z^T Z = I
  std::vector<double> stiffness;  // (r-b) ascending: Z2^T Z2 = diag(stiffness); or, where the setting says diagonal,
                                  // the eigenvalues of the symmetric part of `galerkin`
  HostMatrix symmetric, antisymmetric;  // (r-b, r-b) H, K: the parts of Z^T Z2
  HostMatrix galerkin;                  // (r-b, r-b) Z^T (operator_part of Z)

  int size() const { return values.extent_int(1); }
  int interior_size() const { return interior.extent_int(1); }
};

/// How a basis is cut off.
struct Truncation {
  double tolerance = 1e-12;  // singular values below this times the largest are dropped
  int largest = 0;           // no more functions than this: the highest frequencies go first
};

/// Not collective; throws bad_input when fewer than 3 functions remain.
AxisBasis make_axis_basis(grid::Axis const& axis, Features const& features, Truncation const& truncation,
                          AxisSetting const& setting = {});

/// The basis of every axis, axis d made on rank d modulo the number of ranks and sent to the others: rounding in a
/// decomposition may differ between processors, and a sign between ranks would corrupt the result. Without `settings`
/// every axis has Dirichlet conditions at both ends. Collective.
std::vector<AxisBasis> make_bases(MPI_Comm comm, std::vector<grid::Axis> const& axes,
                                  std::vector<Features> const& features, std::vector<Truncation> const& truncation,
                                  std::vector<AxisSetting> const& settings = {});

/// Derivative of any order of the basis functions at `points`: (number of points, r). Not weighted.
HostMatrix evaluate(AxisBasis const& basis, std::vector<double> const& points, int order);

/// Feature matrix (points, columns): cosines, then sines, times their deviations; differentiated `order` times.
HostMatrix feature_matrix(Features const& features, grid::Axis const& axis, std::vector<double> const& points,
                          int order);

}  // namespace kroma::gp_pde
