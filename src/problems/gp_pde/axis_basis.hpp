#pragma once

#include <vector>

#include <mpi.h>

#include "core/space.hpp"
#include "grid/axis.hpp"
#include "problems/gp_pde/spectrum.hpp"

namespace kroma::gp_pde {

/// Everything the solver needs of one axis: n nodes, r basis functions. Dense, on the host, the same bits on all
/// ranks. The weighted feature matrix diag(sqrt(weights)) F, whose square is the covariance matrix of the prior, has
/// the singular value decomposition Q diag(s) P^T; the basis are its left singular functions above a cut-off, which
/// for a flat band are discrete prolate functions (Slepian 1983). No inverse of a covariance appears: derivatives of
/// the basis come from those of the features (Adcock and Huybrechs 2019 on why truncation makes that stable).
struct AxisBasis {
  grid::Axis axis;
  Features features;
  HostMatrix from_features;  // (columns, r) P diag(1/s): basis functions in terms of features

  HostMatrix values;   // (n, r) Q: basis at the nodes times sqrt(weight); orthonormal columns
  HostMatrix second;   // (n, r) their second derivatives times sqrt(weight)
  HostMatrix ends;     // (2, r) basis at low and high
  HostMatrix lifting;  // (r, 2) smoothest functions with ends (1, 0) and (0, 1): min ||second c||, ends c = e_i

  // Functions that vanish at both ends, in coordinates where their second derivatives are orthogonal.
  HostMatrix interior;                  // (r, r-2) W: coefficients in the basis; orthonormal columns
  HostMatrix interior_values;           // (n, r-2) Z = Q W
  HostMatrix interior_second;           // (n, r-2) Z2 = second W;  Z^T Z = I,  Z2^T Z2 = diag(stiffness)
  std::vector<double> stiffness;        // (r-2) ascending
  HostMatrix symmetric, antisymmetric;  // (r-2, r-2) H, K: the parts of Z^T Z2

  int size() const { return ends.extent_int(1); }
  int interior_size() const { return interior.extent_int(1); }
};

/// How a basis is cut off.
struct Truncation {
  double tolerance = 1e-12;  // singular values below this times the largest are dropped
  int largest = 0;           // no more functions than this: the highest frequencies go first
};

/// Not collective; throws bad_input when fewer than 3 functions remain.
AxisBasis make_axis_basis(grid::Axis const& axis, Features const& features, Truncation const& truncation);

/// The basis of every axis, axis d made on rank d modulo the number of ranks and sent to the others: rounding in a
/// decomposition may differ between processors, and a sign between ranks would corrupt the result. Collective.
std::vector<AxisBasis> make_bases(MPI_Comm comm, std::vector<grid::Axis> const& axes,
                                  std::vector<Features> const& features, std::vector<Truncation> const& truncation);

/// Derivative of order 0, 1 or 2 of the basis functions at `points`: (number of points, r). Not weighted.
HostMatrix evaluate(AxisBasis const& basis, std::vector<double> const& points, int order);

/// Feature matrix (points, columns): cosines, then sines, times their deviations; differentiated `order` times.
HostMatrix feature_matrix(Features const& features, grid::Axis const& axis, std::vector<double> const& points,
                          int order);

}  // namespace kroma::gp_pde
